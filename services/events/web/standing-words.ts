// Where a type stands, as its row in the list says it.
import { PROMISES, type Standing } from '@rondo/events/contract'
import { formatDuration, formatShare } from '@rondo/ui/format'
import type { StaffNote } from '@rondo/ui'

export const sloNames = { gold: 'Gold', silver: 'Silver', bronze: 'Bronze' } satisfies Record<Standing['slo'], string>

export type Kept = 'kept' | 'missed' | 'waiting'

/** `waiting`: nothing was ever sent, so there is nothing to keep. */
export function isKept({ misses, state }: Pick<Standing, 'misses' | 'state'>): Kept {
  return misses.length > 0 ? 'missed' : state === 'waiting' ? 'waiting' : 'kept'
}

/** A promised share, as it was written: "0.5 %". */
export function sayAllowed(share: number): string {
  return formatShare(share, share < 0.01 ? 1 : 0)
}

/** "in a bucket within 1 h 15 min; at most 0.5 % dead in a day; never silent" */
export function sayPromise(slo: Standing['slo']): string {
  const { landsWithinMs, silentAfterMs, deadShare } = PROMISES[slo]
  return `in a bucket within ${formatDuration(landsWithinMs)}, at most ${sayAllowed(deadShare)} dead in a day${silentAfterMs === null ? '; may fall silent' : `, silent no longer than ${formatDuration(silentAfterMs)} past its longest pause`}`
}

/** Of what closed hours of the day delivered: the share that is in their buckets; null without such an hour. */
export function completeness({ closed }: Pick<Standing, 'closed'>): number | null {
  const due = closed.delivered - closed.inFlight
  return due === 0 ? null : 1 - closed.wrong / Math.max(due, closed.wrong)
}

/** Of what was received in 24 hours, the share that is dead; null when nothing came. */
export function deadShareOf({ accepted, dead }: Pick<Standing, 'accepted' | 'dead'>): number | null {
  return accepted === 0 ? null : dead / accepted
}

/** Its hours as notes of a staff, without the one under way: beside whole hours it would look like a collapse. */
export function toStaffNotes({ values, usual, spread }: Pick<Standing, 'values' | 'usual' | 'spread'>): StaffNote[] {
  return values.slice(0, -1).map((value, at) => ({ at: String(at), value, usual: usual[at] ?? null, spread: spread[at] ?? null }))
}
