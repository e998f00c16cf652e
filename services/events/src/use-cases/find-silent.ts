// How long a type is usually quiet: the yardstick for silence.
import { HOUR_MS } from '@rondo/time'
import type { Hour } from './read-history.ts'

/** So many gaps make a habit. */
const LEAST_GAPS = 6

/** By type: the 95th percentile of the gaps between hours with events, at least one hour; absent without enough history. */
export function computeUsualGaps(hours: Hour[]): Map<string, number> {
  const usual = new Map<string, number>()
  for (const [type, own] of Map.groupBy(hours.filter((hour) => hour.delivered > 0), (hour) => hour.type)) {
    const starts = own.map((hour) => hour.startMs).sort((a, b) => a - b)
    const gaps = starts.slice(1).map((startMs, i) => startMs - (starts[i] as number)).sort((a, b) => a - b)
    if (gaps.length < LEAST_GAPS) continue
    usual.set(type, Math.max(HOUR_MS, gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * 0.95))] as number))
  }
  return usual
}
