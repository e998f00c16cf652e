// Bounds of a plan with one look a day, O'Brien-Fleming spending at days run over days planned; computed once a plan.
import { computeSequentialBounds } from '../statistics/sequential-bounds.ts'
import type { FindBounds } from './compute-metrics.ts'

/** A memory for one service: levels and lengths repeat. */
export function createBoundsFinder(): FindBounds {
  const known = new Map<string, readonly number[]>()
  return (alpha, days) => {
    const key = `${alpha}/${days}`
    let bounds = known.get(key)
    if (bounds === undefined) {
      const informationFractions = Array.from({ length: days }, (_, i) => (i + 1) / days)
      bounds = computeSequentialBounds({ informationFractions, alpha, sides: 2, spending: { kind: 'obf' } }).upperZ
      known.set(key, bounds)
    }
    return bounds
  }
}
