// The `fields` parameter: an entity with only the named paths; keys that themselves hold dots are found too.
import type { Entity } from '../entity.ts'

type Json = Record<string, unknown>

/** "kind,metadata.annotations" in the same nesting as before. Without fields: the entity itself. */
export function projectFields(entity: Entity, fields: readonly string[]): Json {
  if (fields.length === 0) return entity
  const projected: Json = {}
  for (const field of fields) copyPath(entity, projected, field.split('.'))
  return projected
}

function copyPath(from: Json, to: Json, segments: string[]): void {
  for (let length = segments.length; length > 0; length -= 1) {
    const key = segments.slice(0, length).join('.')
    if (!Object.hasOwn(from, key) || key === '__proto__') continue
    const value = from[key]
    if (length === segments.length) {
      to[key] = value
      return
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || to[key] === value) return
    const inner = Object.hasOwn(to, key) ? (to[key] as Json) : {}
    copyPath(value as Json, inner, segments.slice(length))
    if (Object.keys(inner).length > 0) to[key] = inner
    return
  }
}
