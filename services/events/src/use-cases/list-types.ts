// Event types with where each of them stands.
import { HOUR_MS, toIso } from '@rondo/time'
import type { TypeRow } from '../contract.ts'
import { HOUSE, receiveTime, type Flow, type Room } from '../room.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { getFlow } from './get-flow.ts'
import { computeUsualGaps, HABIT_HOURS } from './find-silent.ts'
import { listActiveHours } from './read-history.ts'

/** Longer than this in the log without a bucket is late, by service level. */
export const LATE_AFTER_MS = { gold: HOUR_MS + 15 * 60_000, silver: 2 * HOUR_MS, bronze: 6 * HOUR_MS }

const SILENT_AFTER_MS = 2 * HOUR_MS

export async function listTypes(room: Room): Promise<TypeRow[]> {
  const gaps = computeUsualGaps(await listActiveHours(room, HABIT_HOURS))
  const rows = await Promise.all([...room.flows.values()].map((flow) => toTypeRow(room, flow, gaps)))
  return rows.sort((a, b) => (a.type < b.type ? -1 : 1))
}

export async function getType(room: Room, type: string): Promise<TypeRow> {
  const gaps = computeUsualGaps(await listActiveHours(room, HABIT_HOURS))
  return toTypeRow(room, getFlow(room, type), gaps)
}

async function toTypeRow(room: Room, flow: Flow, gaps: Map<string, number>): Promise<TypeRow> {
  const nowMs = receiveTime(room)
  const { name, version, owner, slo, retention, description, schema } = flow.type.definition
  return {
    type: name,
    version,
    versions: flow.type.versions,
    owner,
    slo,
    retention,
    description: description ?? '',
    schema,
    ratePerHour: flow.end === 0 || flow.lastEventMs <= nowMs - HOUR_MS ? 0 : flow.end - (await room.deps.eventLog.findOffset({ topic: eventsTopic(name), partition: PARTITION, timestampMs: nowMs - HOUR_MS + 1 }, HOUSE)),
    lastEventAt: flow.lastEventMs === 0 ? null : toIso(flow.lastEventMs),
    state: findState(flow, nowMs, gaps.get(name)),
    landingLagMs: flow.end > flow.landed ? Math.max(0, nowMs - flow.firstUnlandedMs) : 0,
    ...(flow.retiredAtMs === undefined ? {} : { retiredAt: toIso(flow.retiredAtMs) }),
    columns: flow.type.columns.map((column) => ({ name: column.name, type: column.type, personal: column.personal })),
  }
}

export function findState(flow: Flow, nowMs: number, usualGapMs: number | undefined): TypeRow['state'] {
  if (flow.brokenBy !== undefined) return 'warned'
  if (flow.end === 0) return 'waiting'
  if (flow.end > flow.landed && nowMs - flow.firstUnlandedMs > LATE_AFTER_MS[flow.type.definition.slo]) return 'late'
  return isSilent(flow, nowMs, usualGapMs) ? 'silent' : 'healthy'
}

/** Two hours after the longest that it was ever quiet. Bronze types, and those that nobody defines any more, may be silent as long as they like. */
export function isSilent(flow: Flow, nowMs: number, usualGapMs: number | undefined): boolean {
  return flow.retiredAtMs === undefined && flow.type.definition.slo !== 'bronze' && usualGapMs !== undefined && flow.lastEventMs > 0 && nowMs - flow.lastEventMs > usualGapMs + SILENT_AFTER_MS
}
