// A field may be called like something that every object has ("constructor", "toString"): where a schema names such a field, values are checked
// without what they inherit, so that only what was sent is there.
import { isRecord } from '@rondo/contract'

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype))

/** Whether any field in the schema has such a name. */
export function namesInherited(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some((one) => (typeof one === 'string' ? INHERITED.has(one) : namesInherited(one)))
  return isRecord(schema) && Object.entries(schema).some(([name, value]) => INHERITED.has(name) || namesInherited(value))
}

/** The same value, of objects that inherit nothing. */
export function toBare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toBare)
  if (!isRecord(value)) return value
  const bare = Object.create(null) as Record<string, unknown>
  for (const [name, inner] of Object.entries(value)) bare[name] = toBare(inner)
  return bare
}
