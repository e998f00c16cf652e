// CUPED with any number of covariates: the part of the outcome that the time before explains is taken out of both arms.
import type { Estimate } from './difference.ts'
import { computeVariance, type Moments } from './moments.ts'

export type Adjusted = Estimate & { slopes: number[]; unadjustedEstimate: number; varianceReduction: number }

/**
 * Slopes are those of ordinary least squares on treatment and covariates: pooled within-arm covariances (A. Deng et al., WSDM 2013).
 * Undefined without covariates, below two units an arm, or when covariates are collinear.
 */
export function computeAdjustedDifference(control: Moments, treatment: Moments): Adjusted | undefined {
  const arms = [control, treatment].map(toCovariances)
  const [c, t] = arms
  if (c === undefined || t === undefined) return undefined
  const slopes = solve(add(c.within, t.within), c.outcome.map((value, i) => value + (t.outcome[i] ?? 0)))
  if (slopes === undefined) return undefined
  const shift = slopes.reduce((sum, slope, i) => sum + slope * ((t.means[i] ?? 0) - (c.means[i] ?? 0)), 0)
  const unadjusted = treatment.sum / treatment.n - control.sum / control.n
  const parts = [c, t].map((arm) => arm.residual(slopes) / arm.n)
  const plain = c.variance / c.n + t.variance / t.n
  const variance = (parts[0] ?? 0) + (parts[1] ?? 0)
  return {
    controlValue: control.sum / control.n,
    treatmentValue: treatment.sum / treatment.n,
    estimate: unadjusted - shift,
    se: Math.sqrt(variance),
    df: variance ** 2 / ((parts[0] ?? 0) ** 2 / (c.n - 1) + (parts[1] ?? 0) ** 2 / (t.n - 1)),
    slopes,
    unadjustedEstimate: unadjusted,
    varianceReduction: 1 - variance / plain,
  }
}

function toCovariances(arm: Moments) {
  const { n, covariateSums: sums, covariateCross: cross, covariateOutcomeCross: outcomeCross } = arm
  const variance = computeVariance(n, arm.sum, arm.sumSquares)
  if (variance === undefined || sums === undefined || cross === undefined || outcomeCross === undefined || sums.length === 0) return undefined
  const within = cross.map((row, i) => row.map((value, j) => value - ((sums[i] ?? 0) * (sums[j] ?? 0)) / n))
  const outcome = outcomeCross.map((value, i) => value - ((sums[i] ?? 0) * arm.sum) / n)
  /** Variance of y − slopes·x, divisor n − 1. */
  const residual = (slopes: readonly number[]): number => {
    const linear = slopes.reduce((sum, slope, i) => sum + slope * (outcome[i] ?? 0), 0)
    const square = slopes.reduce((sum, slope, i) => sum + slope * slopes.reduce((part, other, j) => part + other * (within[i]?.[j] ?? 0), 0), 0)
    return variance + (square - 2 * linear) / (n - 1)
  }
  return { n, variance, means: sums.map((sum) => sum / n), within, outcome, residual }
}

function add(a: number[][], b: number[][]): number[][] {
  return a.map((row, i) => row.map((value, j) => value + (b[i]?.[j] ?? 0)))
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0])
  const n = rows.length
  for (let k = 0; k < n; k += 1) {
    let best = k
    for (let i = k + 1; i < n; i += 1) if (Math.abs(rows[i]?.[k] ?? 0) > Math.abs(rows[best]?.[k] ?? 0)) best = i
    const pivotRow = rows[best] as number[]
    rows[best] = rows[k] as number[]
    rows[k] = pivotRow
    const pivot = pivotRow[k] ?? 0
    if (Math.abs(pivot) < 1e-12 * Math.abs(matrix[k]?.[k] ?? 1) || pivot === 0) return undefined
    for (let i = 0; i < n; i += 1) {
      const row = rows[i] as number[]
      if (i === k) continue
      const factor = (row[k] ?? 0) / pivot
      for (let j = k; j <= n; j += 1) row[j] = (row[j] ?? 0) - factor * (pivotRow[j] ?? 0)
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1))
}
