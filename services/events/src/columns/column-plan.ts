// How the columns of a stream become the JSON of events of one type: what is written in every row, and which column follows with which checks.
import type { EventType } from '../domain/event-type.ts'
import type { FlatField } from '../domain/flat-schema.ts'
import type { ArrowField } from './arrow-types.ts'

export type ColumnRole = 'property' | 'id' | 'userId' | 'anonymousId' | 'occurredAt'

export type Segment =
  /** In every row; `opening`: the first property follows, without its comma. */
  | { prefix: string; opening?: true }
  | ColumnSegment

/** `field`: what the values must fit; undefined for a column that may have none. `at`: its place in the stream. */
export type ColumnSegment = { prefix: string; at: number; role: ColumnRole; required: boolean; field: FlatField | undefined }

/** Columns that are no properties. A property of such a name is written with the prefix below, as in buckets. */
export const ENVELOPE = ['id', 'type', 'version', 'occurredAt', 'sentAt', 'userId', 'anonymousId', 'context']
const CLASH_PREFIX = 'properties_'

/** The property that a column holds; undefined for one of the envelope. */
export function findProperty(column: string): string | undefined {
  if (ENVELOPE.includes(column)) return undefined
  const rest = column.startsWith(CLASH_PREFIX) ? column.slice(CLASH_PREFIX.length) : ''
  return ENVELOPE.includes(rest) ? rest : column
}

/** Undefined where no row can be checked by column: the schema has no flat form, or a required field has no column. */
export function planColumns(fields: ArrowField[], type: EventType): Segment[] | undefined {
  const { flat } = type.current
  const idAt = fields.findIndex(({ name }) => name === 'id')
  if (flat === undefined || idAt < 0) return undefined
  const segments: Segment[] = [{ prefix: '{"id":', at: idAt, role: 'id', required: true, field: undefined }, { prefix: `,"type":${JSON.stringify(type.name)}` }]
  const versionAt = fields.findIndex(({ name }) => name === 'version')
  const version: FlatField = { name: 'version', kind: 'string', minimum: 1, maximum: Infinity, oneOf: [Buffer.from(`"${type.current.version}"`)] }
  if (versionAt >= 0) segments.push({ prefix: ',"version":', at: versionAt, role: 'property', required: false, field: version })
  for (const role of ['occurredAt', 'userId', 'anonymousId'] as const) {
    const at = fields.findIndex(({ name }) => name === role)
    if (at >= 0) segments.push({ prefix: `,"${role}":`, at, role, required: false, field: undefined })
  }
  // Values there need the careful path.
  for (const [at, { name }] of fields.entries()) if (name === 'sentAt' || name === 'context') segments.push({ prefix: '', at, role: 'property', required: false, field: undefined })
  segments.push({ prefix: ',"properties":{', opening: true })
  let missing = flat.required
  for (const [at, { name }] of fields.entries()) {
    const property = findProperty(name)
    if (property === undefined) continue
    const index = flat.fields.findIndex((field) => field.name === property)
    if (index >= 0) missing &= ~(1 << index)
    segments.push({ prefix: `,${JSON.stringify(property)}:`, at, role: 'property', required: index >= 0 && (flat.required & (1 << index)) !== 0, field: flat.fields[index] })
  }
  if (missing !== 0) return undefined
  segments.push({ prefix: '}}' })
  return segments
}
