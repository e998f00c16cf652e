// What a schema must say before it is taken: it describes an object, every field declares whether it is personal, and no pattern is slow.
import { isRecord } from '@rondo/contract'
import { findPatternFault } from './slow-patterns.ts'

/** Path and complaint of the first thing that is wrong; undefined when the schema can be taken. */
export function findSchemaFault(schema: Record<string, unknown>): { path: string; fault: string } | undefined {
  if (schema['type'] !== 'object') return { path: 'schema', fault: 'must have "type": "object"' }
  return findFieldFault(schema, 'schema', 0) ?? findPatternFault(schema, 'schema')
}

function findFieldFault(schema: Record<string, unknown>, path: string, depth: number): { path: string; fault: string } | undefined {
  if (depth > 16) return { path, fault: 'is nested deeper than 16 levels' }
  const properties = schema['properties']
  if (properties !== undefined) {
    if (!isRecord(properties)) return { path: `${path}.properties`, fault: 'must be an object' }
    for (const [name, field] of Object.entries(properties)) {
      const at = `${path}.${name}`
      if (!isRecord(field)) return { path: at, fault: 'must be an object' }
      const personal = field['personal']
      if (personal !== 'none' && personal !== 'narrow' && personal !== 'strict') {
        return { path: at, fault: personal === undefined ? 'does not declare "personal"' : `has "personal": ${JSON.stringify(personal)}` }
      }
      const inner = findFieldFault(field, at, depth + 1)
      if (inner !== undefined) return inner
    }
  }
  const required = schema['required']
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string'))) return { path: `${path}.required`, fault: 'must be a list of names' }
  const items = schema['items']
  return isRecord(items) ? findFieldFault(items, `${path}.items`, depth + 1) : undefined
}
