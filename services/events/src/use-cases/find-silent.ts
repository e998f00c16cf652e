// How long a type is quiet at most: the yardstick for silence.
import { DAY_MS, HOUR_MS } from '@rondo/time'
import type { Hour } from './read-history.ts'

/** So many gaps, over so long a time, make a habit: a type that has only begun has none, and cannot be silent. */
const LEAST_GAPS = 6
const LEAST_SPAN_MS = 6 * DAY_MS
/** So many hours back it is looked for: a week, and a day for what comes once a week. */
export const HABIT_HOURS = 8 * 24

/** By type: the longest gap between hours with events, at least one hour; absent without enough history. */
export function computeUsualGaps(hours: Hour[]): Map<string, number> {
  const usual = new Map<string, number>()
  for (const [type, own] of Map.groupBy(hours.filter((hour) => hour.delivered > 0), (hour) => hour.type)) {
    const starts = own.map((hour) => hour.startMs).sort((a, b) => a - b)
    const gaps = starts.slice(1).map((startMs, i) => startMs - (starts[i] ?? startMs))
    if (gaps.length < LEAST_GAPS || (starts.at(-1) ?? 0) - (starts[0] ?? 0) < LEAST_SPAN_MS) continue
    usual.set(type, Math.max(HOUR_MS, ...gaps))
  }
  return usual
}
