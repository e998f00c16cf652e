// The decision rule: ship only if a success metric is better, every guardrail is within its margin, nothing deteriorated, and the
// data are sound.
import type { ExperimentDefinition, MetricRow, SampleRatio, Verdict } from '../../contract.ts'
import { defaultMinimumEffect, OVERALL_POWER } from './compute-metrics.ts'
import { joinWords, startSentence, wordChange, wordDays, wordDifference, wordInterval, wordMoreDays, wordName, wordP, wordShare } from './wording.ts'

export type Evidence = {
  definition: ExperimentDefinition
  /** Look, from 1; a look a day. */
  look: number
  metrics: readonly MetricRow[]
  sampleRatio: SampleRatio | null
}

/** A whole week, unless the plan is shorter: days of the week differ. */
export const fewestDays = (definition: ExperimentDefinition): number => Math.min(7, definition.days)

export const isDeteriorated = (row: MetricRow): boolean => row.role !== 'watched' && (row.status === 'worse' || row.status === 'past margin')

export function decide(evidence: Evidence): Verdict {
  const { definition, look, metrics, sampleRatio } = evidence
  const reasons = explain(evidence)
  const verdict = (decision: Verdict['decision'], sentence: string, variant: string | null = null): Verdict => ({ decision, sentence, variant, reasons })
  if (sampleRatio?.alert === true) return verdict('invalid', 'Do not trust this: the arms did not get the shares they were promised.')

  const open = definition.treatments.filter((variant) => !metrics.some((row) => row.variant === variant && isDeteriorated(row)))
  if (open.length === 0) {
    const worst = metrics.filter(isDeteriorated)
    return verdict('do-not-ship', `Do not ship: ${joinWords([...new Set(worst.map(wordHarm))])}.`)
  }
  const won = open
    .filter((variant) => metrics.some((row) => row.variant === variant && row.role === 'success' && row.status === 'better'))
    .filter((variant) => metrics.every((row) => row.variant !== variant || row.role !== 'guardrail' || row.status === 'within margin'))
  const winner = won.toSorted((a, b) => bestEffect(metrics, b) - bestEffect(metrics, a))[0]
  if (winner !== undefined) {
    const missing = fewestDays(definition) - look
    if (missing > 0) return verdict('not-yet', `Not yet: it looks better, and ${missing === 1 ? '1 more day makes' : `${missing} more days make`} a whole week.`, winner)
    return verdict('ship', definition.treatments.length === 1 ? 'Ship it.' : `Ship ${winner}.`, winner)
  }
  if (look >= definition.days) return verdict('do-not-ship', endSentence(evidence, open))
  return verdict('not-yet', waitSentence(evidence, open))
}

/** Whole days in all until the surest success metric has its power for the smallest effect worth knowing; undefined without an estimate. */
export function computeDaysNeeded({ definition, look, metrics }: Evidence): number | undefined {
  const days = metrics.flatMap((row) => (row.role === 'success' && row.detectable !== null ? [look * (row.detectable / defaultMinimumEffect(definition)) ** 2] : []))
  return days.length === 0 ? undefined : Math.max(1, Math.ceil(Math.min(...days) - 1e-9))
}

function waitSentence(evidence: Evidence, open: readonly string[]): string {
  const { definition, look, metrics } = evidence
  const left = definition.days - look
  const better = metrics.find((row) => row.role === 'success' && row.status === 'better' && open.includes(row.variant))
  if (better !== undefined) {
    const unclear = metrics.filter((row) => row.variant === better.variant && row.role === 'guardrail' && row.status !== 'within margin')
    return `Not yet: ${wordName(better.metric)} is better, but ${joinWords(unclear.map((row) => wordName(row.metric)))} may still be past the margin.`
  }
  const needed = computeDaysNeeded(evidence)
  if (needed === undefined) return `Not yet: ${sayMissing(metrics)}; ${wordDays(left)} left.`
  if (needed <= look) return `Not yet: the power is there, nothing has crossed its bound; ${wordDays(left)} left.`
  if (needed <= definition.days) return `Not yet: ${wordMoreDays(needed - look)} ${wordShare(OVERALL_POWER)} power.`
  return `Not yet: ${wordDays(left)} left, but ${wordShare(OVERALL_POWER)} power for ${wordShare(defaultMinimumEffect(definition))} would take ${wordDays(needed)} in all.`
}

