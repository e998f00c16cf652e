// Backstage's filter parameters:  filter=kind=component,spec.type=service&filter=kind=api
// Parameters are alternatives; within one, keys must all match, and a key given twice matches either value.
import type { SearchTerms } from './search-terms.ts'

/** Lower case. Null: the key must be there, with any value. */
export type FilterKey = { key: string; values: string[] | null }
export type EntityFilter = FilterKey[][]

/** No parameters: everything matches. Throws an Error that names the part that cannot be read. */
export function parseFilter(params: readonly string[]): EntityFilter {
  return params.filter((param) => param.trim() !== '').map(parseOne)
}

export function matchesFilter(terms: SearchTerms, filter: EntityFilter): boolean {
  return filter.length === 0 || filter.some((keys) => keys.every((key) => matchesKey(terms, key)))
}

function parseOne(param: string): FilterKey[] {
  const keys = new Map<string, FilterKey>()
  for (const part of param.split(',').map((text) => text.trim())) {
    if (part === '') continue
    const at = part.indexOf('=')
    const key = (at === -1 ? part : part.slice(0, at)).trim().toLowerCase()
    if (key === '') throw new Error(`Invalid filter, '${part}' is not a valid statement (expected a string on the form a=b or a= or a)`)
    const found = keys.get(key) ?? { key, values: null }
    if (at !== -1) found.values = [...(found.values ?? []), part.slice(at + 1).trim().toLowerCase()]
    keys.set(key, found)
  }
  return [...keys.values()]
}

function matchesKey(terms: SearchTerms, { key, values }: FilterKey): boolean {
  const present = terms.get(key)
  if (present === undefined) return false
  return values === null || present.some((value) => value !== null && values.includes(value.toLowerCase()))
}
