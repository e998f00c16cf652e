// Hours up to now, oldest first, with empty ones: what charts and the pulse are drawn from.
import { HOUR_MS, startOfHour, toIsoHour } from '@rondo/time'
import type { HistoryRow } from '../contract.ts'
import { receiveTime, type Room } from '../room.ts'
import { sumByHour } from '../store/hour-store.ts'
import { countInFlight } from './count-events.ts'
import { getDead } from './get-flow.ts'

export type Hour = { startMs: number; delivered: number; duplicates: number; dead: number; lagMs: number | null }

/** Hours in which anything was received, of one type or of all, within the last `hours`; also what is durable and not landed. */
export async function listActiveHours(room: Room, type: string | undefined, hours: number): Promise<Hour[]> {
  const toMs = startOfHour(receiveTime(room)) + HOUR_MS
  const fromMs = toMs - hours * HOUR_MS
  const found = new Map<number, Hour>()
  const at = (startMs: number): Hour => {
    const hour = found.get(startMs) ?? { startMs, delivered: 0, duplicates: 0, dead: 0, lagMs: null }
    found.set(startMs, hour)
    return hour
  }
  for (const row of await sumByHour(room.deps.relational, type, fromMs, toMs)) {
    Object.assign(at(row.startMs), { delivered: row.rows, duplicates: row.duplicates, dead: row.dead, lagMs: row.lagMs })
  }
  for (const [key, tally] of room.tail) {
    const cut = key.lastIndexOf('|')
    const startMs = Number(key.slice(cut + 1))
    if (startMs < fromMs || (type !== undefined && key.slice(0, cut) !== type)) continue
    const hour = at(startMs)
    hour.duplicates += tally.duplicates
    hour.dead += tally.dead
  }
  for (const flow of room.flows.values()) {
    if (type !== undefined && flow.type.name !== type) continue
    for await (const { startMs, waiting } of listInFlight(room, flow, fromMs, toMs)) at(startMs).delivered += waiting
  }
  return [...found.values()]
}

/** By hour of receipt within [fromMs, toMs): durable events that are in no bucket. */
export async function* listInFlight(room: Room, flow: Parameters<typeof countInFlight>[1], fromMs: number, toMs: number): AsyncIterable<{ startMs: number; waiting: number }> {
  if (flow.end <= flow.landed) return
  for (let startMs = Math.max(fromMs, startOfHour(flow.firstUnlandedMs)); startMs < toMs; startMs += HOUR_MS) {
    const waiting = await countInFlight(room, flow, startMs, startMs + HOUR_MS)
    if (waiting > 0) yield { startMs, waiting }
  }
}

export async function readHistory(room: Room, type: string | undefined, hours = 24): Promise<HistoryRow[]> {
  if (type !== undefined) getDead(room, type)
  const byStart = new Map((await listActiveHours(room, type, hours)).map((hour) => [hour.startMs, hour]))
  const last = startOfHour(receiveTime(room))
  return Array.from({ length: hours }, (_, i): HistoryRow => {
    const startMs = last - (hours - 1 - i) * HOUR_MS
    const hour = byStart.get(startMs)
    return { hour: startMs < 0 ? '' : toIsoHour(startMs), accepted: hour === undefined ? 0 : hour.delivered + hour.duplicates + hour.dead, dead: hour?.dead ?? 0, duplicate: hour?.duplicates ?? 0, landedLagMs: hour?.lagMs ?? null }
  }).filter((row) => row.hour !== '')
}
