// What is asked of a row.
import type { Filter } from './bigtable-client.ts'
import { FAMILY, toQualifier } from './cells.ts'

/** Versions that are no longer the newest are there until Bigtable clears them away. */
export const NEWEST: Filter = { cellsPerColumnLimitFilter: 1 }

export function chain(...filters: Filter[]): Filter {
  return { chain: { filters } }
}

export function only(sort: string): Filter {
  const qualifier = toQualifier(sort)
  return { columnRangeFilter: { familyName: FAMILY, startQualifierClosed: qualifier, endQualifierClosed: qualifier } }
}

/** Half-open. */
export function between(from: Buffer, to: Buffer): Filter {
  return { columnRangeFilter: { familyName: FAMILY, startQualifierClosed: from, endQualifierOpen: to } }
}

export function anyOf(sorts: string[]): Filter {
  const [first = ''] = sorts
  return sorts.length === 1 ? only(first) : { interleave: { filters: sorts.map(only) } }
}
