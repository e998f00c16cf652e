// The part of JSON Schema that almost every event type stays within, in a form that can be checked on bytes without building objects.
//
// A flat schema is one object of strings, integers, numbers and booleans with simple limits. Whatever is outside it has no flat
// form, and is checked by the compiled validator instead: a flat check may say "not sure", it never says yes to what is wrong.

export type FlatField = {
  name: string
  kind: 'string' | 'integer' | 'number' | 'boolean'
  /** Lengths in characters for strings; bounds for numbers. */
  minimum: number
  maximum: number
  /** Allowed values of a string, with their quotes. */
  oneOf: Uint8Array[] | undefined
}

export type FlatSchema = {
  fields: FlatField[]
  /** `"name":` of each field. */
  tokens: Uint8Array[]
  /** Bit i: field i must be there. */
  required: number
}

const MAX_FIELDS = 30

/** Keywords that say nothing about validity. */
const ANNOTATIONS = new Set(['personal', 'description', 'title', 'examples', 'default', '$id', '$schema', '$comment', 'deprecated', 'readOnly', 'writeOnly'])

const KEYWORDS: Record<FlatField['kind'], Set<string>> = {
  string: new Set(['type', 'minLength', 'maxLength', 'enum', 'const']),
  integer: new Set(['type', 'minimum', 'maximum']),
  number: new Set(['type', 'minimum', 'maximum']),
  boolean: new Set(['type']),
}

/** The flat form of a schema of properties; undefined when it uses anything else. */
export function findFlatSchema(schema: Record<string, unknown>): FlatSchema | undefined {
  for (const keyword of Object.keys(schema)) if (!['type', 'properties', 'required', 'additionalProperties'].includes(keyword) && !ANNOTATIONS.has(keyword)) return undefined
  if (schema['type'] !== 'object' || schema['additionalProperties'] !== false) return undefined
  const properties = (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>
  const names = Object.keys(properties)
  if (names.length > MAX_FIELDS) return undefined
  const fields: FlatField[] = []
  for (const name of names) {
    const field = findFlatField(name, properties[name] as Record<string, unknown>)
    if (field === undefined) return undefined
    fields.push(field)
  }
  let required = 0
  for (const name of (schema['required'] ?? []) as string[]) {
    const at = names.indexOf(name)
    if (at < 0) return undefined
    required |= 1 << at
  }
  return { fields, tokens: names.map((name) => toToken(`"${name}":`)), required }
}

function findFlatField(name: string, schema: Record<string, unknown>): FlatField | undefined {
  const kind = schema['type']
  if (kind !== 'string' && kind !== 'integer' && kind !== 'number' && kind !== 'boolean') return undefined
  if (!isPlain(name)) return undefined
  for (const keyword of Object.keys(schema)) if (!KEYWORDS[kind].has(keyword) && !ANNOTATIONS.has(keyword)) return undefined
  const [low, high] = kind === 'string' ? (['minLength', 'maxLength'] as const) : (['minimum', 'maximum'] as const)
  const minimum = schema[low] ?? -Infinity
  const maximum = schema[high] ?? Infinity
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return undefined
  const values = schema['const'] === undefined ? schema['enum'] : [schema['const']]
  let oneOf: Uint8Array[] | undefined
  if (values !== undefined) {
    if (!Array.isArray(values) || schema['const'] !== undefined && schema['enum'] !== undefined) return undefined
    oneOf = []
    for (const value of values) {
      if (typeof value !== 'string' || !isPlain(value)) return undefined
      oneOf.push(toToken(`"${value}"`))
    }
  }
  return { name, kind, minimum, maximum, oneOf }
}

/** Its JSON form is itself between quotes. */
function isPlain(text: string): boolean {
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text)
}

function toToken(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}
