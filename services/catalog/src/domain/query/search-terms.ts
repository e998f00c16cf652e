// An entity as flat terms, the way Backstage indexes it: keys and values in lower case, lists transparent.
import type { Entity } from '../entity.ts'

/** key → values as written (compared in lower case). A null value: the field is there, but holds nothing comparable. */
export type SearchTerms = Map<string, (string | null)[]>

const longestValue = 200
/** Fields that are indexed by hand, or not at all. */
const skipped = new Set(['attachments', 'relations', 'status', 'metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.etag'])

/** A list of texts gives each text under the list's key, and `true` under `<key>.<text>`. */
export function toSearchTerms(entity: Entity): SearchTerms {
  const terms: SearchTerms = new Map()
  const add = (key: string, value: string | null): void => {
    const lower = key.toLowerCase()
    const values = terms.get(lower)
    if (values === undefined) terms.set(lower, [value])
    else if (!values.includes(value)) values.push(value)
  }
  const visit = (key: string, value: unknown): void => {
    if (skipped.has(key)) return
    if (value === null || value === undefined) add(key, null)
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      const text = String(value)
      add(key, text.length <= longestValue ? text : null)
    } else if (Array.isArray(value)) {
      for (const one of value as unknown[]) {
        visit(key, one)
        if (typeof one === 'string') add(`${key}.${one}`, 'true')
      }
    } else if (typeof value === 'object') {
      for (const [name, one] of Object.entries(value)) visit(key === '' ? name : `${key}.${name}`, one)
    }
  }
  visit('', entity)
  add('metadata.name', entity.metadata.name)
  add('metadata.namespace', entity.metadata.namespace ?? 'default')
  add('metadata.uid', entity.metadata.uid ?? null)
  for (const relation of entity.relations ?? []) add(`relations.${relation.type}`, relation.targetRef)
  return terms
}
