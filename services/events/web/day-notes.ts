// From a type's hours to what its page draws: the last 24 beside their usual, and the sums of the day.
import { LEAST_FOR_USUAL } from '@rondo/contract'
import { HOUR_MS } from '@rondo/time'
import type { StaffNote } from '@rondo/ui'
import type { HistoryRow } from '@rondo/events/contract'

/** Hours to ask for: the day, and seven before it that make the usual. */
export const HISTORY_HOURS = 192
const DAY_HOURS = 24

export const hourStartMs = (hour: string): number => Date.parse(`${hour}:00:00Z`)

/**
 * The last `count` hours, oldest first. `usual` is the mean of the same hour of the days before, `spread` its standard deviation; both null
 * before there are three such days. The hour under way is compared with the part of its usual that has passed, its spread shrinks with the root of it.
 */
export function toNotes(rows: readonly HistoryRow[], nowMs: number, count = DAY_HOURS): StaffNote[] {
  const values = new Map(rows.map((row) => [hourStartMs(row.hour), row.accepted]))
  const begin = rows.find((row) => row.accepted > 0)
  const beginMs = begin === undefined ? Infinity : hourStartMs(begin.hour)
  return rows.slice(-count).map((row): StaffNote => {
    const startMs = hourStartMs(row.hour)
    const before: number[] = []
    for (let atMs = startMs - DAY_HOURS * HOUR_MS; atMs >= beginMs && values.has(atMs); atMs -= DAY_HOURS * HOUR_MS) before.push(values.get(atMs) ?? 0)
    const note = { at: row.hour, value: row.accepted }
    if (before.length < LEAST_FOR_USUAL) return { ...note, usual: null, spread: null }
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length
    const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (before.length - 1)
    const passed = Math.min(1, Math.max(0, (nowMs - startMs) / HOUR_MS))
    return { ...note, usual: mean * passed, spread: Math.sqrt(variance * passed) }
  })
}

export type DaySums = { accepted: number; dead: number; duplicate: number; /** Null when nothing came. */ deadShare: number | null; /** Longest way from receipt into a bucket, ms. */ landedLagMs: number | null }

/** Sums of the last 24 hours. */
export function sumDay(rows: readonly HistoryRow[]): DaySums {
  const day = rows.slice(-DAY_HOURS)
  const sum = (of: (row: HistoryRow) => number): number => day.reduce((total, row) => total + of(row), 0)
  const accepted = sum((row) => row.accepted)
  const lags = day.flatMap((row) => (row.landedLagMs === null ? [] : [row.landedLagMs]))
  return { accepted, dead: sum((row) => row.dead), duplicate: sum((row) => row.duplicate), deadShare: accepted === 0 ? null : sum((row) => row.dead) / accepted, landedLagMs: lags.length === 0 ? null : Math.max(...lags) }
}

/** The last full hour against its usual: 0.03 is three percent above. Null without a usual. */
export function compareWithUsual(notes: readonly StaffNote[]): number | null {
  const last = notes.at(-2)
  return last === undefined || last.usual === null || last.usual === 0 ? null : last.value / last.usual - 1
}
