// What a schema must say before it is taken: it describes an object, uses only keywords that are checked, every field declares whether it is
// personal, every reference leads somewhere, and no pattern is slow.
import { isRecord } from '@rondo/contract'
import { show } from '../show-value.ts'
import { findPatternFault } from '../slow-patterns.ts'
import { DRAFT_URIS, FORMATS, KEYWORDS, TYPES, findDraft, isNote, type Draft, type Holds } from './keywords.ts'
import { findTarget, type Json } from './references.ts'

export type SchemaFault = { path: string; fault: string }

const MAX_DEPTH = 32
const MAX_FIELD_DEPTH = 16
const MAX_SCHEMAS = 10_000

/** Path and complaint of the first thing that is wrong; undefined when the schema can be taken. */
export function findSchemaFault(schema: Json): SchemaFault | undefined {
  if (schema['type'] !== 'object') return { path: 'schema', fault: 'must have "type": "object"' }
  const named = schema['$schema']
  const draft = named === undefined ? undefined : typeof named === 'string' ? findDraft(named) : undefined
  if (named !== undefined && draft === undefined) return { path: 'schema.$schema', fault: `is ${show(named)}; read are ${Object.values(DRAFT_URIS).map(show).join(' and ')}` }
  const walk: Walk = { root: schema, draft, seen: 0 }
  return findFault(walk, schema, { path: 'schema', depth: 0, fields: 0, declared: NOTHING }) ?? findPatternFault(schema, 'schema')
}

type Walk = { root: Json; draft: Draft | undefined; seen: number }

/** `fields`: how many fields deep; `declared`: fields of the same object that said outside whether they are personal. */
type Place = { path: string; depth: number; fields: number; declared: ReadonlySet<string> }

const NOTHING: ReadonlySet<string> = new Set()

