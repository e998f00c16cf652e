// One row a metric, role and treatment: effect with the interval that holds over all looks, and what it means for the decision.
import type { ExperimentDefinition, Interval, MetricDefinition, MetricRow, MetricRole, MetricStatus } from '../../contract.ts'
import { computeDifference, computeRelativeDifference, testEstimate, type Estimate } from '../statistics/difference.ts'
import { computeErrorBudget } from '../statistics/error-budget.ts'
import { computeNormalCdf, computeNormalTailQuantile } from '../statistics/normal.ts'
import type { Moments } from '../statistics/moments.ts'
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
      const absolute = computeDifference(comparison)
      const relative = computeRelativeDifference(comparison)
      const finalZ = bounds.at(-1) ?? boundZ
      const planned = relative === undefined ? undefined : computePlanned(relative.se, finalZ, budget.powerPerMetric, defaultMinimumEffect(definition))
      rows.push({
        metric,
        role,
        variant,
        better: known.better,
        unitLabel: known.unitLabel ?? null,
        margin,
        control: { units: control.n, mean: control.n === 0 ? 0 : control.sum / control.n },
        treatment: { units: treatment.n, mean: treatment.n === 0 ? 0 : treatment.sum / treatment.n },
        absolute: toInterval(absolute, boundZ),
        relative: toInterval(relative, boundZ),
        p: absolute === undefined ? null : testEstimate(absolute, { alpha, sides: 'two', null: 0 }).p,
        alpha,
        boundZ,
        status: readStatus(role, toInterval(relative ?? absolute, boundZ), known.better === 'higher' ? 1 : -1, relative === undefined ? null : margin, look >= definition.days),
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
 * Better or worse: the interval leaves zero out. A guardrail is within its margin when the interval's harmful end is; worse when the
 * interval is all harm, and past the margin when all of it is beyond.
 */
function readStatus(role: MetricRole, interval: Interval | null, direction: 1 | -1, margin: number | null, isLast: boolean): MetricStatus {
  if (interval === null) return isLast ? 'no change seen' : 'not yet clear'
  const [worst, best] = direction === 1 ? [interval.lower, interval.upper] : [-interval.upper, -interval.lower]
  if (role === 'guardrail' && margin !== null && best < -margin) return 'past margin'
  if (best < 0) return 'worse'
  if (role === 'guardrail') return margin !== null && worst > -margin ? 'within margin' : 'not yet clear'
  if (worst > 0) return 'better'
  return isLast ? 'no change seen' : 'not yet clear'
}

function findMoments(sample: Sample, variant: string, metric: string): Moments {
  const arm = sample.arms.find((row) => row.variant === variant)
  return arm?.moments[metric] ?? { n: arm?.units ?? 0, sum: 0, sumSquares: 0 }
}

function toInterval(estimate: Estimate | undefined, boundZ: number): Interval | null {
  if (estimate === undefined) return null
  const half = boundZ * estimate.se
  return { estimate: estimate.estimate, lower: estimate.estimate - half, upper: estimate.estimate + half, se: estimate.se }
}
