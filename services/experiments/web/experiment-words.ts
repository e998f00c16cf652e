// How an experiment, its split and its metrics are called.
import { formatCount, formatEffect, formatNumber, formatP, formatShare } from '@rondo/ui/format'
import type { Experiment, ExperimentDefinition, MetricDefinition, MetricRow, MetricStatus, Readout, SampleRatio } from '../src/contract.ts'

/** "minutes-listened" → "Minutes listened" */
export function nameMetric(metric: string): string {
  const words = metric.replaceAll(/[-_.]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** "p = 0.71", "p < 0.000001" */
function sayP(p: number): string {
  const text = formatP(p)
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`
}

type StateWord = 'running' | 'draft' | 'stopped' | 'failed' | 'healthy' | 'waiting'

/** The glyph and its words: "Day 9 of 14", "Shipped", "Stopped on day 5". */
export function nameState(experiment: Pick<Experiment, 'state' | 'day' | 'days' | 'shipped' | 'verdict'>): { state: StateWord; label: string } {
  const { state, day, days, shipped, verdict } = experiment
  if (state === 'draft') return { state: 'draft', label: 'Draft' }
  if (state === 'stopped') return { state: 'stopped', label: shipped === null ? `Stopped on day ${day}` : `Shipped ${shipped}` }
  const label = day === 0 ? `Day 1 of ${days}` : day >= days ? `All ${days} days` : `Day ${day} of ${days}`
  return { state: verdict.decision === 'invalid' ? 'failed' : 'running', label }
}

/** The split against what was promised. */
export function nameSplit(sampleRatio: SampleRatio | null): { state: StateWord; label: string } {
  if (sampleRatio === null) return { state: 'waiting', label: 'no unit yet' }
  return sampleRatio.alert ? { state: 'failed', label: `off, ${sayP(sampleRatio.p)}` } : { state: 'healthy', label: 'as promised' }
}

/** "The arms got the shares they were promised, p = 0.71." */
export function saySplit({ arms, sampleRatio }: Pick<Readout, 'arms' | 'sampleRatio'>): string {
  if (sampleRatio === null) return 'Nobody has met the flag yet.'
  if (!sampleRatio.alert) return `The arms got the shares they were promised, ${sayP(sampleRatio.p)}.`
  const least = arms.toSorted((a, b) => a.share - a.expectedShare - (b.share - b.expectedShare))[0]
  return `The split is off, ${sayP(sampleRatio.p)}: ${least?.variant ?? 'an arm'} has ${formatShare(least?.share ?? 0, 1)}, promised ${formatShare(least?.expectedShare ?? 0, 1)}. No effect can be trusted until it is found why.`
}

/** A mean as its metric is counted: a share, or a number with its unit. */
export function formatMean(mean: number | null, metric: Pick<MetricDefinition, 'type' | 'unitLabel'> | undefined): string {
  if (metric?.type === 'proportion') return formatShare(mean)
  if (mean === null) return '—'
  return `${formatNumber(mean)}${metric?.unitLabel === undefined ? '' : `\u202f${metric.unitLabel}`}`
}

const readings: Record<MetricStatus, string> = {
  better: 'Better', worse: 'Worse', 'within margin': 'Within margin', 'past margin': 'Past the margin', 'not yet clear': 'Not yet clear', 'no change seen': 'No change seen',
}

/** A whole sentence. */
export const sayCaveat = (caveat: string): string => `${caveat.charAt(0).toUpperCase()}${caveat.slice(1)}.`

export const nameStatus = (status: MetricStatus): string => readings[status]

/** One sentence under the verdict: what moved, and whether anything that is guarded got worse. Undefined before the first look, and where no number can be trusted. */
export function sayLead({ metrics, verdict, experiment }: Pick<Readout, 'metrics' | 'verdict'> & { experiment: Pick<Experiment, 'state'> }): string | undefined {
  if (verdict.decision === 'invalid') return undefined
  const variant = verdict.variant ?? metrics[0]?.variant
  const own = metrics.filter((row) => row.variant === variant && (row.relative ?? row.absolute) !== null)
  const success = own.filter((row) => row.role === 'success')
  const main = success.find((row) => row.status === 'better') ?? success.find((row) => row.status === 'worse') ?? success[0]
  const change = main?.relative ?? main?.absolute
  if (main === undefined || change === undefined || change === null) return undefined
  const isClear = main.status === 'better' || main.status === 'worse'
  const size = main.relative === null ? '' : ` ${formatEffect(Math.abs(main.relative.estimate)).replace('+', '')}`
  const moved = isClear ? `${nameMetric(main.metric)} ${change.estimate > 0 ? 'rose' : 'fell'}${size} with ${variant}.` : `${nameMetric(main.metric)} ${experiment.state === 'stopped' ? 'in the end' : 'so far'}: ${main.relative === null ? formatNumber(change.estimate) : formatEffect(main.relative.estimate)} with ${variant}, which may be chance.`
  return `${moved} ${sayGuarded(own.filter((row) => row.role === 'guardrail'))}`.trim()
}

const nameAll = (rows: readonly MetricRow[]): string => [...new Set(rows.map((row) => nameMetric(row.metric)))].join(' and ')

function sayGuarded(guardrails: readonly MetricRow[]): string {
  if (guardrails.length === 0) return ''
  const worse = guardrails.filter((row) => row.status === 'past margin' || row.status === 'worse')
  if (worse.length > 0) return `${nameAll(worse)} got worse.`
  const open = guardrails.filter((row) => row.status === 'not yet clear')
  if (open.length > 0) return `${nameAll(open)} may still be past the margin.`
  return 'Nothing that is guarded got worse.'
}

/** The power of each metric alone that leaves 80 % for all that must hold together: the success metric and every guardrail. */
export const powerOfEach = ({ guardrails }: Pick<ExperimentDefinition, 'guardrails'>): number => 1 - 0.2 / (guardrails.length + 1)

/** "1,800 units in 2 arms" */
export function sayTraffic({ arms, exposures }: Pick<Readout, 'arms' | 'exposures'>): string {
  return `${formatCount(exposures.units)} exposed, ${arms.length} arms`
}
