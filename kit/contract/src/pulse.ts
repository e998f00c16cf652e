// The heartbeat that every room on the loop reports in one shape: how much flows now, how long it takes, beside its usual.
import { Type, type Static } from 'typebox'
import { orNull } from './shapes.ts'

/** Something has a usual when so many values like it came before: days of the same hour, days of a landing, acts. The same in every room. */
export const LEAST_FOR_USUAL = 3

/** One note of a staff: a period's value beside what is usual there. `usual` and `spread` are null with fewer than `LEAST_FOR_USUAL` before it. */
export const Note = Type.Object({
  at: Type.String(),
  value: Type.Number(),
  usual: orNull(Type.Number()),
  spread: orNull(Type.Number()),
})

/** States of the design language; a page shows glyph and word. */
export const State = Type.Enum(['healthy', 'running', 'late', 'warned', 'silent', 'failed', 'blocked', 'waiting', 'draft', 'stopped'])

/** Something that needs a person: who is hurt, by when, and the next act. */
export const Attention = Type.Object({
  state: State,
  subject: Type.String(),
  ref: Type.String({ description: 'Path of the portal page that shows it' }),
  owner: Type.String(),
  since: Type.String(),
  message: Type.String(),
  hurts: Type.String(),
})

export const Pulse = Type.Object({
  /** What the room holds, for the name on the circle, e.g. "6 types, 61.2 M events". */
  holds: Type.String(),
  /** Things a day, an hour or a second, already worded, e.g. "1,842 /s". */
  rate: Type.String(),
  /** Time this arc takes, ms; null when nothing has passed yet. */
  lagMs: orNull(Type.Number()),
  /** How far the arc is past its promise, ms; absent or null when nothing is promised, or it is kept. */
  lateMs: Type.Optional(orNull(Type.Number())),
  state: State,
  /** The last 24 periods, oldest first. */
  notes: Type.Array(Note),
  attention: Type.Array(Attention),
})

/** The longest that anything late is past its promise, ms; null when nothing is. What is late says in `since` when its promise was broken. */
export function computeLateMs(attention: readonly Attention[], nowMs: number): number | null {
  const brokenMs = attention.flatMap(({ state, since }) => (state === 'late' ? [Date.parse(since)] : []))
  return brokenMs.length === 0 ? null : Math.max(0, nowMs - Math.min(...brokenMs))
}

export type Note = Static<typeof Note>
export type Attention = Static<typeof Attention>
export type Pulse = Static<typeof Pulse>
