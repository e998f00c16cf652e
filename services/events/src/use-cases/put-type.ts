// Registers an event type or a new version of it: checked, classified, its topic made, then written down and in force at once.
import { Compile } from 'typebox/compile'
import { createEventType, type TypeDefinition } from '../domain/event-type.ts'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { findSchemaFault } from '../domain/schema-fields.ts'
import { classifyChange, compareVersions, nextVersion, parseVersion, type Change } from '../domain/schema-version.ts'
import { errors } from '../errors.ts'
import { createFlow } from '../flows.ts'
import { HOUSE, type Flow, type Room } from '../room.ts'
import { listVersions, saveVersion } from '../store/type-store.ts'
import { PARTITIONS, eventsTopic, toRetentionMs } from '../topics.ts'

/** `created`: the type or this version of it is new. */
export type Put = { type: string; version: string; created: boolean }

/** One registration at a time. Throws SCHEMA_INVALID, VERSION_USED, VERSION_OLD, VERSION_BREAKING, EVENT_TYPE_RESERVED, EVENT_TYPE_CLASH. */
export function putType(room: Room, given: TypeDefinition): Promise<Put> {
  return room.serial(() => put(room, given))
}

async function put(room: Room, given: TypeDefinition): Promise<Put> {
  const definition = toPlain(given)
  const { name, version, schema } = definition
  if (name === UNKNOWN_TYPE) throw errors.nameReserved({ type: name })
  const fault = findSchemaFault(schema) ?? findCompileFault(schema)
  if (fault !== undefined) throw errors.schemaWrong({ type: name, ...fault })
  const flow = room.flows.get(name)
  const answer = { type: name, version }
  if (flow === undefined) {
    const other = [...room.flows.keys()].find((known) => known.toLowerCase() === name.toLowerCase())
    if (other !== undefined) throw errors.nameClash({ type: name, other })
  } else {
    if (flow.retiredAtMs === undefined && JSON.stringify(flow.type.definition) === JSON.stringify(definition)) return { ...answer, created: false }
    refuseBadStep(flow, definition)
  }
  await room.deps.eventLog.createTopic(eventsTopic(name), { partitions: PARTITIONS, retentionMs: toRetentionMs(definition) }, HOUSE)
  const created = flow === undefined || compareVersions(version, flow.type.definition.version) !== 0
  await saveVersion(room.deps.relational, definition, room.deps.clock.now(), HOUSE)
  const type = createEventType(await listVersions(room.deps.relational, name))
  if (flow === undefined) room.flows.set(name, createFlow(type))
  else {
    flow.type = type
    flow.retiredAtMs = undefined
  }
  room.scanner.forgetTypes()
  room.deps.log.info('event type registered', { type: name, version, created })
  return { ...answer, created }
}

/** The same version may change its words (owner, service level…) but never its schema; a breaking change needs a new MODEL. */
function refuseBadStep(flow: Flow, { name, version, schema }: TypeDefinition): void {
  const now = flow.type.definition
  const order = compareVersions(version, now.version)
  if (order < 0) throw errors.versionOld({ type: name, version, current: now.version })
  const change: Change = classifyChange(now.schema, schema)
  if (order === 0 && change.step !== 'none') throw errors.versionUsed({ type: name, version, because: change.because, next: nextVersion(version, change.step) })
  if (change.step === 'breaking' && parseVersion(version).model === parseVersion(now.version).model) {
    throw errors.versionBreaking({ type: name, version, because: change.because, next: nextVersion(now.version, 'breaking') })
  }
}

function findCompileFault(schema: Record<string, unknown>): { path: string; fault: string } | undefined {
  try {
    Compile(schema).Check({})
    return undefined
  } catch (cause) {
    return { path: 'schema', fault: `is no JSON Schema (${cause instanceof Error ? cause.message : String(cause)})` }
  }
}

/** Fields in one order, so that equal definitions are equal text. */
function toPlain(given: TypeDefinition): TypeDefinition {
  const { name, version, owner, description, slo, retention, schema } = given
  return { name, version, owner, ...(description === undefined ? {} : { description }), slo, retention, schema }
}
