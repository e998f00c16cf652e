// The heartbeat of the arc from datasets to served lists.
import type { Attention, Pulse } from '@rondo/contract'
import { DAY_MS, HOUR_MS, startOfHour, startOfWeek, toIso, toIsoDate, WEEK_MS } from '@rondo/time'
import type { Parts } from '../parts.ts'

const NOTES = 24
/** Days before the same hour is called usual. */
const USUAL_DAYS = 7
const LEAST_DAYS = 3
/** Monday's lists are promised by this hour. */
const PROMISED_MS = 3 * HOUR_MS

export async function takePulse(parts: Parts): Promise<Pulse> {
  const nowMs = parts.clock.now()
  const week = toIsoDate(startOfWeek(nowMs))
  const newest = await parts.models.findNewest()
  const current = await parts.models.findFor(week)
  const attention = findAttention(nowMs, newest?.week, current !== undefined)
  const lists = current?.lists ?? newest?.lists ?? 0
  const playedLastDay = Array.from({ length: NOTES }, (_, i) => parts.playCounts.at(startOfHour(nowMs) - i * HOUR_MS)).reduce((sum, count) => sum + count, 0)
  return {
    holds: newest === undefined ? 'no model yet' : `${lists.toLocaleString('en-US')} lists, ${newest.items.toLocaleString('en-US')} tracks`,
    rate: `${playedLastDay.toLocaleString('en-US')} plays from lists a day`,
    lagMs: newest === undefined ? null : Math.max(0, newest.trained_ms - newest.data_ms),
    state: newest === undefined ? 'waiting' : attention.length > 0 ? 'late' : 'healthy',
    notes: Array.from({ length: NOTES }, (_, i) => {
      const atMs = startOfHour(nowMs) - (NOTES - 1 - i) * HOUR_MS
      return { at: toIso(atMs), value: parts.playCounts.at(atMs), ...computeUsual(parts, atMs) }
    }),
    attention,
  }
}

/** Mean and standard deviation of the same hour on the days before. */
function computeUsual(parts: Parts, atMs: number): { usual: number | null; spread: number | null } {
  const values = Array.from({ length: USUAL_DAYS }, (_, day) => parts.playCounts.at(atMs - (day + 1) * DAY_MS)).filter((value) => value > 0)
  if (values.length < LEAST_DAYS) return { usual: null, spread: null }
  const usual = values.reduce((sum, value) => sum + value, 0) / values.length
  return { usual, spread: Math.sqrt(values.reduce((sum, value) => sum + (value - usual) ** 2, 0) / (values.length - 1)) }
}

/** Lists that the week should have by now, once there was a week that had some. */
function findAttention(nowMs: number, newestWeek: string | undefined, isMade: boolean): Attention[] {
  const mondayMs = startOfWeek(nowMs)
  if (newestWeek === undefined || isMade || nowMs - mondayMs < PROMISED_MS || newestWeek < toIsoDate(mondayMs - 2 * WEEK_MS)) return []
  return [{
    state: 'late',
    subject: 'Discover Weekly',
    ref: '/recommendations',
    owner: 'squad-discovery',
    since: toIso(mondayMs + PROMISED_MS),
    message: 'This Monday’s lists are not made: the taste of last week is not published.',
    hurts: 'Every listener sees last week’s reasons, or none',
  }]
}
