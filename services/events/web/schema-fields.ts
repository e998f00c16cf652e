// A type's JSON Schema as lines of a table: one a field, nested ones by their path.
import { isRecord } from '@rondo/contract'

export type Personal = 'none' | 'narrow' | 'strict'
export type SchemaField = { path: string; type: string; required: boolean; /** In words: "at least 0", "one of search, radio". */ rules: string[]; personal: Personal | undefined; description: string }

type Schema = Record<string, unknown>

export function listFields(schema: Schema, path = ''): SchemaField[] {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(properties).flatMap(([name, field]): SchemaField[] => {
    if (!isRecord(field)) return []
    const at = path === '' ? name : `${path}.${name}`
    const items = isRecord(field['items']) ? field['items'] : undefined
    const personal = field['personal']
    const own: SchemaField = {
      path: at,
      type: items === undefined ? typeWords(field) : `list of ${typeWords(items)}`,
      required: required.includes(name),
      rules: listRules(field),
      personal: personal === 'none' || personal === 'narrow' || personal === 'strict' ? personal : undefined,
      description: typeof field['description'] === 'string' ? field['description'] : '',
    }
    return [own, ...listFields(field, at), ...(items === undefined ? [] : listFields(items, `${at}[]`))]
  })
}

function typeWords(schema: Schema): string {
  const type = schema['type']
  if (typeof type === 'string') return type === 'string' && typeof schema['format'] === 'string' ? schema['format'] : type
  if (Array.isArray(type)) return type.join(' or ')
  return Array.isArray(schema['enum']) ? 'enum' : schema['const'] !== undefined ? 'constant' : 'any'
}

function listRules(schema: Schema): string[] {
  const rules: string[] = []
  const number = (name: string): number | undefined => (typeof schema[name] === 'number' ? schema[name] : undefined)
  const range = (low: number | undefined, high: number | undefined, unit: string): void => {
    if (low !== undefined && high !== undefined) rules.push(low === high ? `exactly ${low}${unit}` : `${low} to ${high}${unit}`)
    else if (low !== undefined) rules.push(`at least ${low}${unit}`)
    else if (high !== undefined) rules.push(`at most ${high}${unit}`)
  }
  range(number('minimum'), number('maximum'), '')
  range(number('minLength'), number('maxLength'), ' characters')
  range(number('minItems'), number('maxItems'), ' items')
  const above = number('exclusiveMinimum')
  const below = number('exclusiveMaximum')
  if (above !== undefined) rules.push(`above ${above}`)
  if (below !== undefined) rules.push(`below ${below}`)
  if (typeof schema['pattern'] === 'string') rules.push(`matches ${schema['pattern']}`)
  if (Array.isArray(schema['enum'])) rules.push(`one of ${schema['enum'].map(String).join(', ')}`)
  if (schema['const'] !== undefined) rules.push(`always ${String(schema['const'])}`)
  return rules
}

/** The strictest mark of a type: what its tag says. */
export function strictestMark(marks: readonly (Personal | undefined)[]): Personal {
  return marks.includes('strict') ? 'strict' : marks.includes('narrow') ? 'narrow' : 'none'
}
