// `$ref` within one schema: "#", or "#/" and a JSON Pointer (RFC 6901) whose parts may be percent-encoded.
import { isRecord } from '@rondo/contract'

export type Json = Record<string, unknown>

/** What a reference points at; undefined when there is nothing, or it leads out of the schema. */
export function findTarget(root: Json, reference: string): unknown {
  if (reference === '#') return root
  if (!reference.startsWith('#/')) return undefined
  let at: unknown = root
  for (const part of reference.slice(2).split('/')) {
    const name = decodePart(part)
    if (Array.isArray(at)) at = /^(?:0|[1-9]\d*)$/.test(name) ? at[Number(name)] : undefined
    else if (isRecord(at) && Object.hasOwn(at, name)) at = at[name]
    else return undefined
  }
  return at
}

/** A name as a part of a pointer in a reference. */
export function encodePart(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('%24', '$').replaceAll('%3A', ':').replaceAll('%40', '@')
}

function decodePart(part: string): string {
  let text = part
  try {
    text = decodeURIComponent(part)
  } catch {
    // No percent-encoding: it means itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** The schema with its reference followed, and what stands beside it laid over; the same object when there is none. At most eight steps. */
export function follow(root: Json, schema: Json): Json {
  let at = schema
  for (let steps = 0; steps < 8; steps += 1) {
    const { $ref: reference, ...beside } = at
    if (typeof reference !== 'string') return at
    const target = findTarget(root, reference)
    if (target === true) return beside
    if (!isRecord(target)) return at
    // Both hold: what stands twice is kept apart.
    const both = Object.keys(beside).some((keyword) => Object.hasOwn(target, keyword) && !NOTES.has(keyword))
    at = both ? { ...beside, allOf: [...(Array.isArray(beside['allOf']) ? (beside['allOf'] as unknown[]) : []), target] } : { ...target, ...beside }
  }
  return at
}

const NOTES = new Set(['personal', 'title', 'description', 'default', 'examples', 'deprecated', '$comment'])
