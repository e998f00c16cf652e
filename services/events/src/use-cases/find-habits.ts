// What is usual of each type: how long it is quiet at most, and how much comes at which hour. Made once an hour, since it is of closed hours.
import { LEAST_FOR_USUAL } from '@rondo/contract'
import { DAY_MS, HOUR_MS, startOfHour } from '@rondo/time'
import type { Habits, TypeHabit } from '../habits.ts'
import { receiveTime, type Room } from '../room.ts'
import { listClosedRows, listHabits, sumByClockHour, sumByHour, sumReports, type Habit } from '../store/hour-store.ts'

/** So many gaps, over so long a time, make a habit: a type that has only begun has none, and cannot be silent. */
const LEAST_GAPS = 6
const LEAST_SPAN_MS = 6 * DAY_MS
/** A week, and a day for what comes once a week. */
const HABIT_DAYS = 8
const DAY_HOURS = 24

/** Until an hour ends, or one more is closed, the answer is the one before. */
export function findHabits(room: Room): Promise<Habits> {
  const hourMs = startOfHour(receiveTime(room))
  const known = room.habits
  if (known?.hourMs === hourMs && known.closings === room.closings) return known.made
  const made = readHabits(room, hourMs)
  const now = { hourMs, closings: room.closings, made }
  room.habits = now
  made.catch(() => {
    if (room.habits === now) room.habits = undefined
  })
  return made
}

async function readHabits(room: Room, hourMs: number): Promise<Habits> {
  const { relational } = room.deps
  const endMs = hourMs + HOUR_MS
  const dayMs = endMs - DAY_MS
  const fromMs = endMs - HABIT_DAYS * DAY_MS
  const found = new Map<string, TypeHabit>()
  const of = (type: string): TypeHabit => {
    const habit = found.get(type) ?? { day: new Float64Array(DAY_HOURS), usual: new Float64Array(DAY_HOURS).fill(NaN), spread: new Float64Array(DAY_HOURS).fill(NaN) }
    found.set(type, habit)
    return habit
  }
  const habits = await listHabits(relational, fromMs, endMs)
  for (const habit of habits) {
    const usualGapMs = toUsualGap(habit)
    if (usualGapMs !== undefined) of(habit.type).usualGapMs = usualGapMs
  }
  for (const { type, startMs, rows } of await listClosedRows(relational, dayMs, endMs)) of(type).day[(startMs - dayMs) / HOUR_MS] = rows
  const clock = new Map((await sumByClockHour(relational, fromMs, dayMs)).map((one) => [`${one.type}|${one.hour}`, one]))
  for (const { type, firstMs } of habits) {
    for (let at = 0; at < DAY_HOURS; at += 1) {
      const startMs = dayMs + at * HOUR_MS
      const days = Math.min(HABIT_DAYS - 1, Math.floor((startMs - firstMs) / DAY_MS))
      if (days < LEAST_FOR_USUAL) continue
      const { sum, squares } = clock.get(`${type}|${(startMs / HOUR_MS) % DAY_HOURS}`) ?? { sum: 0, squares: 0 }
      const mean = sum / days
      of(type).usual[at] = mean
      of(type).spread[at] = Math.sqrt(Math.max(0, squares - days * mean * mean) / (days - 1))
    }
  }
  for (const [type, account] of await sumReports(relational, dayMs, endMs)) of(type).account = account
  return { hourMs, before: await sumByHour(relational, undefined, fromMs, dayMs), of }
}

export function toUsualGap({ hours, firstMs, lastMs, longestGapMs }: Omit<Habit, 'type'>): number | undefined {
  return hours - 1 < LEAST_GAPS || lastMs - firstMs < LEAST_SPAN_MS ? undefined : Math.max(HOUR_MS, longestGapMs)
}
