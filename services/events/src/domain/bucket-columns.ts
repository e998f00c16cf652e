// Which columns the Parquet buckets of an event type have: the envelope, then one for each property of its schemas.

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

/** Properties that the schema does not name, as one JSON object; there only when the schema lets them in. */
export const UNNAMED = 'properties'

/**
 * The union over the schemas of all models, in order of first mention. A property of one name but different types becomes JSON text.
 * SQL engines compare names without case: what clashes with another column gets the prefix `properties_`.
 */
export function findColumns(schemas: Record<string, unknown>[]): BucketColumn[] {
  const columns = [...ENVELOPE]
  const taken = new Set(columns.map((column) => column.name.toLowerCase()))
  const byProperty = new Map<string, BucketColumn>()
  let open = false
  for (const schema of schemas) {
    open ||= schema['additionalProperties'] !== false
    for (const [property, field] of Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>)) {
      const type = toColumnType(field)
      const known = byProperty.get(property)
      if (known !== undefined) {
        if (known.type !== type) known.type = 'json'
        continue
      }
      let name = property
      while (taken.has(name.toLowerCase()) || name.toLowerCase() === UNNAMED) name = `properties_${name}`
      taken.add(name.toLowerCase())
      const column: BucketColumn = { name, type, personal: (field['personal'] as Personal | undefined) ?? 'strict', property }
      byProperty.set(property, column)
      columns.push(column)
    }
  }
  if (open) columns.push({ name: UNNAMED, type: 'json', personal: 'strict', property: undefined })
  return columns
}

function toColumnType(field: Record<string, unknown>): ColumnType {
  const type = field['type']
  if (type === 'string' || type === 'integer' || type === 'number' || type === 'boolean') return type
  const values = field['enum'] ?? (field['const'] === undefined ? undefined : [field['const']])
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? 'string' : 'json'
}
