// Hourly buckets as a calendar: one row a day, one cell an hour, in UTC as buckets are.
import { DAY_MS, HOUR_MS, startOfDay, toIsoHour } from '@rondo/time'
import type { BucketRow } from '@rondo/events/contract'

export type BucketCell = { hour: string; /** `ahead` has not begun, `none` lies before the first bucket. */ state: 'closed' | 'open' | 'ahead' | 'none'; rows: number; late: number; /** 0–1 of the largest hour shown. */ weight: number }
export type BucketDay = { dayMs: number; cells: BucketCell[] }

/** The last `days` days up to `nowMs`, oldest first. An hour without a row is empty, and closed when it ends at or before `closedUntil`. */
export function toBucketDays(buckets: readonly BucketRow[], closedUntil: string, nowMs: number, days = 7): BucketDay[] {
  const byHour = new Map(buckets.map((bucket) => [bucket.hour, bucket]))
  const most = Math.max(1, ...buckets.map((bucket) => bucket.rows))
  const first = buckets.map((bucket) => bucket.hour).toSorted()[0]
  const closedUntilMs = Date.parse(closedUntil)
  const today = startOfDay(nowMs)
  return Array.from({ length: days }, (_, index): BucketDay => {
    const dayMs = today - (days - 1 - index) * DAY_MS
    return {
      dayMs,
      cells: Array.from({ length: 24 }, (_, at): BucketCell => {
        const startMs = dayMs + at * HOUR_MS
        const hour = toIsoHour(startMs)
        const bucket = byHour.get(hour)
        const cell = { hour, rows: bucket?.rows ?? 0, late: bucket?.late ?? 0, weight: (bucket?.rows ?? 0) / most }
        if (startMs > nowMs) return { ...cell, state: 'ahead' }
        if (first === undefined || hour < first) return { ...cell, state: 'none' }
        return { ...cell, state: bucket?.state ?? (startMs + HOUR_MS <= closedUntilMs ? 'closed' : 'open') }
      }),
    }
  })
}
