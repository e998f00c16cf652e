// `rondo events types [NAME]`: what types there are, and of one the fields of its schema and the history of its versions; either as TypeScript too.
import { eventsContract, type SchemaChange } from '@rondo/events/contract'
import type { Connection } from './connect.ts'
import type { Terminal } from './terminal.ts'
import { writeTypeScript } from './write-typescript.ts'

type Node = { type?: string | string[]; properties?: Record<string, Node>; items?: Node; required?: string[]; personal?: string; description?: string; [keyword: string]: unknown }
type Field = { field: string; type: string; required: string; personal: string; limits: string; description: string }

/** Keywords with a column of their own, or none. */
const TOLD = ['type', 'properties', 'items', 'required', 'personal', 'description', 'additionalProperties', '$schema', '$id', 'title']

export async function listTypes({ peer, ctx }: Connection, terminal: Terminal): Promise<void> {
  const { rows } = await peer(eventsContract).listTypes({}, ctx)
  if (terminal.json) return terminal.rows(rows)
  terminal.rows(rows.map((row) => ({ ...row, personal: listPersonal(row.schema), state: sayState(row) })), ['type', 'version', 'owner', 'slo', 'retention', 'personal', 'ratePerHour', 'lastEventAt', 'state'])
}

export async function showType(type: string, { peer, ctx }: Connection, terminal: Terminal): Promise<void> {
  const events = peer(eventsContract)
  const row = await events.getType({ type }, ctx)
  const { rows: history } = await events.listVersions({ type }, ctx)
  if (terminal.json) return terminal.object({ ...row, history }, () => '')
  terminal.out(`${row.type} ${row.version}${row.description === '' ? '' : `: ${row.description}`}`)
  terminal.out(`  owner ${row.owner}, ${row.slo}, kept ${row.retention}, ${sayState(row)}, ${row.ratePerHour.toLocaleString('en-US')} in the last hour, last heard ${row.lastEventAt ?? 'never'}\n`)
  for (const { field, count, meant } of row.unknownFields ?? []) terminal.out(`  ${count.toLocaleString('en-US')} came with the field ${JSON.stringify(field)}, which is not kept${meant === null ? '' : `: did you mean ${meant}?`}`)
  if (row.unknownFields !== undefined) terminal.out('')
  terminal.rows(listFields(row.schema))
  terminal.out('')
  terminal.rows(history.map(({ version, putAt, owner, changes }, i) => ({ version, putAt, owner, changed: i === history.length - 1 ? 'the first' : changes.length === 0 ? 'nothing' : changes.map(sayChange).join('; ') })))
}

/** What is no longer defined is left out. */
export async function tellTypeScript(type: string | undefined, { peer, ctx }: Connection, terminal: Terminal): Promise<void> {
  const events = peer(eventsContract)
  const rows = type === undefined ? (await events.listTypes({}, ctx)).rows.filter(({ retiredAt }) => retiredAt === undefined) : [await events.getType({ type }, ctx)]
  const text = writeTypeScript(rows)
  if (terminal.json) terminal.object({ typescript: text }, () => text)
  else terminal.out(text)
}

function sayState({ state, retiredAt, unknownFields = [] }: { state: string; retiredAt?: string; unknownFields?: { field: string }[] }): string {
  const odd = unknownFields.length === 0 ? '' : `, unknown fields: ${unknownFields.slice(0, 3).map(({ field }) => field).join(', ')}${unknownFields.length > 3 ? ' …' : ''}`
  return `${retiredAt === undefined ? state : 'no longer defined'}${odd}`
}

function listPersonal(schema: Node): string {
  return listFields(schema).flatMap(({ field, personal }) => (personal === 'none' || personal === '' ? [] : [`${field} (${personal})`])).join(', ') || 'none'
}

/** Fields of fields as "shipping.city", of lists as "tracks[].id". */
export function listFields(schema: Node, path = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    const field = `${path}${name}`
    const own: Field = { field, type: sayType(node), required: schema.required?.includes(name) === true ? 'yes' : 'no', personal: node.personal ?? '', limits: sayLimits(node), description: node.description ?? '' }
    return [own, ...listFields(node, `${field}.`), ...(node.items === undefined ? [] : listFields(node.items, `${field}[].`))]
  })
}

function sayType({ type, items }: Node): string {
  const said = Array.isArray(type) ? type.join(' or ') : (type ?? 'any')
  return items === undefined ? said : `${said} of ${sayType(items)}`
}

/** "minimum 0, maximum 10"; of an enumeration its values. */
function sayLimits(node: Node): string {
  return Object.entries(node).filter(([keyword]) => !TOLD.includes(keyword)).map(([keyword, value]) => (keyword === 'enum' && Array.isArray(value) ? value.map(String).join(' | ') : `${keyword} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)).join(', ')
}

function sayChange(change: SchemaChange): string {
  const say = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))
  return `${change.path}: ${say(change.was)} → ${say(change.is)}`
}
