// One row a metric, role and treatment: effect with the interval that holds over all looks, and what it means for the decision.
//
// One test decides a row: the absolute difference over its unpooled standard error, against the look's bound. The absolute interval
// is that test turned round, `p` its tail, `alpha` the tail beyond the bound, and the relative interval (Fieller's) leaves zero out
// exactly when the absolute one does. So whatever a reader looks at, it says the same.
import type { ExperimentDefinition, Interval, MetricDefinition, MetricRow, MetricRole, MetricStatus, RelativeInterval } from '../../contract.ts'
import { computeDifference, testEstimate, type Estimate } from '../statistics/difference.ts'
import { computeErrorBudget } from '../statistics/error-budget.ts'
import { computeRelativeInterval } from '../statistics/fieller.ts'
import { computeNormalCdf, computeNormalTail, computeNormalTailQuantile } from '../statistics/normal.ts'
import { computeArm, type Moments } from '../statistics/moments.ts'
import { findCaveat } from './find-caveat.ts'
import type { Sample } from './sample.ts'

/** Bounds in standard errors of the looks of a plan of so many days, for a two-sided level. */
export type FindBounds = (alpha: number, days: number) => readonly number[]

export const OVERALL_POWER = 0.8
export const defaultAlpha = (definition: ExperimentDefinition): number => definition.alpha ?? 0.05
export const defaultMinimumEffect = (definition: ExperimentDefinition): number => definition.minimumEffect ?? 0.05

export function computeBudget(definition: ExperimentDefinition) {
  return computeErrorBudget({
    alpha: defaultAlpha(definition),
    power: OVERALL_POWER,
    comparisons: definition.treatments.length,
    successMetrics: definition.success.length,
    guardrailsWithMargin: definition.guardrails.length,
  })
}

/** `look` counts from 1; past the plan the last look's bound stays. */
export function computeMetrics(definition: ExperimentDefinition, metrics: ReadonlyMap<string, MetricDefinition>, sample: Sample, look: number, findBounds: FindBounds): MetricRow[] {
  const budget = computeBudget(definition)
  const asked: { metric: string; role: MetricRole; margin: number | null }[] = [
    ...definition.success.map((metric) => ({ metric, role: 'success' as const, margin: null })),
    ...definition.guardrails.map(({ metric, margin }) => ({ metric, role: 'guardrail' as const, margin })),
    ...(definition.watched ?? []).map((metric) => ({ metric, role: 'watched' as const, margin: null })),
  ]
  const rows: MetricRow[] = []
  for (const variant of definition.treatments) {
    for (const { metric, role, margin } of asked) {
      const known = metrics.get(metric)
      if (known === undefined) continue
      const alpha = role === 'success' ? budget.alphaSuccess : budget.alphaGuardrail
      const bounds = findBounds(alpha, definition.days)
      const boundZ = bounds[Math.min(look, definition.days) - 1] ?? computeNormalTailQuantile(alpha / 2)
      const control = findMoments(sample, definition.control, metric)
      const treatment = findMoments(sample, variant, metric)
      const comparison = { type: known.type, control, treatment }
      const difference = computeDifference(comparison)
      const absolute = toInterval(difference, boundZ)
      const relative = absolute === null ? undefined : computeRelativeInterval(comparison, boundZ)
      const planned = relative === undefined ? undefined : computePlanned(relative.se, bounds.at(-1) ?? boundZ, budget.powerPerMetric, defaultMinimumEffect(definition))
      rows.push({
        metric,
        role,
        variant,
        better: known.better,
        unitLabel: known.unitLabel ?? null,
        margin,
        control: { units: control.n, mean: toFinite(computeArm(known.type, control).value) },
        treatment: { units: treatment.n, mean: toFinite(computeArm(known.type, treatment).value) },
        absolute,
        relative: relative ?? null,
        p: difference === undefined ? null : testEstimate(difference, { alpha, sides: 'two', null: 0 }).p,
        alpha: 2 * computeNormalTail(boundZ),
        alphaAllLooks: alpha,
        boundZ,
        caveat: findCaveat(comparison, absolute, relative),
        status: readStatus(role, absolute, relative, known.better === 'higher' ? 1 : -1, margin, look >= definition.days),
        detectable: planned?.detectable ?? null,
        power: planned?.power ?? null,
      })
    }
  }
  return rows
}

/** With the last look's bound: the smallest relative change found with the metric's power, and the chance to find the one worth knowing. */
function computePlanned(se: number, finalZ: number, power: number, minimumEffect: number): { detectable: number; power: number } {
  return { detectable: (finalZ - computeNormalTailQuantile(power)) * se, power: computeNormalCdf(minimumEffect / se - finalZ) }
}

/**
 * Better or worse: the absolute interval leaves zero out. A guardrail that is not worse is within its margin when the harmful end of
 * the relative interval is, or when the change is all for the good; a worse one is past its margin when all of the interval is.
 */
function readStatus(role: MetricRole, absolute: Interval | null, relative: RelativeInterval | undefined, direction: 1 | -1, margin: number | null, isLast: boolean): MetricStatus {
  const unclear = isLast && role !== 'guardrail' ? 'no change seen' : 'not yet clear'
  if (absolute === null) return unclear
  const [worst, best] = direction === 1 ? [absolute.lower, absolute.upper] : [-absolute.upper, -absolute.lower]
  const [relativeWorst, relativeBest] = direction === 1 ? [relative?.lower, relative?.upper] : [negate(relative?.upper), negate(relative?.lower)]
  if (best < 0) return margin !== null && (relativeBest ?? 0) < -margin ? 'past margin' : 'worse'
  if (margin === null) return worst > 0 ? 'better' : unclear
  return worst > 0 || (relativeWorst ?? -Infinity) > -margin ? 'within margin' : unclear
}

const negate = (value: number | null | undefined): number | undefined => (value === null || value === undefined ? undefined : -value)

function findMoments(sample: Sample, variant: string, metric: string): Moments {
  const arm = sample.arms.find((row) => row.variant === variant)
  return arm?.moments[metric] ?? { n: arm?.units ?? 0, sum: 0, sumSquares: 0 }
}

function toInterval(estimate: Estimate | undefined, boundZ: number): Interval | null {
  if (estimate === undefined) return null
  const half = boundZ * estimate.se
  const interval = { estimate: estimate.estimate, lower: estimate.estimate - half, upper: estimate.estimate + half, se: estimate.se }
  return Object.values(interval).every(Number.isFinite) ? interval : null
}

const toFinite = (value: number): number | null => (Number.isFinite(value) ? value : null)
