// Sample ratio mismatch: did the arms get the shares they were promised?
import { computeChiSquareTail } from './incomplete-gamma.ts'

export type SampleRatioTest = { chiSquare: number; df: number; p: number; alert: boolean }

/** Pearson's chi-square against `weights` (any positive scale). Undefined without units or with fewer than two arms. */
export function testSampleRatio(observed: readonly number[], weights: readonly number[], alertBelow: number): SampleRatioTest | undefined {
  const total = observed.reduce((sum, count) => sum + count, 0)
  const weight = weights.reduce((sum, value) => sum + value, 0)
  if (total === 0 || observed.length < 2) return undefined
  const chiSquare = observed.reduce((sum, count, i) => {
    const expected = (total * (weights[i] ?? 0)) / weight
    return sum + (count - expected) ** 2 / expected
  }, 0)
  const df = observed.length - 1
  const p = computeChiSquareTail(chiSquare, df)
  return { chiSquare, df, p, alert: p < alertBelow }
}
