// Sorting by the indexed value of one or more fields.
import type { SearchTerms } from './search-terms.ts'

export type OrderField = { field: string; order: 'asc' | 'desc' }

/** Values are compared in lower case. `missing`: entities without the first field are left out, or come last. */
export function orderBy<T extends { ref: string; terms: SearchTerms }>(items: readonly T[], fields: readonly OrderField[], missing: 'drop' | 'last'): T[] {
  const keyed = items.map((item) => ({ item, keys: fields.map(({ field }) => item.terms.get(field.toLowerCase())?.find((value) => value !== null)?.toLowerCase()) }))
  const kept = missing === 'drop' && fields.length > 0 ? keyed.filter(({ keys }) => keys[0] !== undefined) : keyed
  return kept
    .sort((a, b) => {
      for (const [index, { order }] of fields.entries()) {
        const [left, right] = [a.keys[index], b.keys[index]]
        if (left === right) continue
        if (left === undefined) return 1
        if (right === undefined) return -1
        return (left < right ? -1 : 1) * (order === 'desc' ? -1 : 1)
      }
      return a.item.ref < b.item.ref ? -1 : a.item.ref > b.item.ref ? 1 : 0
    })
    .map(({ item }) => item)
}
