// How often events of a type came with fields that nobody reads, since the process began; bounded, whatever is sent.

/** `lastMs`: when the last came. */
export type FieldCount = { field: string; count: number; lastMs: number }

export type UnknownFieldCounts = {
  note(type: string, fields: string[], nowMs: number): void
  /** The commonest first. What came under more names than are kept is counted under OTHER_FIELDS. */
  of(type: string): FieldCount[]
  list(): { type: string; counts: FieldCount[] }[]
}

/** Stands for all further names. */
export const OTHER_FIELDS = '…'
const MOST_FIELDS = 20

/** Types are as many as are registered. */
export function createUnknownFieldCounts(): UnknownFieldCounts {
  const types = new Map<string, Map<string, FieldCount>>()
  const sorted = (fields: ReadonlyMap<string, FieldCount>): FieldCount[] => [...fields.values()].sort((a, b) => b.count - a.count)
  return {
    note(type, fields, nowMs) {
      const counts = types.get(type) ?? new Map<string, FieldCount>()
      types.set(type, counts)
      for (const name of fields) {
        const field = counts.has(name) || counts.size < MOST_FIELDS ? name : OTHER_FIELDS
        const known = counts.get(field)
        if (known === undefined) counts.set(field, { field, count: 1, lastMs: nowMs })
        else Object.assign(known, { count: known.count + 1, lastMs: nowMs })
      }
    },
    of: (type) => sorted(types.get(type) ?? new Map()),
    list: () => [...types].map(([type, fields]) => ({ type, counts: sorted(fields) })),
  }
}
