// What is usual of types, as the room keeps it for an hour.
import type { AccountSum, HourSum } from './store/hour-store.ts'

export type TypeHabit = {
  /** The longest gap between hours with events, at least one hour; absent without enough history. */
  usualGapMs?: number
  /** Rows of the last 24 hours that are closed, the oldest first; the last is the hour under way. */
  day: Float64Array
  /** Of the same hours: mean and standard deviation over the days before; NaN before there are enough. */
  usual: Float64Array
  spread: Float64Array
  account?: AccountSum
}

export type Habits = { /** Beginning of the hour under way. */ hourMs: number; /** All types together, by hour, in the days before the last 24 hours. */ before: HourSum[]; of: (type: string) => TypeHabit }
