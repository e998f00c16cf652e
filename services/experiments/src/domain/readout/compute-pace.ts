// How long decisions take, each beside what was usual before it.
import { LEAST_FOR_USUAL, type Note } from '@rondo/contract'
import { toIso, WEEK_MS } from '@rondo/time'
import type { Learning } from '../../contract.ts'

/** Something that ended at `atMs` and took `tookMs` to get there. */
export type Act = { atMs: number; tookMs: number }

const NOTES = 24

/** Acts in any order. A note's usual is the mean of all acts before it, its spread their standard deviation. */
export function computePace(acts: readonly Act[], nowMs: number): Learning['deciding'] {
  const ordered = acts.toSorted((a, b) => a.atMs - b.atMs)
  return {
    lagMs: computeMedian(ordered.map((act) => act.tookMs)),
    lastWeek: ordered.filter((act) => nowMs - act.atMs < WEEK_MS).length,
    total: ordered.length,
    notes: ordered.map((act, i) => toNote(act, ordered.slice(0, i).map((before) => before.tookMs))).slice(-NOTES),
  }
}

function toNote({ atMs, tookMs }: Act, before: readonly number[]): Note {
  if (before.length < LEAST_FOR_USUAL) return { at: toIso(atMs), value: tookMs, usual: null, spread: null }
  const usual = before.reduce((sum, value) => sum + value, 0) / before.length
  const spread = Math.sqrt(before.reduce((sum, value) => sum + (value - usual) ** 2, 0) / (before.length - 1))
  return { at: toIso(atMs), value: tookMs, usual, spread }
}

function computeMedian(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
