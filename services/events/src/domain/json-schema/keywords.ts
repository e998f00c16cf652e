// The keywords of JSON Schema that an event type may use: what each must hold, and which draft knows it. Whatever is not here is refused by name.

export type Draft = '7' | '2020-12'

/** What the value of a keyword has to be. */
export type Holds =
  | 'schema'
  | 'schemas'
  | 'schema or schemas'
  | 'schemas by name'
  | 'schemas or names by name'
  | 'names by name'
  | 'names'
  | 'type'
  | 'values'
  | 'value'
  | 'number'
  | 'positive number'
  | 'count'
  | 'boolean'
  | 'text'
  | 'expression'
  | 'format'
  | 'reference'
  | 'level of privacy'

export type Keyword = {
  holds: Holds
  /** Only this draft knows it. */
  only?: Draft
  /** Says nothing about what is taken. */
  annotates?: true
  /** The schemas it holds are about the same value, not about a part of it. */
  inPlace?: true
}

const inPlace = true
const annotates = true

export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['personal', { holds: 'level of privacy', annotates }],
  ['$id', { holds: 'text', annotates }],
  ['$schema', { holds: 'text', annotates }],
  ['$comment', { holds: 'text', annotates }],
  ['title', { holds: 'text', annotates }],
  ['description', { holds: 'text', annotates }],
  ['default', { holds: 'value', annotates }],
  ['examples', { holds: 'values', annotates }],
  ['deprecated', { holds: 'boolean', annotates }],
  ['readOnly', { holds: 'boolean', annotates }],
  ['writeOnly', { holds: 'boolean', annotates }],
  ['contentEncoding', { holds: 'text', annotates }],
  ['contentMediaType', { holds: 'text', annotates }],
  ['$ref', { holds: 'reference', inPlace }],
  ['$defs', { holds: 'schemas by name' }],
  ['definitions', { holds: 'schemas by name' }],
  ['type', { holds: 'type' }],
  ['enum', { holds: 'values' }],
  ['const', { holds: 'value' }],
  ['minLength', { holds: 'count' }],
  ['maxLength', { holds: 'count' }],
  ['pattern', { holds: 'expression' }],
  ['format', { holds: 'format' }],
  ['minimum', { holds: 'number' }],
  ['maximum', { holds: 'number' }],
  ['exclusiveMinimum', { holds: 'number' }],
  ['exclusiveMaximum', { holds: 'number' }],
  ['multipleOf', { holds: 'positive number' }],
  ['properties', { holds: 'schemas by name' }],
  ['required', { holds: 'names' }],
  ['additionalProperties', { holds: 'schema' }],
  ['patternProperties', { holds: 'schemas by name' }],
  ['propertyNames', { holds: 'schema' }],
  ['minProperties', { holds: 'count' }],
  ['maxProperties', { holds: 'count' }],
  ['dependencies', { holds: 'schemas or names by name', only: '7', inPlace }],
  ['dependentRequired', { holds: 'names by name', only: '2020-12' }],
  ['dependentSchemas', { holds: 'schemas by name', only: '2020-12', inPlace }],
  ['unevaluatedProperties', { holds: 'schema', only: '2020-12' }],
  ['items', { holds: 'schema or schemas' }],
  ['prefixItems', { holds: 'schemas', only: '2020-12' }],
  ['additionalItems', { holds: 'schema', only: '7' }],
  ['unevaluatedItems', { holds: 'schema', only: '2020-12' }],
  ['contains', { holds: 'schema' }],
  ['minContains', { holds: 'count', only: '2020-12' }],
  ['maxContains', { holds: 'count', only: '2020-12' }],
  ['minItems', { holds: 'count' }],
  ['maxItems', { holds: 'count' }],
  ['uniqueItems', { holds: 'boolean' }],
  ['allOf', { holds: 'schemas', inPlace }],
  ['anyOf', { holds: 'schemas', inPlace }],
  ['oneOf', { holds: 'schemas', inPlace }],
  ['not', { holds: 'schema', inPlace }],
  ['if', { holds: 'schema', inPlace }],
  ['then', { holds: 'schema', inPlace }],
  ['else', { holds: 'schema', inPlace }],
])

/** Formats that are checked. The others of the drafts say too little to be checked the same way everywhere. */
export const FORMATS: ReadonlySet<string> = new Set([
  'date-time', 'date', 'time', 'duration', 'email', 'idn-email', 'hostname', 'idn-hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference', 'iri',
  'iri-reference', 'uri-template', 'url', 'uuid', 'json-pointer', 'relative-json-pointer', 'regex',
])

export const TYPES: ReadonlySet<string> = new Set(['string', 'integer', 'number', 'boolean', 'object', 'array', 'null'])

const DRAFTS: ReadonlyMap<string, Draft> = new Map<string, Draft>([
  ['http://json-schema.org/draft-07/schema', '7'],
  ['https://json-schema.org/draft-07/schema', '7'],
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
])

export const DRAFT_URIS: Readonly<Record<Draft, string>> = { '7': 'http://json-schema.org/draft-07/schema#', '2020-12': 'https://json-schema.org/draft/2020-12/schema' }

/** The draft that a `$schema` names; undefined for one that is not read here. */
export function findDraft(uri: string): Draft | undefined {
  return DRAFTS.get(uri.replace(/#$/, ''))
}

/** Vendors' own notes, as OpenAPI writes them. */
export function isNote(keyword: string): boolean {
  return keyword.startsWith('x-') || KEYWORDS.get(keyword)?.annotates === true
}
