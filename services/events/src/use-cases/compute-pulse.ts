// The room's heartbeat: what flowed in the last 24 hours beside what is usual there, and what needs a person.
import { computeLateMs, LEAST_FOR_USUAL, type Attention, type Note, type Pulse } from '@rondo/contract'
import { HOUR_MS, startOfHour, toIso } from '@rondo/time'
import { PROMISES } from '../contract.ts'
import { receiveTime, type Room } from '../room.ts'
import { findHabits } from './find-habits.ts'
import { isBad, listDays } from './list-standings.ts'
import { findLag, isSilent } from './list-types.ts'
import { listActiveHours, type Hour } from './read-history.ts'

const NOTES = 24
/** The day, and those before it of which the same hour makes the usual. */
const DAYS = 8

export async function computePulse(room: Room): Promise<Pulse> {
  const nowMs = receiveTime(room)
  const { before } = await findHabits(room)
  const hours = [...before.map((hour) => ({ ...hour, delivered: hour.rows })), ...(await listActiveHours(room, undefined, NOTES))]
  const notes = computeNotes(hours, startOfHour(nowMs))
  const total = [...room.flows.values()].reduce((sum, flow) => sum + flow.end, 0)
  const lastFull = notes.at(-2)?.value ?? 0
  const attention = await findAttention(room, nowMs)
  return {
    holds: `${toWords(room.flows.size)} types, ${toWords(total)} events`,
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
  const values = new Map(hours.map((hour) => [hour.startMs, hour.delivered + hour.duplicates + hour.dead]))
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

async function findAttention(room: Room, nowMs: number): Promise<Attention[]> {
  const [habits, days] = await Promise.all([findHabits(room), listDays(room)])
  const attention: Attention[] = []
  for (const flow of room.flows.values()) {
    const { name, owner, slo } = flow.type.definition
    const about = { subject: name, ref: `/events/${encodeURIComponent(name)}`, owner }
    const { usualGapMs, account } = habits.of(name)
    const promise = PROMISES[slo]
    if (flow.brokenBy !== undefined) {
      attention.push({ ...about, state: 'failed', since: toIso(Number.isFinite(flow.firstUnlandedMs) ? flow.firstUnlandedMs : nowMs), message: `Landing fails: ${flow.brokenBy}`, hurts: `${flow.end - flow.landed} events wait; datasets of "${name}" do not fill.` })
    }
    if (account !== undefined && account.wrongHours > 0) {
      attention.push({ ...about, ref: `${about.ref}?tab=buckets`, state: 'failed', since: toIso(habits.hourMs), message: `${toWords(account.wrong)} of "${name}" ${account.wrong === 1 ? 'is' : 'are'} unaccounted for in ${account.wrongHours} closed ${account.wrongHours === 1 ? 'hour' : 'hours'} of the last day.`, hurts: 'Datasets made from these hours hold more or less than was accepted.' })
    }
    if (findLag(flow, nowMs) > promise.landsWithinMs) {
      const dueMs = flow.firstUnlandedMs + promise.landsWithinMs
      attention.push({ ...about, state: 'late', since: toIso(dueMs), message: `${toWords(flow.end - flow.landed)} events of "${name}" are not landed; the first had to be by ${toClock(dueMs)} (${slo}: within ${toDuration(promise.landsWithinMs)}).`, hurts: 'Datasets made from its hours wait.' })
    }
    if (isSilent(flow, nowMs, usualGapMs)) {
      attention.push({ ...about, state: 'silent', since: toIso(flow.lastEventMs), message: `No "${name}" since ${toClock(flow.lastEventMs)}; in the week before it was quiet for at most ${toDuration(usualGapMs ?? 0)}.`, hurts: 'Whatever is computed from it stops growing.' })
    }
    const day = days.get(name)
    if (day !== undefined && isBad(flow, day)) {
      const all = day.dead + day.delivered
      attention.push({ ...about, ref: `${about.ref}/dead`, state: 'warned', since: toIso(day.firstDeadMs ?? nowMs), message: `${toWords(day.dead)} of ${toWords(all)} in the last day do not fit the schema: ${((day.dead / all) * 100).toFixed(1)} %, ${slo} allows ${promise.deadShare * 100} %.`, hurts: 'They count nowhere until they are repaired and replayed.' })
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

/** "2026-09-21 09:42 UTC" */
function toClock(ms: number): string {
  return `${toIso(ms).slice(0, 16).replace('T', ' ')} UTC`
}

function toDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
