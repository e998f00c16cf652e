// When people listen: how often sessions begin, by local hour and weekday.
import { HOUR_MS, startOfDay, startOfWeek, DAY_MS } from '@rondo/time'

/** Sessions by local hour on working days: on the way there, on the way back, and in the evening. Assumed. */
const WORKDAY = [2, 1, 1, 1, 1, 3, 8, 14, 13, 9, 8, 8, 9, 8, 8, 9, 12, 15, 14, 12, 12, 11, 8, 4]
/** On weekends later, and flatter through the day. Assumed. */
const WEEKEND = [5, 4, 3, 2, 1, 1, 2, 4, 7, 11, 13, 13, 12, 12, 12, 12, 12, 12, 13, 13, 12, 11, 9, 7]

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
const MEAN = (5 * sum(WORKDAY) + 2 * sum(WEEKEND)) / (7 * 24)

/** Relative rate of session starts in the hour that begins at `hourMs`, mean 1 over a week. */
export function computeRhythm(hourMs: number, utcOffsetHours: number): number {
  const localMs = hourMs + utcOffsetHours * HOUR_MS
  const hour = Math.floor((localMs - startOfDay(localMs)) / HOUR_MS)
  return ((weekdayOf(localMs) < 5 ? WORKDAY : WEEKEND)[hour] ?? 0) / MEAN
}

/** 0 is Monday. */
export function weekdayOf(epochMs: number): number {
  return Math.floor((epochMs - startOfWeek(epochMs)) / DAY_MS)
}
