// Which columns the Parquet buckets of an event type have: the envelope, then one for each property of its schemas.
import { isRecord } from '@rondo/contract'

export type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'timestamp' | 'json'
export type Personal = 'none' | 'narrow' | 'strict'

export type BucketColumn = {
  name: string
  type: ColumnType
  personal: Personal
  /** The property it holds; undefined for the envelope. */
  property: string | undefined
}

const ENVELOPE: BucketColumn[] = [
  { name: 'id', type: 'string', personal: 'none', property: undefined },
  { name: 'userId', type: 'string', personal: 'narrow', property: undefined },
  { name: 'anonymousId', type: 'string', personal: 'narrow', property: undefined },
  { name: 'occurredAt', type: 'timestamp', personal: 'none', property: undefined },
  { name: 'receivedAt', type: 'timestamp', personal: 'none', property: undefined },
  { name: 'late', type: 'boolean', personal: 'none', property: undefined },
  { name: 'context', type: 'json', personal: 'narrow', property: undefined },
]

/** What is personal in a row and not in the clear: sealed bytes, and the id of the key. They stand behind all columns, and only in files with such rows. */
export const SEALED = '_sealed'
export const SEALED_BY = '_sealedBy'

/** Properties that the schema does not name, as one JSON object; there only when the schema lets them in. */
export const UNNAMED = 'properties'

/**
 * The union over the schemas of all models, in order of first mention. A property of one name but different types becomes JSON text.
 * SQL engines compare names without case: what clashes with another column gets the prefix `properties_`.
 */
export function findColumns(schemas: Record<string, unknown>[]): BucketColumn[] {
  const columns = [...ENVELOPE]
  const taken = new Set([...columns.map((column) => column.name), SEALED, SEALED_BY].map((name) => name.toLowerCase()))
  const byProperty = new Map<string, BucketColumn>()
  let open = false
  for (const schema of schemas) {
    open ||= schema['additionalProperties'] !== false
    for (const [property, field] of Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>)) {
      const type = toColumnType(field)
      const known = byProperty.get(property)
      if (known !== undefined) {
        if (known.type !== type) known.type = 'json'
        known.personal = stricter(known.personal, findPersonal(field))
        continue
      }
      let name = property
      while (taken.has(name.toLowerCase()) || name.toLowerCase() === UNNAMED) name = `properties_${name}`
      taken.add(name.toLowerCase())
      const column: BucketColumn = { name, type, personal: findPersonal(field), property }
      byProperty.set(property, column)
      columns.push(column)
    }
  }
  if (open) columns.push({ name: UNNAMED, type: 'json', personal: 'strict', property: undefined })
  return columns
}

/** The strictest of a field and everything within it. */
function findPersonal(field: Record<string, unknown>): Personal {
  let found = (field['personal'] as Personal | undefined) ?? 'strict'
  const items = field['items']
  const inner = Object.values((field['properties'] ?? {}) as Record<string, Record<string, unknown>>).map(findPersonal)
  // Items of a list need not say so themselves.
  if (isRecord(items)) inner.push(findPersonal({ personal: 'none', ...items }))
  for (const one of inner) found = stricter(found, one)
  return found
}

function stricter(a: Personal, b: Personal): Personal {
  return a === 'strict' || b === 'strict' ? 'strict' : a === 'narrow' || b === 'narrow' ? 'narrow' : 'none'
}

function toColumnType(field: Record<string, unknown>): ColumnType {
  const type = withoutNull(field['type'])
  if (type === 'string' || type === 'integer' || type === 'number' || type === 'boolean') return type
  const values = field['enum'] ?? (field['const'] === undefined ? undefined : [field['const']])
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? 'string' : 'json'
}

/** Every column takes null: `["string", "null"]` is a text. */
function withoutNull(type: unknown): unknown {
  if (!Array.isArray(type)) return type
  const others = type.filter((one) => one !== 'null')
  return others.length === 1 ? others[0] : undefined
}
