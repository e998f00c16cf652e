// Event types as TypeScript, for clients that have no workspace: `rondo events types --typescript > events.ts`.
type Node = Record<string, unknown>

const HEAD = [
  '// The events of this workspace, for `createRondo<Events>(…)` of "@rondo/js".',
  '// Written by `rondo events types --typescript`: write it anew when they change, rather than by hand.',
]

/** Schemas are JSON Schema, either draft. What TypeScript cannot say of them (limits, patterns, conditions) is left to the collector. */
export function writeTypeScript(types: { type: string; description: string; schema: Node }[]): string {
  const sorted = types.toSorted((a, b) => (a.type < b.type ? -1 : 1))
  const fields = sorted.flatMap(({ type, description, schema }) => [...sayDescription(description, '  '), `  ${toKey(type)}: ${toObject(schema, '  ')}`])
  return [...HEAD, '', 'export type Events = {', ...fields, '}'].join('\n')
}

function toType(schema: unknown, indent: string): string {
  if (!isNode(schema)) return schema === false ? 'never' : 'unknown'
  if ('const' in schema) return toLiteral(schema['const'])
  if (Array.isArray(schema['enum'])) return toUnion(schema['enum'].map(toLiteral))
  for (const keyword of ['anyOf', 'oneOf']) {
    const choices: unknown = schema[keyword]
    if (Array.isArray(choices)) return toUnion(choices.map((choice) => toType(choice, indent)))
  }
  const { type } = schema
  if (Array.isArray(type)) return toUnion(type.map((one) => toType({ ...schema, type: String(one) }, indent)))
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return toArray(toType(schema['items'], indent))
    case 'object':
      return toObject(schema, indent)
    default:
      return isNode(schema['properties']) ? toObject(schema, indent) : 'unknown'
  }
}

function toObject(schema: Node, indent: string): string {
  const properties = isNode(schema['properties']) ? Object.entries(schema['properties']) : []
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const inner = `${indent}  `
  const fields = properties.flatMap(([name, field]) => [
    ...sayDescription(isNode(field) ? field['description'] : undefined, inner),
    `${inner}${toKey(name)}${required.includes(name) ? '' : '?'}: ${toType(field, inner)}`,
  ])
  const isOpen = schema['additionalProperties'] !== false
  if (fields.length === 0) return isOpen ? 'Record<string, unknown>' : 'Record<string, never>'
  return ['{', ...fields, ...(isOpen ? [`${inner}[more: string]: unknown`] : []), `${indent}}`].join('\n')
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const toUnion = (types: string[]): string => [...new Set(types)].join(' | ') || 'never'
const toArray = (item: string): string => (/[ |]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`)
const toLiteral = (value: unknown): string => (typeof value === 'string' ? quote(value) : typeof value === 'object' && value !== null ? 'unknown' : String(value))
const toKey = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name))
const quote = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", String.raw`\'`)}'`
const sayDescription = (text: unknown, indent: string): string[] => (typeof text === 'string' && text !== '' ? [`${indent}/** ${text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /')} */`] : [])
