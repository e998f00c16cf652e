// How to send one event of a type: properties that its schema takes, as curl and as a call of the SDK.
import { isRecord } from '@rondo/contract'

type Schema = Record<string, unknown>
/** Required properties with the smallest values that the schema takes; a pattern is the one rule that is not followed. */
export function sampleProperties(schema: Schema): Record<string, unknown> {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.fromEntries(Object.entries(properties).filter(([name]) => required.includes(name)).map(([name, field]) => [name, isRecord(field) ? sampleValue(name, field) : null]))
}

function sampleValue(name: string, schema: Schema): unknown {
  if (schema['const'] !== undefined) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  const number = (key: string): number | undefined => (typeof schema[key] === 'number' ? schema[key] : undefined)
  switch (type) {
    case 'integer':
    case 'number':
      return Math.min(number('maximum') ?? Infinity, /ms$/i.test(name) ? Math.max(180_000, number('minimum') ?? 0) : Math.max(1, number('minimum') ?? 1))
    case 'boolean':
      return true
    case 'object':
      return sampleProperties(schema)
    case 'array':
      return isRecord(schema['items']) && (number('minItems') ?? 0) > 0 ? [sampleValue(name, schema['items'])] : []
    default:
      if (schema['format'] === 'date-time') return '2026-09-21T09:42:00Z'
      if (schema['format'] === 'date') return '2026-09-21'
      return `${name.replace(/Id$/, '')}-1`.slice(0, number('maxLength') ?? 64).padEnd(number('minLength') ?? 0, '1')
  }
}

/** `id` is the event's own: sent again, it counts once. */
export function toCurl(origin: string, type: string, schema: Schema, id: string): string {
  const event = { id, type, userId: 'you', properties: sampleProperties(schema) }
  return [`curl ${origin}/v1/events \\`, `  -H 'authorization: Bearer WRITE_KEY' \\`, `  -H 'content-type: application/json' \\`, `  -d '${JSON.stringify(event).replaceAll("'", String.raw`'\''`)}'`].join('\n')
}

export function toSdkCall(origin: string, type: string, schema: Schema): string {
  const properties = Object.entries(sampleProperties(schema)).map(([name, value]) => `${name}: ${literal(value)}`)
  return [`import { createRondo } from '@rondo/js'`, '', `const rondo = createRondo({ url: '${origin}', writeKey: 'WRITE_KEY' })`, `rondo.track('${type}', { ${properties.join(', ')} }, { userId: 'you' })`].join('\n')
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", String.raw`\'`)}'` : JSON.stringify(value)
}
