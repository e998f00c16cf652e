// Which names of dead letters of no known type lead to a page of their own.

export type NameCount = { type: string; count: number }

/** What a type may be called; letters without a type call themselves "unknown". */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** The commonest `most` names that a type could have; `more` counts the names left out. */
export function listNames(types: readonly NameCount[], most: number): { named: NameCount[]; more: number } {
  const possible = types.filter(({ type }) => type !== 'unknown' && NAME.test(type)).toSorted((a, b) => b.count - a.count)
  return { named: possible.slice(0, most), more: Math.max(0, possible.length - most) }
}
