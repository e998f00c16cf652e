// From what was sealed of an event to the value of one column, as text.

/** As the events room seals it: personal properties, and the whole context. */
export type PersonalPart = { p?: Record<string, unknown>; c?: Record<string, unknown> }

const PREFIX = 'properties_'
const UNNAMED = 'properties'

/** `names`: of all columns. A property that clashes with a column of the envelope has the prefix `properties_`; those without a column are together in `properties`. */
export function findPersonalValue({ p, c }: PersonalPart, column: string, names: ReadonlySet<string>): string | null {
  if (column === 'context') return c === undefined ? null : JSON.stringify(c)
  if (p === undefined) return null
  if (column === UNNAMED && !Object.hasOwn(p, UNNAMED)) {
    const rest = Object.entries(p).filter(([name]) => !names.has(name) && !names.has(PREFIX + name))
    return rest.length === 0 ? null : JSON.stringify(Object.fromEntries(rest))
  }
  const value = Object.hasOwn(p, column) && !names.has(PREFIX + column) ? p[column] : column.startsWith(PREFIX) ? p[column.slice(PREFIX.length)] : undefined
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value)
}
