// Order of a table: stable, empty values last in both directions, text as people sort it.
export type SortKey = number | string | null | undefined

type Sortable<Row> = { id: string; sort?: (row: Row) => SortKey }

/** `order` is a column's id, "-id" for descending, "" for the order given. Groups stay together in order of first appearance. */
export function sortRows<Row>(rows: readonly Row[], columns: Sortable<Row>[], order: string, groupOf?: (row: Row) => string): readonly Row[] {
  const isDown = order.startsWith('-')
  const key = columns.find((column) => column.id === order.replace(/^-/, ''))?.sort
  const sorted = key === undefined ? rows : rows.toSorted((a, b) => compare(key(a), key(b), isDown))
  if (groupOf === undefined) return sorted
  const groups = Map.groupBy(sorted, groupOf)
  const names = [...new Set(rows.map(groupOf))]
  return names.flatMap((name) => groups.get(name) ?? [])
}

function compare(a: SortKey, b: SortKey, isDown: boolean): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1
  if (b === null || b === undefined) return -1
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true })
  return isDown ? -order : order
}
