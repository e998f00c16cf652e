// How long a dataset keeps its partitions.
import { DAY_MS, HOUR_MS, WEEK_MS } from '@rondo/time'

const UNIT_MS: Record<string, number> = { h: HOUR_MS, d: DAY_MS, w: WEEK_MS, y: 365 * DAY_MS }

/** "90d" in milliseconds; hours, days, weeks and years of 365 days. The contract has checked the form. */
export function parseRetention(text: string): number {
  return Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? DAY_MS)
}
