// What differs between two versions of a schema, and which part of SchemaVer each difference needs: MODEL, REVISION or ADDITION.
//
// MODEL: something that was taken may now be refused, or readers lose a field. REVISION: more is taken, or it is read differently; and a new field
// in an object that let any field in before, since values of that name may exist (SchemaVer: "may prevent interaction with some historical
// data"). ADDITION: a new optional field where there could be none.
import { isRecord } from '@rondo/contract'
import { show } from '../show-value.ts'
import { isNote } from './keywords.ts'
import { follow, type Json } from './references.ts'
import { toDraft } from './to-draft.ts'

export type ChangeClass = 'MODEL' | 'REVISION' | 'ADDITION'

/** `was` or `is` is undefined where there was or is nothing. */
export type Change = { path: string; was: unknown; is: unknown; class: ChangeClass; why: string }

/** Those that need the largest step first; empty when both say the same. Both were taken by `findSchemaFault`. */
export function listChanges(before: Json, after: Json): Change[] {
  const [was, is] = [toNewest(before), toNewest(after)]
  const changes: Change[] = []
  compare({ was, is, changes, open: [] }, was, is, 'schema')
  return changes.sort((a, b) => RANK[b.class] - RANK[a.class])
}

const RANK: Record<ChangeClass, number> = { ADDITION: 1, REVISION: 2, MODEL: 3 }

type Comparison = { was: Json; is: Json; changes: Change[]; open: [unknown, unknown][] }

function toNewest(schema: Json): Json {
  const written = toDraft(schema, '2020-12')
  return 'schema' in written ? written.schema : schema
}

function compare(all: Comparison, before: unknown, after: unknown, path: string): void {
  if (isSame(all, before, after)) return
  if (all.open.some(([a, b]) => a === before && b === after)) return
  all.open.push([before, after])
  const was = follow(all.was, toObject(before))
  const is = follow(all.is, toObject(after))
  for (const keyword of new Set([...Object.keys(was), ...Object.keys(is)])) compareKeyword(all, keyword, was, is, path)
  all.open.pop()
}

/** `true` takes everything and `false` nothing. */
function toObject(schema: unknown): Json {
  return isRecord(schema) ? schema : schema === false ? { not: {} } : {}
}

function compareKeyword(all: Comparison, keyword: string, before: Json, after: Json, path: string): void {
  const [was, is] = [before[keyword], after[keyword]]
  const note = (kind: ChangeClass, why: string): void => void all.changes.push({ path: `${path}.${keyword}`, was, is, class: kind, why })
  if (keyword === 'properties') return compareProperties(all, before, after, path)
  if (keyword === 'required') return compareRequired(all, before, after, path)
  if (keyword === 'const' || keyword === 'enum') return keyword === 'enum' || before['enum'] === undefined && after['enum'] === undefined ? compareValues(all, before, after, path) : undefined
  if (keyword === '$defs' || (isNote(keyword) && keyword !== 'personal')) return
  if (keyword === 'patternProperties') return compareNamed(all, was, is, path, keyword)
  if (HELD.has(keyword)) return compareHeld(all, was ?? true, is ?? true, path, keyword)
  if (Array.isArray(was) && Array.isArray(is) && LISTS.has(keyword)) return compareLists(all, keyword, was, is, path, note)
  if (isSame(all, was, is) || (keyword === 'uniqueItems' && (was ?? false) === (is ?? false))) return
  const why = `${keyword} of ${path} changed`
  if (keyword === 'personal') return note('REVISION', why)
  if (is === undefined || (keyword === 'uniqueItems' && is === false)) return note('REVISION', `${keyword} of ${path} was lifted`)
  if (was === undefined) return note('MODEL', `${keyword} of ${path} is new: what it refuses was taken`)
  if (keyword === 'type') return note(widensType(was, is) ? 'REVISION' : 'MODEL', `${why} from ${toTypes(was).join(' or ')} to ${toTypes(is).join(' or ')}`)
  if (keyword === 'multipleOf' && typeof was === 'number' && typeof is === 'number') return note(was % is === 0 ? 'REVISION' : 'MODEL', why)
  const direction = DIRECTION[keyword]
  if (direction !== undefined && typeof was === 'number' && typeof is === 'number') return note((is - was) * direction > 0 ? 'REVISION' : 'MODEL', why)
  note('MODEL', why)
}

/** Keywords where a larger (+1) or a smaller (-1) value takes more. */
const DIRECTION: Record<string, 1 | -1> = { maxLength: 1, maximum: 1, exclusiveMaximum: 1, maxItems: 1, maxProperties: 1, maxContains: 1, minLength: -1, minimum: -1, exclusiveMinimum: -1, minItems: -1, minProperties: -1, minContains: -1 }

