// What an arm comes down to: counts and sums, from which every estimate follows; never a unit's row.

export type Moments = {
  n: number
  sum: number
  /** Not needed for a proportion. */
  sumSquares?: number
  /** Ratio metrics: of the denominator, and of numerator times denominator. */
  denominatorSum?: number
  denominatorSumSquares?: number
  crossSum?: number
  /** Covariates of before the exposure: Σx, Σx·xᵀ, Σx·y. */
  covariateSums?: number[]
  covariateCross?: number[][]
  covariateOutcomeCross?: number[]
}

export type MetricType = 'mean' | 'proportion' | 'ratio'

/** The arm's value and the variance of one unit; `variance` is undefined when it cannot be computed. */
export type ArmValue = { n: number; value: number; variance: number | undefined }

/**
 * Mean: (Σy² − (Σy)²/n) / (n − 1). Proportion: p(1 − p) with divisor n. Ratio: Σy/Σd with the variance of the linearised
 * y − r·d over the mean denominator (delta method; A. Deng et al., KDD 2018).
 */
export function computeArm(type: MetricType, moments: Moments): ArmValue {
  const { n, sum } = moments
  const mean = sum / n
  if (type === 'proportion') return { n, value: mean, variance: n > 0 ? mean * (1 - mean) : undefined }
  const variance = computeVariance(n, sum, moments.sumSquares)
  if (type === 'mean') return { n, value: mean, variance }
  const { denominatorSum = Number.NaN, denominatorSumSquares, crossSum = Number.NaN } = moments
  const ratio = sum / denominatorSum
  const denominatorVariance = computeVariance(n, denominatorSum, denominatorSumSquares)
  const covariance = (crossSum - (sum * denominatorSum) / n) / (n - 1)
  if (variance === undefined || denominatorVariance === undefined) return { n, value: ratio, variance: undefined }
  const linear = (variance - 2 * ratio * covariance + ratio * ratio * denominatorVariance) / (denominatorSum / n) ** 2
  return { n, value: ratio, variance: Number.isFinite(linear) ? linear : undefined }
}

/** What rounding alone leaves of a difference of two equal sums of squares, as a share of them, with room. */
const ROUNDING = 64 * Number.EPSILON

/** With n − 1; undefined below two units. What rounding may have made is zero: a standard error of noise would find effects in constants. */
export function computeVariance(n: number, sum: number, sumSquares: number | undefined): number | undefined {
  if (n < 2 || sumSquares === undefined) return undefined
  const squares = sumSquares - (sum * sum) / n
  return Number.isFinite(squares) && squares <= ROUNDING * sumSquares ? 0 : squares / (n - 1)
}
