// The heartbeat of the arc from datasets to served lists.
import { computeLateMs, LEAST_FOR_USUAL, type Attention, type Pulse } from '@rondo/contract'
import { DAY_MS, HOUR_MS, startOfHour, startOfWeek, toIso, toIsoDate } from '@rondo/time'
import type { Parts } from '../parts.ts'
import type { PlayCounts } from './count-plays.ts'

const NOTES = 24
/** The same hour of so many days before is called usual, when enough of them are known. */
const USUAL_DAYS = 7
/** Monday's lists are promised by this hour. */
const PROMISED_MS = 3 * HOUR_MS

/** Notes are the last 24 whole hours: the hour under way would look as if something were wrong. */
export async function takePulse(parts: Parts): Promise<Pulse> {
  const nowMs = parts.clock.now()
  const week = toIsoDate(startOfWeek(nowMs))
  const newest = await parts.models.findNewest()
  const shown = (await parts.models.findFor(week)) ?? newest
  const attention = findAttention(nowMs, newest?.week)
  const notes = Array.from({ length: NOTES }, (_, i) => toNote(parts.playCounts, startOfHour(nowMs) - (NOTES - i) * HOUR_MS))
  const playedLastDay = notes.reduce((sum, { value }) => sum + value, 0)
  return {
    holds: newest === undefined ? 'no model yet' : `${(shown?.lists ?? 0).toLocaleString('en-US')} lists, ${newest.items.toLocaleString('en-US')} tracks`,
    rate: `${playedLastDay.toLocaleString('en-US')} plays from lists a day`,
    // On a clock that stands still while it is worked, the work itself took its time.
    lagMs: newest === undefined ? null : Math.max(newest.train_ms, (newest.listed_ms ?? newest.trained_ms) - newest.data_ms),
    lateMs: computeLateMs(attention, nowMs),
    state: newest === undefined ? 'waiting' : attention.length > 0 ? 'late' : 'healthy',
    notes,
    attention,
  }
}

/** Beside the value the mean and standard deviation of the same hour on the days before. */
function toNote(counts: PlayCounts, atMs: number): Pulse['notes'][number] {
  const note = { at: toIso(atMs), value: counts.at(atMs) ?? 0, usual: null, spread: null }
  const values = Array.from({ length: USUAL_DAYS }, (_, day) => counts.at(atMs - (day + 1) * DAY_MS)).filter((value) => value !== undefined)
  if (values.length < LEAST_FOR_USUAL) return note
  const usual = values.reduce((sum, value) => sum + value, 0) / values.length
  return { ...note, usual, spread: Math.sqrt(values.reduce((sum, value) => sum + (value - usual) ** 2, 0) / (values.length - 1)) }
}

/** Lists that the week should have by now, once there was a week that had some. */
function findAttention(nowMs: number, newestWeek: string | undefined): Attention[] {
  const mondayMs = startOfWeek(nowMs)
  if (newestWeek === undefined || newestWeek >= toIsoDate(mondayMs) || nowMs - mondayMs < PROMISED_MS) return []
  return [
    {
      state: 'late',
      subject: 'Discover Weekly',
      ref: '/recommendations',
      owner: 'squad-discovery',
      since: toIso(mondayMs + PROMISED_MS),
      message: 'This Monday’s lists are not made: the taste of last week is not published, or holds too little to learn from.',
      hurts: 'Every listener gets a list made on the spot, which changes with each play',
    },
  ]
}
