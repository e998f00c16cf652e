// What registering a definition would do: whether its schema can be taken, what it changes, and which version that needs. Changes nothing.
import { AppError } from '@rondo/errors'
import type { TypeCheck } from '../contract.ts'
import type { TypeDefinition } from '../domain/event-type.ts'
import { findSchemaFault } from '../domain/json-schema/find-schema-fault.ts'
import { describeChanges, listChanges, type Change } from '../domain/json-schema/list-changes.ts'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { compareVersions, nextVersion, parseVersion } from '../domain/schema-version.ts'
import { errors } from '../errors.ts'
import type { Flow, Room } from '../room.ts'

/** Changes that a refusal names. */
const MOST_TOLD = 50

/** `flow`: where the type stands; undefined when it is new. `same`: nothing at all would change. */
export type Examined = { flow: Flow | undefined; same: boolean; changes: Change[]; needed: string }

/** Throws SCHEMA_INVALID, VERSION_USED, VERSION_OLD, VERSION_SMALL, VERSION_BREAKING, EVENT_TYPE_RESERVED, EVENT_TYPE_CLASH. */
export function examineType(room: Room, definition: TypeDefinition): Examined {
  const { name, version, schema } = definition
  if (name === UNKNOWN_TYPE) throw errors.nameReserved({ type: name })
  const flow = room.flows.get(name)
  const now = findBase(flow, version)
  if (flow !== undefined && flow.retiredAtMs === undefined && JSON.stringify(now) === JSON.stringify(definition)) return { flow, same: true, changes: [], needed: version }
  const fault = findSchemaFault(schema)
  if (fault !== undefined) throw errors.schemaWrong({ type: name, ...fault })
  if (now === undefined) {
    const other = room.namesByCase.get(name.toLowerCase())
    if (other !== undefined) throw errors.nameClash({ type: name, other })
    return { flow, same: false, changes: [], needed: version }
  }
  const changes = listChanges(now.schema, schema)
  const needed = findNeeded(flow, now, changes)
  refuseBadStep(definition, now.version, changes, needed)
  return { flow, same: false, changes, needed }
}

/** What a version is held against: the current one, and for a version of an older MODEL, which takes events beside it, the newest of that. */
function findBase(flow: Flow | undefined, version: string): TypeDefinition | undefined {
  const current = flow?.type.definition
  if (current === undefined || parseVersion(version).model >= parseVersion(current.version).model) return current
  return flow?.type.findModel(version)?.definition ?? current
}

/** The smallest version that may carry the changes; a new MODEL is one above all there are. */
function findNeeded(flow: Flow | undefined, base: TypeDefinition, [largest]: Change[]): string {
  return nextVersion(largest?.class === 'MODEL' ? (flow?.type.definition ?? base).version : base.version, largest?.class)
}

/** The same version may change its words (owner, service level…) but never its schema; a change needs its part of the version to grow. */
function refuseBadStep({ name, version }: TypeDefinition, current: string, changes: Change[], needed: string): void {
  const order = compareVersions(version, current)
  if (order < 0) throw errors.versionOld({ type: name, version, current })
  const [largest] = changes
  if (largest === undefined || compareVersions(version, needed) >= 0) return
  const told = { type: name, version, because: sayWhy(changes), next: needed, changes: changes.slice(0, MOST_TOLD).map(toPlainChange) }
  if (order === 0) throw errors.versionUsed(told)
  if (largest.class === 'MODEL' && parseVersion(version).model === parseVersion(current).model) throw errors.versionBreaking(told)
  throw errors.versionSmall(told)
}

/** Every change, the largest first, each with the part of the version that it needs. */
function sayWhy(changes: Change[]): string {
  const told = changes.slice(0, MOST_TOLD).map(({ why, class: kind }) => `${why} (${kind})`)
  return [...told, ...(changes.length > MOST_TOLD ? [`and ${changes.length - MOST_TOLD} more`] : [])].join('; ')
}

/** A dry run: what `putType` would say. */
export function checkType(room: Room, definition: TypeDefinition): TypeCheck {
  const { name: type, version, schema } = definition
  const flow = room.flows.get(type)
  const now = findBase(flow, version)
  const current = now?.version ?? null
  let fault: AppError | undefined
  try {
    examineType(room, definition)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    fault = thrown
  }
  const changes = now === undefined || fault?.code === 'SCHEMA_INVALID' ? [] : listChanges(now.schema, schema)
  const needed = now === undefined ? version : findNeeded(flow, now, changes)
  const verdict = now === undefined ? `${type} ${version} is new.` : changes.length === 0 ? `${type} says the same as ${now.version}.` : `${type} ${now.version} → ${version} ${compareVersions(version, needed) >= 0 ? 'may carry' : `is too small for`} what changes: ${needed} at least.`
  const text = [fault === undefined ? verdict : `${fault.message}${fault.help === undefined ? '' : ` ${fault.help}`}`, ...(changes.length === 0 ? [] : [describeChanges(changes)])].join('\n')
  return { type, version, current, fits: fault === undefined, fault: fault === undefined ? null : { code: fault.code, message: fault.message, help: fault.help ?? null }, needed, changes: changes.map(toPlainChange), text }
}

/** Without what is not there, as JSON has it. */
export function toPlainChange({ path, was, is, class: kind, why }: Change): TypeCheck['changes'][number] {
  return { path, ...(was === undefined ? {} : { was }), ...(is === undefined ? {} : { is }), class: kind, why }
}
