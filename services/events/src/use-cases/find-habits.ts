// What is usual of each type: how long it is quiet at most, and how much comes at which hour. Made once an hour, since it is of closed hours.
import { LEAST_FOR_USUAL } from '@rondo/contract'
import { DAY_MS, HOUR_MS, startOfHour } from '@rondo/time'
import type { Habits, TypeHabit } from '../habits.ts'
import { receiveTime, type Room } from '../room.ts'
import { HABIT_DAYS } from '../hour-rows.ts'
import { sumByHour, sumReports } from '../store/hour-store.ts'

/** So many gaps, over so long a time, make a habit: a type that has only begun has none, and cannot be silent. */
const LEAST_GAPS = 6
const LEAST_SPAN_MS = 6 * DAY_MS
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
  for (const { type, startMs, rows, isClosed } of await room.hourRows.read(endMs)) if (isClosed) of(type).day[(startMs - dayMs) / HOUR_MS] = rows
  for (const type of room.hourRows.types()) {
    const rowsAt = (startMs: number): number => room.hourRows.of(type, startMs)
    const quiet = findQuiet(rowsAt, fromMs, endMs)
    if (quiet === undefined) continue
    const habit = of(type)
    const usualGapMs = toUsualGap(quiet)
    if (usualGapMs !== undefined) habit.usualGapMs = usualGapMs
    for (let at = 0; at < DAY_HOURS; at += 1) {
      const startMs = dayMs + at * HOUR_MS
      const days = Math.min(HABIT_DAYS - 1, Math.floor((startMs - quiet.firstMs) / DAY_MS))
      if (days < LEAST_FOR_USUAL) continue
      let [sum, squares] = [0, 0]
      for (let beforeMs = startMs - DAY_MS; beforeMs >= fromMs; beforeMs -= DAY_MS) {
        sum += rowsAt(beforeMs)
        squares += rowsAt(beforeMs) ** 2
      }
      const mean = sum / days
      habit.usual[at] = mean
      habit.spread[at] = Math.sqrt(Math.max(0, squares - days * mean * mean) / (days - 1))
    }
  }
  for (const [type, account] of await sumReports(relational, dayMs, endMs)) of(type).account = account
  return { hourMs, before: await sumByHour(relational, undefined, fromMs, dayMs), of }
}

/** `longestGapMs`: between the beginnings of two hours with events. */
type Quiet = { hours: number; firstMs: number; lastMs: number; longestGapMs: number }

/** Undefined when no hour in [fromMs, endMs) has rows. */
function findQuiet(rowsAt: (startMs: number) => number, fromMs: number, endMs: number): Quiet | undefined {
  let found: Quiet | undefined
  for (let startMs = fromMs; startMs < endMs; startMs += HOUR_MS) {
    if (rowsAt(startMs) === 0) continue
    if (found === undefined) found = { hours: 1, firstMs: startMs, lastMs: startMs, longestGapMs: 0 }
    else {
      found.longestGapMs = Math.max(found.longestGapMs, startMs - found.lastMs)
      found.lastMs = startMs
      found.hours += 1
    }
  }
  return found
}

export function toUsualGap({ hours, firstMs, lastMs, longestGapMs }: Quiet): number | undefined {
  return hours - 1 < LEAST_GAPS || lastMs - firstMs < LEAST_SPAN_MS ? undefined : Math.max(HOUR_MS, longestGapMs)
}