/** Hold one schema about parts: of the items, or of the fields that have no name. */
const HELD = new Set(['items', 'additionalProperties', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'])

const LISTS = new Set(['prefixItems', 'allOf', 'anyOf', 'oneOf'])

type Note = (kind: ChangeClass, why: string) => void

function compareHeld(all: Comparison, was: unknown, is: unknown, path: string, keyword: string): void {
  const at = `${path}.${keyword}`
  if (isRecord(was) && isRecord(is)) return compare(all, was, is, at)
  if (was === is) return
  const takesMore = is === true || was === false
  all.changes.push({ path: at, was, is, class: takesMore ? 'REVISION' : 'MODEL', why: `${keyword} of ${path} changed` })
}

function compareProperties(all: Comparison, before: Json, after: Json, path: string): void {
  const old = (before['properties'] ?? {}) as Json
  const now = (after['properties'] ?? {}) as Json
  const closed = before['additionalProperties'] === false || before['unevaluatedProperties'] === false
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [was, is] = [old[name], now[name]]
    const at = `${path}.${name}`
    if (was === undefined) all.changes.push({ path: at, was, is, class: closed ? 'ADDITION' : 'REVISION', why: closed ? `${at} is new` : `${at} is new, where any value of that name was taken` })
    else if (is === undefined) all.changes.push({ path: at, was, is, class: 'MODEL', why: `${at} is gone` })
    else compare(all, was, is, at)
  }
}

function compareRequired(all: Comparison, before: Json, after: Json, path: string): void {
  const was = (before['required'] ?? []) as string[]
  const is = (after['required'] ?? []) as string[]
  for (const name of is) if (!was.includes(name)) all.changes.push({ path: `${path}.${name}`, was: 'optional', is: 'required', class: 'MODEL', why: `${path}.${name} became required` })
  for (const name of was) if (!is.includes(name)) all.changes.push({ path: `${path}.${name}`, was: 'required', is: 'optional', class: 'REVISION', why: `${path}.${name} became optional` })
}

/** `const` is an `enum` of one. */
function compareValues(all: Comparison, before: Json, after: Json, path: string): void {
  const [was, is] = [toValues(before), toValues(after)]
  const [had, has] = [was?.map((value) => JSON.stringify(value)), is?.map((value) => JSON.stringify(value))]
  if (had?.length === has?.length && (had ?? []).every((value) => has?.includes(value) === true)) return
  const keyword = after['enum'] !== undefined || before['enum'] !== undefined ? 'enum' : 'const'
  const gone = (had ?? []).filter((value) => has?.includes(value) === false)
  const grows = had !== undefined && gone.length === 0
  const why = `${keyword} of ${path} changed${gone.length === 0 ? '' : `: ${gone.slice(0, 5).join(', ')} ${gone.length === 1 ? 'is' : 'are'} gone`}`
  all.changes.push({ path: `${path}.${keyword}`, was: was ?? undefined, is: is ?? undefined, class: grows ? 'REVISION' : 'MODEL', why: has === undefined ? `${keyword} of ${path} was lifted` : why })
}

function toValues(schema: Json): unknown[] | undefined {
  return Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : Object.hasOwn(schema, 'const') ? [schema['const']] : undefined
}

function compareNamed(all: Comparison, was: unknown, is: unknown, path: string, keyword: string): void {
  const [old, now] = [isRecord(was) ? was : {}, isRecord(is) ? is : {}]
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const at = `${path}.${keyword}.${name}`
    if (old[name] === undefined) all.changes.push({ path: at, was: undefined, is: now[name], class: 'MODEL', why: `${at} is new: what it refuses was taken` })
    else if (now[name] === undefined) all.changes.push({ path: at, was: old[name], is: undefined, class: 'REVISION', why: `${at} was lifted` })
    else compare(all, old[name], now[name], at)
  }
}

function compareLists(all: Comparison, keyword: string, was: unknown[], is: unknown[], path: string, note: Note): void {
  if (isSame(all, was, is)) return
  if (keyword === 'anyOf') {
    const has = new Set(is.map((branch) => JSON.stringify(branch)))
    if (is.length > was.length && was.every((branch) => has.has(JSON.stringify(branch)))) return note('REVISION', `anyOf of ${path} takes more`)
  }
  if (keyword === 'allOf' && is.length < was.length && is.every((branch) => was.some((old) => JSON.stringify(old) === JSON.stringify(branch)))) return note('REVISION', `allOf of ${path} asks for less`)
  if (was.length !== is.length) return note('MODEL', `${keyword} of ${path} changed`)
  const { length } = all.changes
  for (const [i, branch] of was.entries()) compare(all, branch, is[i], `${path}.${keyword}.${i}`)
  // A value that two branches of a oneOf take is refused.
  if (keyword === 'oneOf') for (const change of all.changes.slice(length)) if (!change.path.endsWith('.personal')) change.class = 'MODEL'
}

/** The same words, and the same definitions behind them. */
function isSame(all: Comparison, was: unknown, is: unknown): boolean {
  const text = JSON.stringify(was)
  if (text !== JSON.stringify(is)) return false
  return text?.includes('"$ref"') !== true || JSON.stringify(all.was['$defs']) === JSON.stringify(all.is['$defs'])
}

function toTypes(type: unknown): string[] {
  return (Array.isArray(type) ? type : [type]).map(String)
}

function widensType(was: unknown, is: unknown): boolean {
  const now = new Set(toTypes(is))
  return toTypes(was).every((type) => now.has(type) || (type === 'integer' && now.has('number')))
}

/** One line a change: what it needs, where, from what to what. */
export function describeChanges(changes: Change[]): string {
  return changes.map(({ class: kind, path, was, is, why }) => `${kind.padEnd(8)} ${path}: ${was === undefined ? '' : `${show(was)} → `}${is === undefined ? 'gone' : show(is)} (${why})`).join('\n')
}
