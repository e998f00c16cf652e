// Where a value stands on a staff: the arithmetic of "beside its usual".

export type StaffNote = { at: string; value: number; usual: number | null; spread: number | null }

type Placed = Pick<StaffNote, 'value' | 'usual' | 'spread'>

/** A spread is never taken as less than this share of the usual: what hardly varies is not unusual for a change nobody would notice. */
const LEAST_SPREAD = 0.05

/** Where a note stands: 0 on the middle line, 1 on the upper outer line, -1 on the lower; beyond is kept within 1.35. Null without a usual. */
export function staffPosition(note: Placed): number | null {
  if (note.usual === null) return null
  const away = note.value - note.usual
  if (away === 0) return 0
  const reach = 2 * Math.max(note.spread ?? 0, LEAST_SPREAD * Math.abs(note.usual))
  return reach === 0 ? Math.sign(away) * BESIDE : Math.max(-BESIDE, Math.min(BESIDE, away / reach))
}

/** Where notes stand that are further away than the staff is wide. */
const BESIDE = 1.35

/** Beyond two spreads of its usual, and a tenth of it or more. */
export function isUnusual(note: Placed): boolean {
  return Math.abs(staffPosition(note) ?? 0) > 1
}
