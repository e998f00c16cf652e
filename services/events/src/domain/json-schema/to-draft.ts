// Writes a schema in draft 7 or in draft 2020-12, whichever it came in: the same values fit, as far as the draft can say so.
//
//   draft 7                                      2020-12
//   definitions                                  $defs
//   items: [a, b], additionalItems: c            prefixItems: [a, b], items: c
//   dependencies: {x: ["y"], z: {…}}             dependentRequired: {x: ["y"]}, dependentSchemas: {z: {…}}
//   allOf: [{$ref}] where more stands beside     $ref and more beside
//   -                                            unevaluatedProperties, unevaluatedItems, minContains, maxContains
import { isRecord } from '@rondo/contract'
import { DRAFT_URIS, KEYWORDS, isNote, type Draft } from './keywords.ts'
import { encodePart, type Json } from './references.ts'

/** `unsaid`: path of the first thing that the draft has no words for. */
export type Written = { schema: Json } | { unsaid: string }

/** `schema` was taken by `findSchemaFault`. */
export function toDraft(schema: Json, draft: Draft): Written {
  const writer: Writer = { draft, moved: new Map(), unsaid: undefined }
  const body = write(writer, schema, { was: '#', is: '#', path: 'schema' }) as Json
  if (writer.unsaid !== undefined) return { unsaid: writer.unsaid }
  const { $schema: _named, ...rest } = body
  pointAnew(rest, writer.moved)
  return { schema: { $schema: DRAFT_URIS[draft], ...rest } }
}

type Writer = { draft: Draft; moved: Map<string, string>; unsaid: string | undefined }

/** Where a schema was and is, as references say it; `path` for people. */
type Place = { was: string; is: string; path: string }

function write(writer: Writer, schema: unknown, place: Place): unknown {
  writer.moved.set(place.was, place.is)
  if (!isRecord(schema)) return schema
  const out: Json = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (writer.draft === '7') writeOld(writer, schema, out, keyword, value, place)
    else writeNew(writer, schema, out, keyword, value, place)
  }
  return writer.draft === '7' ? setReferenceApart(out) : out
}

function writeOld(writer: Writer, schema: Json, out: Json, keyword: string, value: unknown, place: Place): void {
  if (keyword === '$defs') return put(writer, out, 'definitions', value, keyword, place)
  if (keyword === 'prefixItems') return put(writer, out, 'items', value, keyword, place)
  if (keyword === 'items' && schema['prefixItems'] !== undefined) return put(writer, out, 'additionalItems', value, keyword, place)
  if (keyword === 'dependentRequired' || keyword === 'dependentSchemas') return put(writer, out, 'dependencies', value, keyword, place)
  if (KEYWORDS.get(keyword)?.only === '2020-12') writer.unsaid ??= `${place.path}.${keyword}`
  put(writer, out, keyword, value, keyword, place)
}

function writeNew(writer: Writer, schema: Json, out: Json, keyword: string, value: unknown, place: Place): void {
  if (keyword === 'definitions') return put(writer, out, '$defs', value, keyword, place)
  if (keyword === 'items' && Array.isArray(value)) return put(writer, out, 'prefixItems', value, keyword, place)
  if (keyword === 'additionalItems') return Array.isArray(schema['items']) ? put(writer, out, 'items', value, keyword, place) : undefined
  if (keyword !== 'dependencies' || !isRecord(value)) return put(writer, out, keyword, value, keyword, place)
  const entries = Object.entries(value)
  for (const [now, some] of [['dependentRequired', entries.filter(([, of]) => Array.isArray(of))], ['dependentSchemas', entries.filter(([, of]) => !Array.isArray(of))]] as const) {
    if (some.length > 0) put(writer, out, now, Object.fromEntries(some), keyword, place)
  }
}

/** Under its name of today; what stands there already (definitions beside $defs, dependencies of two kinds) is joined. */
function put(writer: Writer, out: Json, now: string, value: unknown, was: string, { was: from, is: to, path }: Place): void {
  const inner = (part: string, schema: unknown): unknown => write(writer, schema, { was: `${from}/${was}${part}`, is: `${to}/${now}${part}`, path: `${path}.${was}` })
  const holds = KEYWORDS.get(was)?.holds ?? 'value'
  let written = value
  if (Array.isArray(value) && (holds === 'schemas' || holds === 'schema or schemas')) written = value.map((schema, i) => inner(`/${i}`, schema))
  else if (holds === 'schema' || holds === 'schema or schemas') written = inner('', value)
  else if (isRecord(value) && (holds === 'schemas by name' || holds === 'schemas or names by name')) written = Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, Array.isArray(schema) ? schema : inner(`/${encodePart(name)}`, schema)]))
  const there = out[now]
  out[now] = isRecord(there) && isRecord(written) && holds !== 'schema' ? { ...there, ...written } : written
}

/** Draft 7 ignores what stands beside a reference. */
function setReferenceApart(schema: Json): Json {
  const { $ref: reference, ...beside } = schema
  if (typeof reference !== 'string' || Object.keys(beside).every((keyword) => isNote(keyword) || keyword === 'definitions')) return schema
  const all = Array.isArray(beside['allOf']) ? (beside['allOf'] as unknown[]) : []
  return { ...beside, allOf: [...all, { $ref: reference }] }
}

function pointAnew(node: unknown, moved: Map<string, string>): void {
  if (Array.isArray(node)) for (const inner of node) pointAnew(inner, moved)
  if (!isRecord(node)) return
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === '$ref' && typeof value === 'string') node['$ref'] = moved.get(toCanonical(value)) ?? value
    else if (!DATA.has(keyword)) pointAnew(value, moved)
  }
}

/** Values that are no schemas, whatever they look like. */
const DATA = new Set(['const', 'enum', 'default', 'examples'])

/** However its parts were encoded. */
function toCanonical(reference: string): string {
  return reference
    .split('/')
    .map((part, i) => {
      if (i === 0) return part
      try {
        return encodePart(decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      } catch {
        return part
      }
    })
    .join('/')
}