function findFault(walk: Walk, schema: unknown, place: Place): SchemaFault | undefined {
  const { path, depth, fields } = place
  if (typeof schema === 'boolean') return undefined
  if (!isRecord(schema)) return { path, fault: 'must be an object' }
  walk.seen += 1
  if (walk.seen > MAX_SCHEMAS) return { path, fault: `is one of more than ${MAX_SCHEMAS} schemas` }
  if (depth > MAX_DEPTH || fields > MAX_FIELD_DEPTH) return { path, fault: `is nested deeper than ${fields > MAX_FIELD_DEPTH ? MAX_FIELD_DEPTH : MAX_DEPTH} levels` }
  for (const [keyword, value] of Object.entries(schema)) {
    const fault = findKeywordFault(walk, schema, keyword, value, path)
    if (fault !== undefined) return { path, fault }
  }
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const declared = new Set([...place.declared, ...Object.keys(properties)])
  for (const [name, field] of Object.entries(properties)) {
    const at = `${path}.${name}`
    if (!place.declared.has(name)) {
      const fault = findPrivacyFault(field)
      if (fault !== undefined) return { path: at, fault }
    }
    const inner = findFault(walk, field, { path: at, depth: depth + 1, fields: fields + 1, declared: NOTHING })
    if (inner !== undefined) return inner
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const entry = KEYWORDS.get(keyword)
    if (keyword === 'properties' || entry === undefined) continue
    const next = { depth: depth + 1, fields: entry.inPlace === true ? fields : fields + (keyword === '$defs' || keyword === 'definitions' ? 0 : 1), declared: entry.inPlace === true ? declared : NOTHING }
    for (const [at, inner] of listSchemas(entry.holds, value)) {
      const fault = findFault(walk, inner, { ...next, path: `${path}.${keyword}${at}` })
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

function findPrivacyFault(field: unknown): string | undefined {
  if (!isRecord(field)) return typeof field === 'boolean' ? 'does not declare "personal": write {"personal": …} for it' : 'must be an object'
  const personal = field['personal']
  if (personal === 'none' || personal === 'narrow' || personal === 'strict') return undefined
  return personal === undefined ? 'does not declare "personal"' : `has "personal": ${JSON.stringify(personal)}`
}

/** The schemas that a keyword's value holds, by the rest of their path. */
export function listSchemas(holds: Holds, value: unknown): [at: string, schema: unknown][] {
  if (holds === 'schema' || (holds === 'schema or schemas' && !Array.isArray(value))) return [['', value]]
  if (holds === 'schemas' || holds === 'schema or schemas') return Array.isArray(value) ? value.map((inner, i) => [`.${i}`, inner]) : []
  if (holds === 'schemas by name' || holds === 'schemas or names by name') return isRecord(value) ? Object.entries(value).filter(([, inner]) => !Array.isArray(inner)).map(([name, inner]) => [`.${name}`, inner]) : []
  return []
}

function findKeywordFault({ root, draft }: Walk, schema: Json, keyword: string, value: unknown, path: string): string | undefined {
  const entry = KEYWORDS.get(keyword)
  if (entry === undefined) return isNote(keyword) ? undefined : `uses "${keyword}", which is not read here${keyword === 'nullable' ? ': write "type": ["string", "null"]' : ''}`
  if (draft !== undefined && entry.only !== undefined && entry.only !== draft) return `uses "${keyword}", which draft ${draft} does not know`
  if (keyword === 'items' && Array.isArray(value) && (draft === '2020-12' || schema['prefixItems'] !== undefined)) return 'uses "items" as a list, which draft 2020-12 writes as "prefixItems"'
  if ((keyword === '$id' || keyword === '$schema') && path !== 'schema') return `uses "${keyword}", which is read only at the top`
  if (keyword === '$ref') return findReferenceFault(root, draft, schema, value)
  const wrong = keyword === 'patternProperties' && isRecord(value) ? Object.keys(value).find((name) => !isExpression(name)) : undefined
  if (wrong !== undefined) return `has ${show(wrong)} in "patternProperties", which is no regular expression`
  return findValueFault(entry.holds, keyword, value)
}

function findReferenceFault(root: Json, draft: Draft | undefined, schema: Json, reference: unknown): string | undefined {
  if (typeof reference !== 'string') return `has "$ref": ${show(reference)}, not a text`
  if (reference !== '#' && !reference.startsWith('#/')) return `has "$ref": ${show(reference)}; only places in the same schema are read ("#/$defs/…")`
  const target = findTarget(root, reference)
  if (!isRecord(target) && typeof target !== 'boolean') return `has "$ref": ${show(reference)}, where there is no schema`
  const ignored = draft === '7' ? Object.keys(schema).find((keyword) => keyword !== '$ref' && !isNote(keyword) && keyword !== 'definitions') : undefined
  if (ignored !== undefined) return `has "${ignored}" beside "$ref", which draft 7 ignores: put the reference into "allOf"`
  return refersToItself(root, schema, new Set()) ? `has "$ref": ${show(reference)}, which leads back to itself for ever` : undefined
}

/** Through schemas about the same value only: a tree may hold itself further down. */
function refersToItself(root: Json, schema: unknown, open: Set<unknown>): boolean {
  if (!isRecord(schema)) return false
  if (open.has(schema)) return true
  open.add(schema)
  for (const [keyword, value] of Object.entries(schema)) {
    const entry = KEYWORDS.get(keyword)
    if (entry?.inPlace !== true) continue
    const inner = keyword === '$ref' && typeof value === 'string' ? [findTarget(root, value)] : listSchemas(entry.holds, value).map(([, found]) => found)
    if (inner.some((found) => refersToItself(root, found, open))) return true
  }
  open.delete(schema)
  return false
}

function findValueFault(holds: Holds, keyword: string, value: unknown): string | undefined {
  const must = (what: string): string => `has "${keyword}": ${show(value)}, which must be ${what}`
  switch (holds) {
    case 'schema':
    case 'value':
    case 'level of privacy':
    case 'reference':
      return undefined
    case 'schemas':
      return Array.isArray(value) && value.length > 0 ? undefined : must('a list of schemas')
    case 'schema or schemas':
      return !Array.isArray(value) || value.length > 0 ? undefined : must('a schema, or a list of some')
    case 'schemas by name':
      return isRecord(value) ? undefined : must('an object of schemas')
    case 'schemas or names by name':
      return isRecord(value) && Object.values(value).every((inner) => !Array.isArray(inner) || inner.every(isText)) ? undefined : must('an object of schemas or lists of names')
    case 'names by name':
      return isRecord(value) && Object.values(value).every((inner) => Array.isArray(inner) && inner.every(isText)) ? undefined : must('an object of lists of names')
    case 'names':
      return Array.isArray(value) && value.every(isText) ? undefined : must('a list of names')
    case 'type': {
      const types: unknown[] = Array.isArray(value) ? value : [value]
      return types.length > 0 && new Set(types).size === types.length && types.every((type) => TYPES.has(type as string)) ? undefined : must(`one or more of ${[...TYPES].join(', ')}`)
    }
    case 'values':
      return Array.isArray(value) && (value.length > 0 || keyword === 'examples') ? undefined : must('a list of values')
    case 'number':
      return typeof value === 'number' ? undefined : must('a number')
    case 'positive number':
      return typeof value === 'number' && value > 0 ? undefined : must('a number above 0')
    case 'count':
      return Number.isInteger(value) && (value as number) >= 0 ? undefined : must('a whole number from 0 on')
    case 'boolean':
      return typeof value === 'boolean' ? undefined : must('true or false')
    case 'text':
      return isText(value) ? undefined : must('a text')
    case 'expression':
      return isText(value) && isExpression(value) ? undefined : must('a regular expression')
    case 'format':
      return FORMATS.has(value as string) ? undefined : `has "format": ${show(value)}, which is not checked here; known: ${[...FORMATS].join(', ')}`
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
