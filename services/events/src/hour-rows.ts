// Rows of each type by hour over the days of a habit, in memory: 192 numbers a type. A look reads the last day anew, and all of it once a day.
import type { Relational } from '@rondo/relational'
import { DAY_MS, HOUR_MS } from '@rondo/time'
import { listHourRows, type HourRow } from './store/hour-store.ts'
import type { EventsDb } from './store/tables.ts'

/** A week, and a day for what comes once a week. */
export const HABIT_DAYS = 8
const HOURS = HABIT_DAYS * 24

export type HourRows = {
  /** Reads what may be new in the hours up to `endMs`, the end of the hour under way. Gives the rows of the last 24 of them. */
  read(endMs: number): Promise<HourRow[]>
  types(): Iterable<string>
  /** Rows of the hour of `type` that begins at `startMs`, within the days read. */
  of(type: string, startMs: number): number
}

/** Hours older than a day hardly change: one that closes so late is seen the next day. */
export function createHourRows(relational: Relational<EventsDb>): HourRows {
  const rings = new Map<string, Float64Array>()
  let [readMs, wholeMs] = [-Infinity, -Infinity]
  const slotOf = (startMs: number): number => (startMs / HOUR_MS) % HOURS
  const take = (rows: HourRow[]): void => {
    for (const { type, startMs, rows: count } of rows) {
      const ring = rings.get(type) ?? new Float64Array(HOURS)
      rings.set(type, ring)
      ring[slotOf(startMs)] = count
    }
  }
  return {
    async read(endMs) {
      const isWhole = endMs - wholeMs >= DAY_MS || endMs < readMs
      let rows: HourRow[] = []
      // A day at a time: the process has others to answer.
      for (let days = isWhole ? HABIT_DAYS : 1; days >= 1; days -= 1) {
        const fromMs = endMs - days * DAY_MS
        rows = await listHourRows(relational, fromMs, fromMs + DAY_MS)
        for (const ring of rings.values()) for (let startMs = fromMs; startMs < fromMs + DAY_MS; startMs += HOUR_MS) ring[slotOf(startMs)] = 0
        take(rows)
      }
      if (isWhole) wholeMs = endMs
      readMs = endMs
      return rows
    },
    types: () => rings.keys(),
    of: (type, startMs) => rings.get(type)?.[slotOf(startMs)] ?? 0,
  }
}
