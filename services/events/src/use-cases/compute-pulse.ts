// The room's heartbeat: what flowed in the last 24 hours beside what is usual there, and what needs a person.
import { computeLateMs, LEAST_FOR_USUAL, type Attention, type Note, type Pulse } from '@rondo/contract'
import { HOUR_MS, startOfHour, toIso } from '@rondo/time'
import { receiveTime, type Room } from '../room.ts'
import { computeUsualGaps } from './find-silent.ts'
import { findState, isSilent, LATE_AFTER_MS } from './list-types.ts'
import { listActiveHours, type Hour } from './read-history.ts'

const NOTES = 24
/** The day, and those before it of which the same hour makes the usual. */
const DAYS = 8
const DEAD_SHARE = 0.01

export async function computePulse(room: Room): Promise<Pulse> {
  const nowMs = receiveTime(room)
  const hours = await listActiveHours(room, DAYS * 24)
  const notes = computeNotes(hours, startOfHour(nowMs))
  const total = [...room.flows.values()].reduce((sum, flow) => sum + flow.end, 0)
  const lastFull = notes.at(-2)?.value ?? 0
  const attention = findAttention(room, hours, nowMs)
  return {
    holds: `${room.flows.size} types, ${toWords(total)} events`,
    rate: `${toWords(Math.max(lastFull, notes.at(-1)?.value ?? 0))} /h`,
    lagMs: room.lastLagMs ?? null,
    lateMs: computeLateMs(attention, nowMs),
    state: total === 0 ? 'waiting' : (attention[0]?.state ?? 'healthy'),
    notes,
    attention,
  }
}

/** `usual` is the mean of the same hour of the days before, `spread` its standard deviation. */
function computeNotes(hours: Hour[], lastStartMs: number): Note[] {
  const values = new Map<number, number>()
  for (const hour of hours) values.set(hour.startMs, (values.get(hour.startMs) ?? 0) + hour.delivered + hour.duplicates + hour.dead)
  const firstMs = Math.min(...values.keys())
  return Array.from({ length: NOTES }, (_, i): Note => {
    const startMs = lastStartMs - (NOTES - 1 - i) * HOUR_MS
    const before: number[] = []
    for (let day = 1; day < DAYS; day += 1) {
      const atMs = startMs - day * 24 * HOUR_MS
      if (atMs >= firstMs) before.push(values.get(atMs) ?? 0)
    }
    const enough = before.length >= LEAST_FOR_USUAL
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length
    const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (before.length - 1)
    return { at: toIso(startMs), value: values.get(startMs) ?? 0, usual: enough ? mean : null, spread: enough ? Math.sqrt(variance) : null }
  })
}

function findAttention(room: Room, hours: Hour[], nowMs: number): Attention[] {
  const gaps = computeUsualGaps(hours)
  const attention: Attention[] = []
  for (const flow of room.flows.values()) {
    const { name, owner } = flow.type.definition
    const about = { subject: name, ref: `/events/${encodeURIComponent(name)}`, owner }
    const usualGapMs = gaps.get(name)
    if (flow.brokenBy !== undefined) {
      attention.push({ ...about, state: 'failed', since: toIso(Number.isFinite(flow.firstUnlandedMs) ? flow.firstUnlandedMs : nowMs), message: `Landing fails: ${flow.brokenBy}`, hurts: `${flow.end - flow.landed} events wait; datasets of "${name}" do not fill.` })
    }
    if (findState(flow, nowMs, usualGapMs) === 'late') {
      const dueMs = flow.firstUnlandedMs + LATE_AFTER_MS[flow.type.definition.slo]
      attention.push({ ...about, state: 'late', since: toIso(dueMs), message: `${toWords(flow.end - flow.landed)} events of "${name}" are not landed; the first had to be by ${toIso(dueMs)}.`, hurts: 'Datasets made from its hours wait.' })
    }
    if (isSilent(flow, nowMs, usualGapMs)) {
      attention.push({ ...about, state: 'silent', since: toIso(flow.lastEventMs), message: `No "${name}" since ${toIso(flow.lastEventMs)}; in the week before it was quiet for at most ${toDuration(usualGapMs ?? 0)}.`, hurts: 'Whatever is computed from it stops growing.' })
    }
    const day = hours.filter((hour) => hour.type === name && hour.startMs >= nowMs - 24 * HOUR_MS)
    const dead = day.reduce((sum, hour) => sum + hour.dead, 0)
    const all = day.reduce((sum, hour) => sum + hour.dead + hour.delivered, 0)
    if (flow.dead.end > flow.dead.replayed && dead > all * DEAD_SHARE) {
      attention.push({ ...about, ref: `${about.ref}/dead`, state: 'warned', since: toIso(day.find((hour) => hour.dead > 0)?.startMs ?? nowMs), message: `${toWords(dead)} of ${toWords(all)} in the last day do not fit the schema (${((dead / all) * 100).toFixed(1)} %).`, hurts: 'They count nowhere until they are repaired and replayed.' })
    }
  }
  const rank = { failed: 0, late: 1, silent: 2, warned: 3 } as Record<string, number>
  return attention.sort((a, b) => (rank[a.state] ?? 9) - (rank[b.state] ?? 9))
}

export function toWords(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} G`
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

function toDuration(ms: number): string {
  return `${Math.round(ms / HOUR_MS)} h`
}