function endSentence(evidence: Evidence, open: readonly string[]): string {
  const { definition, metrics, look } = evidence
  const better = metrics.find((row) => row.role === 'success' && row.status === 'better' && open.includes(row.variant))
  if (better !== undefined) {
    const unclear = metrics.filter((row) => row.variant === better.variant && row.role === 'guardrail' && row.status !== 'within margin')
    return `Do not ship: ${joinWords(unclear.map((row) => wordName(row.metric)))} may be past the margin.`
  }
  const needed = computeDaysNeeded(evidence)
  if (needed === undefined) return `Do not ship: ${sayMissing(metrics)}.`
  if (needed <= look) return `Do not ship: nothing moved, and a change of ${wordShare(defaultMinimumEffect(definition))} would have been seen.`
  return `Do not ship: no success metric moved in ${wordDays(look)}.`
}

function explain({ definition, look, metrics, sampleRatio }: Evidence): Verdict['reasons'] {
  const decides = metrics.filter((row) => row.role !== 'watched')
  const deteriorated = decides.filter(isDeteriorated)
  const reasons: Verdict['reasons'] = metrics
    .filter((row) => row.role === 'success')
    .map((row) => ({
      held: row.status === 'better' ? true : row.status === 'not yet clear' ? null : false,
      text: `${startSentence(wordName(row.metric))}${definition.treatments.length > 1 ? ` with ${row.variant}` : ''}: ${wordEffect(row)}`,
    }))
  const guardrails = metrics.filter((row) => row.role === 'guardrail')
  const outside = guardrails.filter((row) => row.status !== 'within margin')
  if (guardrails.length > 0) {
    const failed = outside.some((row) => row.status !== 'not yet clear')
    reasons.push({
      held: outside.length === 0 ? true : failed || look >= definition.days ? false : null,
      text: outside.length === 0 ? `All guardrails (${definition.guardrails.length}) are inside their margins` : `${startSentence(nameAll(outside))}: not shown to be inside the margin`,
    })
  }
  reasons.push({ held: deteriorated.length === 0, text: deteriorated.length === 0 ? `No metric of ${new Set(decides.map((row) => row.metric)).size} deteriorated` : `Deteriorated: ${nameAll(deteriorated)}` })
  if (sampleRatio !== null) reasons.push({ held: !sampleRatio.alert, text: `${sampleRatio.alert ? 'The split is off' : 'The split is as promised'}, ${wordP(sampleRatio.p)}` })
  return reasons
}

/** Each metric once, whatever the number of treatments it stands out in. */
const nameAll = (rows: readonly MetricRow[]): string => joinWords([...new Set(rows.map((row) => wordName(row.metric)))])

/** "+92.5 % (+35.0 % to +150.0 %), better"; in the metric's own unit where a relative change has no bounds; else why there is none. */
function wordEffect({ absolute, relative, status, caveat }: MetricRow): string {
  if (relative !== null && relative.lower !== null && relative.upper !== null) return `${wordChange(relative.estimate)} (${wordInterval(relative.lower, relative.upper)}), ${status}`
  if (absolute === null) return `${caveat ?? 'no estimate'}, ${status}`
  return `${wordDifference(absolute.estimate)} (${wordDifference(absolute.lower)} to ${wordDifference(absolute.upper)}), ${status}`
}

/** Why no success metric has an estimate. */
export const sayMissing = (metrics: readonly MetricRow[]): string => metrics.find((row) => row.role === 'success')?.caveat ?? 'no unit has been measured'

function wordHarm(row: MetricRow): string {
  const verb = row.better === 'higher' ? 'fell' : 'rose'
  return `${wordName(row.metric)} ${verb}${row.status === 'past margin' ? ' past the margin' : ''}`
}

function bestEffect(metrics: readonly MetricRow[], variant: string): number {
  return Math.max(...metrics.flatMap((row) => (row.variant === variant && row.role === 'success' && row.relative !== null ? [row.relative.estimate * (row.better === 'higher' ? 1 : -1)] : [])))
}
