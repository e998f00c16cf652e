// Where each type stands against its promise: one row a type with the figures of its day, small enough for 1,800 of them at once.
import { DAY_MS, HOUR_MS, toIso } from '@rondo/time'
import { PROMISES, type Standing } from '../contract.ts'
import type { TypeHabit } from '../habits.ts'
import { receiveTime, type Flow, type Room } from '../room.ts'
import { listOpenRows, sumTalliesOf } from '../store/hour-store.ts'
import { findHabits } from './find-habits.ts'
import { countLastHour, findLag, findState } from './list-types.ts'
import { listInFlight } from './read-history.ts'

const NO_ACCOUNT = { hours: 0, delivered: 0, landed: 0, inFlight: 0, wrongHours: 0, wrong: 0 }

/** What of a type's last 24 hours no closed hour knows yet is added. */
export async function listStandings(room: Room): Promise<Standing[]> {
  const [days, habits] = await Promise.all([listDays(room), findHabits(room)])
  const nowMs = receiveTime(room)
  const rows = await Promise.all([...room.flows.values()].map(async (flow) => toStanding(flow, days.get(flow.type.name) ?? NOTHING, habits.of(flow.type.name), nowMs, await countLastHour(room, flow, nowMs))))
  return rows.sort((a, b) => (a.type < b.type ? -1 : 1))
}

/** The last 24 hours of one type; `notes` are rows by hour, the last is the hour under way. */
export type Day = { notes: Float64Array; delivered: number; duplicates: number; dead: number; firstDeadMs: number | null }

const NOTHING: Day = { notes: new Float64Array(24), delivered: 0, duplicates: 0, dead: 0, firstDeadMs: null }

/** Of every type that is registered. */
export async function listDays(room: Room): Promise<Map<string, Day>> {
  const { hourMs, of } = await findHabits(room)
  const endMs = hourMs + HOUR_MS
  const fromMs = endMs - DAY_MS
  const { relational } = room.deps
  const [open, tallies] = await Promise.all([listOpenRows(relational), sumTalliesOf(relational, fromMs, endMs)])
  const days = new Map<string, Day>()
  for (const type of room.flows.keys()) days.set(type, { notes: Float64Array.from(of(type).day), delivered: 0, ...(tallies.get(type) ?? { duplicates: 0, dead: 0, firstDeadMs: null }) })
  const add = (type: string, startMs: number, rows: number): void => {
    const notes = days.get(type)?.notes
    const at = (startMs - fromMs) / HOUR_MS
    if (notes !== undefined && at >= 0 && at < notes.length) notes[at] = (notes[at] ?? 0) + rows
  }
  for (const { type, startMs, rows } of open) add(type, startMs, rows)
  for (const [type, flow] of room.flows) for await (const { startMs, waiting } of listInFlight(room, flow, fromMs, endMs)) add(type, startMs, waiting)
  for (const [key, { duplicates, dead }] of room.tail) {
    const cut = key.lastIndexOf('|')
    const startMs = Number(key.slice(cut + 1))
    const day = days.get(key.slice(0, cut))
    if (day === undefined || startMs < fromMs) continue
    day.duplicates += duplicates
    day.dead += dead
    if (dead > 0) day.firstDeadMs = Math.min(day.firstDeadMs ?? Infinity, startMs)
  }
  for (const day of days.values()) day.delivered = day.notes.reduce((sum, rows) => sum + rows, 0)
  return days
}

/** More dead letters in a day than the promise allows; those that were all replayed count no more. */
export function isBad(flow: Flow, day: Day): boolean {
  return flow.dead.end > flow.dead.replayed && day.dead > (day.dead + day.delivered) * PROMISES[flow.type.definition.slo].deadShare
}

function toStanding(flow: Flow, day: Day, habit: TypeHabit, nowMs: number, ratePerHour: number): Standing {
  const { name, version, owner, slo, description } = flow.type.definition
  const { hours, delivered, landed, inFlight, wrongHours, wrong } = habit.account ?? NO_ACCOUNT
  const state = findState(flow, nowMs, habit.usualGapMs)
  const personal = flow.type.columns.filter((column) => column.property !== undefined).map((column) => column.personal)
  return {
    ...{ type: name, version, owner, slo, description: description ?? '', state, ratePerHour },
    personal: personal.includes('strict') ? 'strict' : personal.includes('narrow') ? 'narrow' : 'none',
    lastEventAt: flow.lastEventMs === 0 ? null : toIso(flow.lastEventMs),
    landingLagMs: findLag(flow, nowMs),
    ...(flow.retiredAtMs === undefined ? {} : { retiredAt: toIso(flow.retiredAtMs) }),
    ...{ accepted: day.delivered + day.duplicates + day.dead, dead: day.dead },
    closed: { hours, delivered, landed, inFlight, wrongHours, wrong },
    misses: [...(flow.brokenBy === undefined ? [] : ['broken' as const]), ...(wrongHours > 0 ? ['incomplete' as const] : []), ...(findLag(flow, nowMs) > PROMISES[slo].landsWithinMs ? ['late' as const] : []), ...(state === 'silent' ? ['silent' as const] : []), ...(isBad(flow, day) ? ['bad' as const] : [])],
    values: day.notes.every((value) => value === 0) && habit.usual.every((usual) => !(usual > 0)) ? [] : [...day.notes],
    usual: toTenths(habit.usual),
    spread: toTenths(habit.spread),
  }
}

function toTenths(values: Float64Array): (number | null)[] {
  return values.every(Number.isNaN) ? [] : Array.from(values, (value) => (Number.isNaN(value) ? null : Math.round(value * 10) / 10))
}
