// Pages of entities in Backstage's way: filter, predicate, full text, order, and cursors that carry the whole question.
import type { CatalogEntry, CatalogIndex } from '../catalog-index.ts'
import { matchesFilter, parseFilter } from './filter.ts'
import type { OrderField } from './order.ts'
import { parsePredicate } from './predicate.ts'

export type EntityQuestion = {
  /** Each is one `filter` parameter. */
  filter: string[]
  query?: unknown
  orderFields: OrderField[]
  fullText?: { term: string; fields?: string[] }
  offset: number
  limit: number
}

export const DEFAULT_PAGE = 200

export type EntityPage = { entries: CatalogEntry[]; total: number; next: EntityQuestion | undefined; previous: EntityQuestion | undefined }

/** `missing` as in `orderBy`. Throws an Error for a filter or query that cannot be read. */
export function queryEntities(index: CatalogIndex, question: EntityQuestion, missing: 'drop' | 'last'): EntityPage {
  const filter = parseFilter(question.filter)
  const predicate = question.query === undefined ? undefined : parsePredicate(question.query)
  const ordered = index.inOrder(question.orderFields, missing).filter(({ terms }) => matchesFilter(terms, filter) && (predicate === undefined || predicate(terms)) && matchesText(terms, question))
  const { offset, limit } = question
  return {
    entries: ordered.slice(offset, offset + limit),
    total: ordered.length,
    next: offset + limit < ordered.length && limit > 0 ? { ...question, offset: offset + limit } : undefined,
    previous: offset > 0 ? { ...question, offset: Math.max(0, offset - limit) } : undefined,
  }
}

/** Without fields the text is looked for in the field that orders, and without that in the uid, as Backstage does. */
function matchesText(terms: CatalogEntry['terms'], { fullText, orderFields }: EntityQuestion): boolean {
  const term = fullText?.term.trim().toLowerCase() ?? ''
  if (term === '') return true
  const fields = fullText?.fields?.length ? fullText.fields : [orderFields[0]?.field ?? 'metadata.uid']
  return fields.some((field) => terms.get(field.toLowerCase())?.some((value) => value?.toLowerCase().includes(term)) === true)
}

/** How often each value of a field occurs, as written. */
export function countFacets(entries: readonly CatalogEntry[], facets: readonly string[]): Record<string, { value: string; count: number }[]> {
  return Object.fromEntries(
    facets.map((facet) => {
      const counts = new Map<string, number>()
      for (const { terms } of entries) for (const value of terms.get(facet.toLowerCase()) ?? []) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
      return [facet, [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => (a.value < b.value ? -1 : 1))]
    }),
  )
}
