// SchemaVer (Snowplow): MODEL-REVISION-ADDITION, and what kind of step a change of schema is.
import { isRecord } from '@rondo/contract'

export type SchemaVersion = { model: number; revision: number; addition: number }

/** `none`: says the same. `addition`: new optional fields. `revision`: takes at least everything that was taken. `breaking`: refuses something that was taken, or changes a type. */
export type Step = 'none' | 'addition' | 'revision' | 'breaking'

export type Change = { step: Step; because: string }

type Json = Record<string, unknown>

export function parseVersion(text: string): SchemaVersion {
  const [model = 0, revision = 0, addition = 0] = text.split('-').map(Number)
  return { model, revision, addition }
}

export function compareVersions(a: string, b: string): number {
  const x = parseVersion(a)
  const y = parseVersion(b)
  return x.model - y.model || x.revision - y.revision || x.addition - y.addition
}

/** The smallest version after `from` that may carry such a step. */
export function nextVersion(from: string, step: Step): string {
  const { model, revision, addition } = parseVersion(from)
  if (step === 'breaking') return `${model + 1}-0-0`
  return step === 'revision' ? `${model}-${revision + 1}-0` : `${model}-${revision}-${addition + 1}`
}

const RANK: Record<Step, number> = { none: 0, addition: 1, revision: 2, breaking: 3 }
const SAME: Change = { step: 'none', because: '' }

/** The largest step between two schemas, and the field that makes it. */
export function classifyChange(before: Json, after: Json, path = 'schema'): Change {
  let largest = SAME
  const note = (change: Change): void => {
    if (RANK[change.step] > RANK[largest.step]) largest = change
  }
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)])
  for (const keyword of keywords) {
    if (keyword === 'properties') note(classifyProperties(before, after, path))
    else if (keyword === 'required') note(classifyRequired(before, after, path))
    else if (keyword === 'items' && isRecord(before['items']) && isRecord(after['items'])) note(classifyChange(before['items'], after['items'], `${path}.items`))
    else note(classifyKeyword(keyword, before[keyword], after[keyword], path))
  }
  return largest
}

function classifyProperties(before: Json, after: Json, path: string): Change {
  const old = (before['properties'] ?? {}) as Record<string, Json>
  const now = (after['properties'] ?? {}) as Record<string, Json>
  let largest = SAME
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const was = old[name]
    const is = now[name]
    const at = `${path}.${name}`
    const change: Change =
      was === undefined ? { step: 'addition', because: `${at} is new` } : is === undefined ? { step: 'breaking', because: `${at} is gone` } : classifyChange(was, is, at)
    if (RANK[change.step] > RANK[largest.step]) largest = change
  }
  return largest
}

function classifyRequired(before: Json, after: Json, path: string): Change {
  const was = (before['required'] ?? []) as string[]
  const is = (after['required'] ?? []) as string[]
  const added = is.find((name) => !was.includes(name))
  if (added !== undefined) return { step: 'breaking', because: `${path}.${added} became required` }
  const dropped = was.find((name) => !is.includes(name))
  return dropped === undefined ? SAME : { step: 'revision', because: `${path}.${dropped} became optional` }
}

/** Keywords where a larger (+1) or a smaller (-1) value takes more. */
const DIRECTION: Record<string, 1 | -1> = { maxLength: 1, maximum: 1, exclusiveMaximum: 1, maxItems: 1, maxProperties: 1, minLength: -1, minimum: -1, exclusiveMinimum: -1, minItems: -1, minProperties: -1 }
const WORDS = new Set(['description', 'title', 'examples', 'default', '$id', '$schema', '$comment', 'deprecated'])

function classifyKeyword(keyword: string, was: unknown, is: unknown, path: string): Change {
  if (JSON.stringify(was) === JSON.stringify(is)) return SAME
  const because = `${keyword} of ${path} changed`
  if (WORDS.has(keyword)) return SAME
  if (keyword === 'personal') return { step: 'revision', because }
  if (keyword === 'additionalProperties') return { step: is === false ? 'breaking' : 'revision', because }
  if (keyword === 'enum' && Array.isArray(was) && Array.isArray(is)) return { step: was.every((value) => is.includes(value)) ? 'revision' : 'breaking', because }
  if (keyword === 'type') return { step: was === 'integer' && is === 'number' ? 'revision' : 'breaking', because }
  if (is === undefined) return { step: 'revision', because: `${keyword} of ${path} was lifted` }
  const direction = DIRECTION[keyword]
  if (direction !== undefined && typeof was === 'number' && typeof is === 'number') return { step: (is - was) * direction > 0 ? 'revision' : 'breaking', because }
  return { step: 'breaking', because }
}
