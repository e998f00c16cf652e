// Registers event types and new versions of them: checked, classified, their topics made, then written down and in force at once.
import { createLimit } from '@rondo/async'
import { createEventType, type TypeDefinition } from '../domain/event-type.ts'
import { compareVersions } from '../domain/schema-version.ts'
import { errors } from '../errors.ts'
import { createFlow } from '../flows.ts'
import { HOUSE, type Flow, type Room } from '../room.ts'
import { listVersions, saveVersions } from '../store/type-store.ts'
import { PARTITIONS, eventsTopic, toRetentionMs } from '../topics.ts'
import { examineType } from './examine-type.ts'

const TOPICS_AT_ONCE = 256

/** `created`: the type or this version of it is new. */
export type Put = { type: string; version: string; created: boolean }

/** One registration at a time. Throws what `examineType` throws. */
export async function putType(room: Room, given: TypeDefinition): Promise<Put> {
  const [put] = await putTypes(room, [given])
  return put as Put
}

/** All or none of them, in one transaction: 1,800 cost little more than one. Throws what `examineType` throws, and EVENT_TYPE_TWICE. */
export function putTypes(room: Room, given: TypeDefinition[]): Promise<Put[]> {
  return room.serial(() => put(room, given.map(toPlain)))
}

async function put(room: Room, definitions: TypeDefinition[]): Promise<Put[]> {
  refuseTwice(definitions)
  const examined = definitions.map((definition) => ({ definition, ...examineType(room, definition) }))
  const fresh = examined.filter(({ same }) => !same)
  const inTurn = createLimit(TOPICS_AT_ONCE)
  // An older MODEL goes on under the words of the current one.
  const leading = fresh.filter(({ definition, flow }) => flow === undefined || compareVersions(definition.version, flow.type.definition.version) >= 0)
  await Promise.all(leading.map(({ definition }) => inTurn(() => room.deps.eventLog.createTopic(eventsTopic(definition.name), { partitions: PARTITIONS, retentionMs: toRetentionMs(definition) }, HOUSE))))
  const answers = examined.map(({ definition: { name, version }, flow, same }) => ({ type: name, version, created: !same && flow?.type.versions.includes(version) !== true }))
  await saveVersions(room.deps.relational, fresh.map(({ definition }) => definition), room.deps.clock.now(), HOUSE)
  for (const { definition, flow } of fresh) {
    if (flow === undefined) addFlow(room, createFlow(createEventType([definition])))
    else {
      flow.type = createEventType(await listVersions(room.deps.relational, definition.name))
      flow.retiredAtMs = undefined
    }
  }
  if (fresh.length > 0) room.scanner.forgetTypes()
  for (const { type, version, created } of answers) if (created) room.deps.log.info('event type registered', { type, version })
  return answers
}

export function addFlow(room: Room, flow: Flow): void {
  room.flows.set(flow.type.name, flow)
  room.namesByCase.set(flow.type.name.toLowerCase(), flow.type.name)
}

/** Folders of objects may not tell names apart by case. */
function refuseTwice(definitions: TypeDefinition[]): void {
  const names = new Map<string, string>()
  for (const { name } of definitions) {
    const other = names.get(name.toLowerCase())
    if (other === name) throw errors.typeTwice({ type: name })
    if (other !== undefined) throw errors.nameClash({ type: name, other })
    names.set(name.toLowerCase(), name)
  }
}

/** Fields in one order, so that equal definitions are equal text. */
function toPlain(given: TypeDefinition): TypeDefinition {
  const { name, version, owner, description, slo, retention, schema } = given
  return { name, version, owner, ...(description === undefined ? {} : { description }), slo, retention, schema }
}
