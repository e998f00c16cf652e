// Hours up to now, oldest first, with empty ones: what charts and the pulse are drawn from.
import { HOUR_MS, startOfHour, toIsoHour } from '@rondo/time'
import type { HistoryRow } from '../contract.ts'
import { receiveTime, type Room } from '../room.ts'
import { listHours } from '../store/bucket-store.ts'
import { countInFlight } from './count-events.ts'
import { getDead } from './get-flow.ts'

export type Hour = { type: string; startMs: number; delivered: number; duplicates: number; dead: number; lagMs: number | null }

/** Hours in which anything was received, by type, within the last `hours`. */
export async function listActiveHours(room: Room, hours: number): Promise<Hour[]> {
  const toMs = startOfHour(receiveTime(room)) + HOUR_MS
  const fromMs = toMs - hours * HOUR_MS
  const found = new Map<string, Hour>()
  const at = (type: string, startMs: number): Hour => {
    const key = `${type}|${startMs}`
    const hour = found.get(key) ?? { type, startMs, delivered: 0, duplicates: 0, dead: 0, lagMs: null }
    found.set(key, hour)
    return hour
  }
  for (const row of await listHours(room.deps.relational, fromMs, toMs)) {
    Object.assign(at(row.type, row.startMs), { delivered: row.rows, duplicates: row.duplicates, dead: row.dead, lagMs: row.lagMs })
  }
  for (const [key, tally] of room.tail) {
    const cut = key.lastIndexOf('|')
    const startMs = Number(key.slice(cut + 1))
    if (startMs < fromMs) continue
    const hour = at(key.slice(0, cut), startMs)
    hour.duplicates += tally.duplicates
    hour.dead += tally.dead
  }
  for (const flow of room.flows.values()) {
    if (flow.end <= flow.landed) continue
    for (let startMs = Math.max(fromMs, startOfHour(flow.firstUnlandedMs)); startMs < toMs; startMs += HOUR_MS) {
      const waiting = await countInFlight(room, flow, startMs, startMs + HOUR_MS)
      if (waiting > 0) at(flow.type.name, startMs).delivered += waiting
    }
  }
  return [...found.values()]
}

export async function readHistory(room: Room, type: string | undefined, hours = 24): Promise<HistoryRow[]> {
  if (type !== undefined) getDead(room, type)
  const active = (await listActiveHours(room, hours)).filter((hour) => type === undefined || hour.type === type)
  const byStart = Map.groupBy(active, (hour) => hour.startMs)
  const last = startOfHour(receiveTime(room))
  return Array.from({ length: hours }, (_, i): HistoryRow => {
    const startMs = last - (hours - 1 - i) * HOUR_MS
    const row: HistoryRow = { hour: startMs < 0 ? '' : toIsoHour(startMs), accepted: 0, dead: 0, duplicate: 0, landedLagMs: null }
    for (const hour of byStart.get(startMs) ?? []) {
      row.accepted += hour.delivered + hour.duplicates + hour.dead
      row.dead += hour.dead
      row.duplicate += hour.duplicates
      if (hour.lagMs !== null) row.landedLagMs = Math.max(row.landedLagMs ?? 0, hour.lagMs)
    }
    return row
  }).filter((row) => row.hour !== '')
}
