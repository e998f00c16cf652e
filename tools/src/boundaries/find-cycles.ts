// Import cycles: strongly connected components of the graph of files (Tarjan 1972), types included.

/** Each cycle as the files of one component, sorted; a file that imports itself counts. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const onStack = new Set<string>()
  const stack: string[] = []
  const cycles: string[][] = []

  const visit = (start: string): void => {
    const path: { node: string; next: number }[] = [{ node: start, next: 0 }]
    open(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = (graph.get(top.node) ?? [])[top.next]
      top.next += 1
      if (target === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent !== undefined) lower(parent.node, low.get(top.node) ?? 0)
        close(top.node)
      } else if (!index.has(target)) {
        open(target)
        path.push({ node: target, next: 0 })
      } else if (onStack.has(target)) lower(top.node, index.get(target) ?? 0)
    }
  }
  const open = (node: string): void => {
    low.set(node, index.size)
    index.set(node, index.size)
    stack.push(node)
    onStack.add(node)
  }
  const lower = (node: string, value: number): void => {
    low.set(node, Math.min(low.get(node) ?? value, value))
  }
  const close = (node: string): void => {
    if (low.get(node) !== index.get(node)) return
    const component = stack.splice(stack.indexOf(node))
    for (const member of component) onStack.delete(member)
    if (component.length > 1 || (graph.get(node) ?? []).includes(node)) cycles.push(component.toSorted())
  }
  for (const node of graph.keys()) if (!index.has(node)) visit(node)
  return cycles
}
