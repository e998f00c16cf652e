// How many units a decision needs, and what so many can show.
import { computeNormalCdf, computeNormalTailQuantile } from './normal.ts'

export type PowerQuestion = { alpha: number; sides: 1 | 2; variance: number; controlUnits: number; treatmentUnits: number; treatmentVariance?: number }

const computeSe = (q: PowerQuestion): number => Math.sqrt(q.variance / q.controlUnits + (q.treatmentVariance ?? q.variance) / q.treatmentUnits)

/** Chance that a true `effect` (absolute) is found; two-sided tests count both tails. `boundZ` stands in for the bound of a look. */
export function computePower(question: PowerQuestion, effect: number, boundZ = computeNormalTailQuantile(question.alpha / question.sides)): number {
  const shift = Math.abs(effect) / computeSe(question)
  return computeNormalCdf(shift - boundZ) + (question.sides === 2 ? computeNormalCdf(-shift - boundZ) : 0)
}

/** Smallest absolute effect with this power, by bisection of `computePower`. */
export function computeMinimumEffect(question: PowerQuestion, power: number, boundZ = computeNormalTailQuantile(question.alpha / question.sides)): number {
  const se = computeSe(question)
  let low = 0
  let high = (boundZ + Math.max(0, -computeNormalTailQuantile(power)) + 1) * se * 2
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i += 1) {
    const middle = (low + high) / 2
    if (computePower(question, middle, boundZ) < power) low = middle
    else high = middle
  }
  return (low + high) / 2
}

export type SizeQuestion = {
  alpha: number
  sides: 1 | 2
  power: number
  /** Variance of one unit. */
  variance: number
  effect: number
  treatmentToControl: number
  /** What regression adjustment takes away, 0–1. */
  varianceReduction?: number
  /** Factor of a sequential design. */
  inflation?: number
}

/** Units an arm: (z_{1−α/sides} + z_{power})² · σ² · (1 + 1/k) / effect², rounded up. */
export function computeSampleSize(question: SizeQuestion): { controlUnits: number; treatmentUnits: number; totalUnits: number } {
  const z = computeNormalTailQuantile(question.alpha / question.sides) - computeNormalTailQuantile(question.power)
  const variance = question.variance * (1 - (question.varianceReduction ?? 0)) * (question.inflation ?? 1)
  const exact = (z ** 2 * variance * (1 + 1 / question.treatmentToControl)) / question.effect ** 2
  const controlUnits = Math.ceil(exact)
  const treatmentUnits = Math.ceil(exact * question.treatmentToControl)
  return { controlUnits, treatmentUnits, totalUnits: controlUnits + treatmentUnits }
}
