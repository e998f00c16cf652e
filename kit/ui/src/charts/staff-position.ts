// Where a value stands on a staff: the arithmetic of "beside its usual".

export type StaffNote = { at: string; value: number; usual: number | null; spread: number | null }

/** Where a note stands: 0 on the middle line, 1 on the upper outer line, -1 on the lower; beyond is kept within 1.35. Null without a usual. */
export function staffPosition(note: Pick<StaffNote, 'value' | 'usual' | 'spread'>): number | null {
  if (note.usual === null || note.spread === null) return null
  const reach = 2 * note.spread
  if (reach <= 0) return note.value === note.usual ? 0 : note.value > note.usual ? 1.35 : -1.35
  return Math.max(-1.35, Math.min(1.35, (note.value - note.usual) / reach))
}

/** Beyond two spreads of its usual. */
export function isUnusual(note: Pick<StaffNote, 'value' | 'usual' | 'spread'>): boolean {
  return Math.abs(staffPosition(note) ?? 0) > 1
}
