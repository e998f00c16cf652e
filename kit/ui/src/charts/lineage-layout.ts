// Places a directed graph in columns from left to right: longest path first, then neighbours close to each other.

export type LayoutNode = { id: string }
export type LayoutEdge = { from: string; to: string }
export type Placed = { column: number; row: number; x: number; y: number }
export type Layout = { places: Map<string, Placed>; width: number; height: number }

export const NODE = { width: 186, height: 58, gapX: 50, gapY: 16 }

/** `top` begins every column at the top, for windows that do not show the tallest. Cycles are cut where they are met. Sweeps of the median heuristic order each column. Coordinates are px of each node's top left corner. */
export function layoutLineage(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], align: 'middle' | 'top' = 'middle'): Layout {
  const ids = new Set(nodes.map((node) => node.id))
  const known = edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to) && edge.from !== edge.to)
  const inputs = Map.groupBy(known, (edge) => edge.to)
  const outputs = Map.groupBy(known, (edge) => edge.from)
  const column = new Map<string, number>()
  const depthOf = (id: string, above: Set<string>): number => {
    const done = column.get(id)
    if (done !== undefined) return done
    if (above.has(id)) return 0
    const next = new Set(above).add(id)
    const depth = Math.max(-1, ...(inputs.get(id) ?? []).map((edge) => depthOf(edge.from, next))) + 1
    column.set(id, depth)
    return depth
  }
  for (const node of nodes) depthOf(node.id, new Set())
  const columns: string[][] = []
  for (const node of nodes) (columns[column.get(node.id) ?? 0] ??= []).push(node.id)
  for (let index = 0; index < columns.length; index++) columns[index] ??= []
  for (let sweep = 0; sweep < 6; sweep++) {
    const forward = sweep % 2 === 0
    const order = forward ? columns.slice(1) : columns.slice(0, -1).toReversed()
    const rank = ranks(columns)
    for (const ids of order) {
      const centre = (id: string): number => median((forward ? inputs : outputs).get(id)?.map((edge) => rank.get(forward ? edge.from : edge.to) ?? 0) ?? []) ?? rank.get(id) ?? 0
      const centres = new Map(ids.map((id) => [id, centre(id)]))
      ids.sort((a, b) => (centres.get(a) ?? 0) - (centres.get(b) ?? 0))
      for (const [id, at] of ranks([ids])) rank.set(id, at)
    }
  }
  const tallest = Math.max(1, ...columns.map((ids) => ids.length))
  const pitch = NODE.height + NODE.gapY
  const places = new Map<string, Placed>()
  columns.forEach((ids, at) => {
    const top = align === 'top' ? 0 : ((tallest - ids.length) * pitch) / 2
    ids.forEach((id, row) => places.set(id, { column: at, row, x: at * (NODE.width + NODE.gapX), y: top + row * pitch }))
  })
  return { places, width: Math.max(NODE.width, columns.length * (NODE.width + NODE.gapX) - NODE.gapX), height: tallest * pitch - NODE.gapY }
}

/** Position within the column, 0 to 1, so that columns of different length compare. */
function ranks(columns: string[][]): Map<string, number> {
  return new Map(columns.flatMap((ids) => ids.map((id, row) => [id, (row + 0.5) / ids.length] as const)))
}

function median(values: number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2
}
