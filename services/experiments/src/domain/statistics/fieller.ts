// The relative change and its interval, so that it leaves zero out exactly when the absolute difference does.
import { computeArm } from './moments.ts'
import type { Comparison } from './difference.ts'

export type RelativeInterval = {
  /** (μt − μc) / |μc|: "more" is positive also where control is negative. */
  estimate: number
  /** Both null when no bounded interval exists: control cannot be told from zero. */
  lower: number | null
  upper: number | null
  /** Where nothing changed: the absolute standard error over |μc|. The estimate over it is the absolute difference's own statistic. */
  se: number
}

/**
 * E. C. Fieller's interval ("Some problems in interval estimation", JRSS B 16, 1954): every relative change δ for which the linear
 * contrast μt − μc − δ|μc| is within `z` of its own standard errors of zero. At δ = 0 that contrast is the absolute difference, so
 * one test decides both; at δ = −margin it is the test of non-inferiority of a ratio (D. Hauschke et al., 1999). The delta method
 * has another variance at zero and may say otherwise in small samples. Undefined when control is zero or nothing can be estimated.
 */
export function computeRelativeInterval({ type, control, treatment }: Comparison, z: number): RelativeInterval | undefined {
  const c = computeArm(type, control)
  const t = computeArm(type, treatment)
  if (c.variance === undefined || t.variance === undefined || c.value === 0) return undefined
  // In units of control, so that sizes of 1e200 do not overflow.
  const size = Math.abs(c.value)
  const sign = Math.sign(c.value)
  const controlVariance = c.variance / c.n / size / size
  const treatmentVariance = t.variance / t.n / size / size
  const estimate = (t.value - c.value) / size
  const se = Math.sqrt(controlVariance + treatmentVariance)
  if (!(se > 0) || !Number.isFinite(se) || !Number.isFinite(estimate)) return undefined
  // a δ² − 2 b δ + c = 0; the sign of c is the absolute test's answer.
  const quadratic = 1 - z * z * controlVariance
  if (quadratic <= 0) return { estimate, lower: null, upper: null, se }
  const half = estimate + sign * z * z * controlVariance
  const constant = (Math.abs(estimate) - z * se) * (Math.abs(estimate) + z * se)
  const root = z * Math.sqrt(controlVariance * (t.value / size) ** 2 + treatmentVariance * quadratic)
  const sum = half + (half < 0 ? -root : root)
  const ends = [sum / quadratic, sum === 0 ? 0 : constant / sum]
  const [lower, upper] = [Math.min(...ends), Math.max(...ends)]
  return Number.isFinite(lower) && Number.isFinite(upper) ? { estimate, lower, upper, se } : { estimate, lower: null, upper: null, se }
}
