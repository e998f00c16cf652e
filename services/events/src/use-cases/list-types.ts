// Event types with where each of them stands.
import { HOUR_MS, toIso } from '@rondo/time'
import { PROMISES, type TypeRow } from '../contract.ts'
import { findMeant } from '../domain/unknown-fields.ts'
import { HOUSE, receiveTime, type Flow, type Room } from '../room.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { findHabits } from './find-habits.ts'
import { getFlow } from './get-flow.ts'

export async function listTypes(room: Room): Promise<TypeRow[]> {
  const habits = await findHabits(room)
  const rows = await Promise.all([...room.flows.values()].map((flow) => toTypeRow(room, flow, habits.of(flow.type.name).usualGapMs)))
  return rows.sort((a, b) => (a.type < b.type ? -1 : 1))
}

export async function getType(room: Room, type: string): Promise<TypeRow> {
  const flow = getFlow(room, type)
  return toTypeRow(room, flow, (await findHabits(room)).of(type).usualGapMs)
}

async function toTypeRow(room: Room, flow: Flow, usualGapMs: number | undefined): Promise<TypeRow> {
  const nowMs = receiveTime(room)
  const { name, version, owner, slo, retention, description, schema } = flow.type.definition
  const unknown = room.unknownFields.of(name)
  return {
    type: name,
    version,
    versions: flow.type.versions,
    owner,
    slo,
    retention,
    description: description ?? '',
    schema,
    ratePerHour: await countLastHour(room, flow, nowMs),
    lastEventAt: flow.lastEventMs === 0 ? null : toIso(flow.lastEventMs),
    state: findState(flow, nowMs, usualGapMs),
    landingLagMs: findLag(flow, nowMs),
    ...(flow.retiredAtMs === undefined ? {} : { retiredAt: toIso(flow.retiredAtMs) }),
    ...(unknown.length === 0 ? {} : { unknownFields: unknown.map(({ field, count, lastMs }) => ({ field, count, lastAt: toIso(lastMs), meant: findMeant(field) ?? null })) }),
    columns: flow.type.columns.map((column) => ({ name: column.name, type: column.type, personal: column.personal })),
  }
}

/** Delivered during the last 60 minutes. */
export async function countLastHour(room: Room, flow: Flow, nowMs: number): Promise<number> {
  if (flow.end === 0 || flow.lastEventMs <= nowMs - HOUR_MS) return 0
  return flow.end - (await room.deps.eventLog.findOffset({ topic: eventsTopic(flow.type.name), partition: PARTITION, timestampMs: nowMs - HOUR_MS + 1 }, HOUSE))
}

/** Age of the oldest event that is in no bucket; 0 without any. */
export function findLag(flow: Flow, nowMs: number): number {
  return flow.end > flow.landed ? Math.max(0, nowMs - flow.firstUnlandedMs) : 0
}

export function findState(flow: Flow, nowMs: number, usualGapMs: number | undefined): TypeRow['state'] {
  if (flow.brokenBy !== undefined) return 'warned'
  if (flow.end === 0) return 'waiting'
  if (findLag(flow, nowMs) > PROMISES[flow.type.definition.slo].landsWithinMs) return 'late'
  return isSilent(flow, nowMs, usualGapMs) ? 'silent' : 'healthy'
}

/** So long after the longest that it was ever quiet. Those whose promise does not say, and those that nobody defines any more, may be silent as long as they like. */
export function isSilent(flow: Flow, nowMs: number, usualGapMs: number | undefined): boolean {
  const { silentAfterMs } = PROMISES[flow.type.definition.slo]
  return flow.retiredAtMs === undefined && silentAfterMs !== null && usualGapMs !== undefined && flow.lastEventMs > 0 && nowMs - flow.lastEventMs > usualGapMs + silentAfterMs
}
