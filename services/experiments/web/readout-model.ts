// A readout as its charts want it: forest groups, looks with their bounds, and the metric in the middle.
import { formatEffect, formatInterval, formatNumber } from '@rondo/ui/format'
import type { Look, MetricRole, MetricRow, Readout } from '../src/contract.ts'
import { nameMetric, nameStatus } from './experiment-words.ts'

const roles: { role: MetricRole; title: string; hint: string }[] = [
  { role: 'success', title: 'Success', hint: 'at least one must be better' },
  { role: 'guardrail', title: 'Guardrail', hint: 'none may cross its margin' },
  { role: 'watched', title: 'Also watched', hint: 'does not decide' },
]

export type EffectTone = 'good' | 'bad' | 'quiet'

export type EffectRow = {
  metric: string
  estimate: number | null
  lower: number | null
  upper: number | null
  better: 'higher' | 'lower'
  margin: number | null
  reading: string
  /** Where a relative change has no bounds: the difference itself, or a dash. */
  instead?: string
  tone?: EffectTone
  decides: boolean
}

export type EffectGroup = { title: string; hint: string; rows: EffectRow[] }

/** Metrics of one treatment under the role they were promised in; roles without a metric are left out. */
export function toEffectGroups(metrics: readonly MetricRow[], variant: string): EffectGroup[] {
  return roles
    .map(({ role, title, hint }) => ({ title, hint, rows: metrics.filter((row) => row.role === role && row.variant === variant).map(toEffectRow) }))
    .filter((group) => group.rows.length > 0)
}

function toEffectRow(row: MetricRow): EffectRow {
  const { metric, absolute, relative, better, margin, status } = row
  const difference = absolute === null ? '—' : `${formatNumber(absolute.estimate)} (${formatNumber(absolute.lower)} to ${formatNumber(absolute.upper)})`
  const tone: EffectTone | undefined = status === 'better' ? 'good' : status === 'worse' || status === 'past margin' ? 'bad' : status === 'not yet clear' ? 'quiet' : undefined
  return {
    metric: nameMetric(metric),
    estimate: relative?.estimate ?? null,
    lower: relative?.lower ?? null,
    upper: relative?.upper ?? null,
    better,
    margin,
    reading: nameStatus(status),
    ...(relative === null || relative.lower === null ? { instead: difference } : {}),
    ...(tone === undefined ? {} : { tone }),
    decides: status !== 'not yet clear',
  }
}

export type LookPoint = { look: number; estimate: number | null; lower: number | null; upper: number | null; bound: number | null }

/**
 * Looks at one metric, and the bounds of the whole plan as relative effects. A bound is in standard errors; ahead of the last look it is
 * drawn with the error that more days of the same traffic would leave, shrinking with the square root of the plan's fraction.
 */
export function toSequence({ looks, plan }: Pick<Readout, 'looks' | 'plan'>, metric: string, variant: string): { points: LookPoint[]; bounds: (number | null)[] } {
  const points = looks.map((look) => toPoint(look, metric, variant))
  const last = looks.at(-1)
  const lastError = last?.metrics.find((one) => one.metric === metric && one.variant === variant)?.relative?.se
  const lastFraction = plan.find((step) => step.look === last?.look)?.fraction
  const bounds = plan.map(({ look, fraction, boundZ }) => {
    const taken = points.find((point) => point.look === look)
    if (taken !== undefined) return taken.bound
    return lastError === undefined || lastFraction === undefined ? null : boundZ * lastError * Math.sqrt(lastFraction / fraction)
  })
  return { points, bounds: dropUnreachable(bounds) }
}

function toPoint(look: Look, metric: string, variant: string): LookPoint {
  const found = look.metrics.find((one) => one.metric === metric && one.variant === variant)
  const relative = found?.relative ?? null
  return { look: look.look, estimate: relative?.estimate ?? null, lower: relative?.lower ?? null, upper: relative?.upper ?? null, bound: found === undefined || relative === null ? null : found.boundZ * relative.se }
}

/** Early bounds many times wider than the last say only that nothing could be told yet; they would flatten the rest. */
function dropUnreachable(bounds: (number | null)[]): (number | null)[] {
  const last = bounds.findLast((bound) => bound !== null) ?? null
  return last === null ? bounds : bounds.map((bound) => (bound === null || bound > 6 * last ? null : bound))
}

/** "List savers on day 9: +12.3 % (1.0 to 23.6), not yet clear." */
export function sayLook(row: MetricRow | undefined, look: number): string {
  if (row === undefined || row.relative === null) return 'No look has been taken yet'
  return `${nameMetric(row.metric)} on day ${look}: ${formatEffect(row.relative.estimate)} (${formatInterval(row.relative.lower, row.relative.upper)}), ${nameStatus(row.status).toLowerCase()}`
}

export function listTreatments(readout: Pick<Readout, 'arms'>): string[] {
  return readout.arms.filter((arm) => arm.role === 'treatment').map((arm) => arm.variant)
}
