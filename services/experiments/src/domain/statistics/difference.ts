// Treatment minus control, absolute and relative, with the unpooled standard error.
import { computeArm, type MetricType, type Moments } from './moments.ts'
import { computeTest, type Sides, type Tested } from './test-statistic.ts'

export type Comparison = { type: MetricType; control: Moments; treatment: Moments }
export type Estimate = { controlValue: number; treatmentValue: number; estimate: number; se: number; df: number }

/** Undefined when an arm has fewer than two units or no spread at all in both. `df` is Welch's (B. L. Welch, Biometrika 34, 1947). */
export function computeDifference({ type, control, treatment }: Comparison): Estimate | undefined {
  const c = computeArm(type, control)
  const t = computeArm(type, treatment)
  if (c.variance === undefined || t.variance === undefined) return undefined
  return toEstimate(c.value, t.value, t.value - c.value, c.variance / c.n, t.variance / t.n, c.n, t.n)
}

/**
 * (μt − μc) / μc by the delta method: Var = Vt/(nt·μc²) + Vc·μt²/(nc·μc⁴) (as gbstats): an answer of `analyse`. Readouts use
 * `computeRelativeInterval`, which cannot contradict the absolute difference. Undefined also when control is zero.
 * Welch's degrees of freedom are those of the absolute difference. Signed so that "more" is positive also where control is negative.
 */
export function computeRelativeDifference({ type, control, treatment }: Comparison): Estimate | undefined {
  const c = computeArm(type, control)
  const t = computeArm(type, treatment)
  if (c.variance === undefined || t.variance === undefined || c.value === 0) return undefined
  const controlPart = (c.variance * t.value ** 2) / (c.n * c.value ** 4)
  const treatmentPart = t.variance / (t.n * c.value ** 2)
  const relative = toEstimate(c.value, t.value, (t.value - c.value) / Math.abs(c.value), controlPart, treatmentPart, c.n, t.n)
  const absolute = computeDifference({ type, control, treatment })
  return relative === undefined ? undefined : { ...relative, df: absolute?.df ?? relative.df }
}

export function testEstimate(estimate: Estimate, test: { alpha: number; sides: Sides; null: number; student?: boolean }): Tested {
  return computeTest(estimate.estimate, estimate.se, test.alpha, test.sides, test.null, test.student === true ? estimate.df : undefined)
}

function toEstimate(controlValue: number, treatmentValue: number, estimate: number, controlPart: number, treatmentPart: number, controlUnits: number, treatmentUnits: number): Estimate | undefined {
  const variance = controlPart + treatmentPart
  if (!(variance > 0) || !Number.isFinite(variance)) return undefined
  const df = variance ** 2 / (controlPart ** 2 / (controlUnits - 1) + treatmentPart ** 2 / (treatmentUnits - 1))
  return { controlValue, treatmentValue, estimate, se: Math.sqrt(variance), df }
}
