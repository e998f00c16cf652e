// What a stopped experiment taught: one of five classes by a fixed rule, from its last look alone.
import type { ExperimentDefinition, LearningClass, Verdict } from '../../contract.ts'
import { computeBudget, defaultMinimumEffect } from './compute-metrics.ts'
import { computeDaysNeeded, isDeteriorated, sayMissing, type Evidence } from './decide.ts'
import { wordDays, wordShare } from './wording.ts'

/** In this order: invalid, regression found, win, neutral and powered, inconclusive. Without a look: inconclusive. */
export function classify(verdict: Verdict, evidence: Evidence | undefined): LearningClass {
  if (verdict.decision === 'invalid') return 'invalid'
  if (evidence === undefined) return 'inconclusive'
  if (evidence.metrics.some(isDeteriorated)) return 'regression found'
  if (verdict.decision === 'ship') return 'win'
  const decides = evidence.metrics.filter((row) => row.role !== 'watched')
  const { powerPerMetric } = computeBudget(evidence.definition)
  const isNeutral = decides.every((row) => (row.role === 'success' ? row.status !== 'better' && (row.power ?? 0) >= powerPerMetric : row.status === 'within margin'))
  return decides.length > 0 && isNeutral ? 'neutral and powered' : 'inconclusive'
}

/** Everything but invalid and inconclusive taught something. */
export const hasTaught = (learningClass: LearningClass): boolean => learningClass !== 'invalid' && learningClass !== 'inconclusive'

/** For one that taught nothing: what would have made it teach. */
export function sayWhatWouldHaveTaught(learningClass: LearningClass, definition: ExperimentDefinition, evidence: Evidence | undefined): string | null {
  if (hasTaught(learningClass)) return null
  if (learningClass === 'invalid') return 'A sound split: a test of the flag against itself first shows whether exposure is logged alike in both arms.'
  const needed = evidence === undefined ? undefined : computeDaysNeeded(evidence)
  if (evidence === undefined) return 'A first look: it stopped before a day of metrics was read.'
  if (needed === undefined) return `Values that can be compared: ${sayMissing(evidence.metrics)}.`
  const effect = wordShare(defaultMinimumEffect(definition))
  const power = Math.max(...evidence.metrics.map((row) => (row.role === 'success' ? (row.power ?? 0) : 0)))
  if (needed > evidence.look) return `${wordDays(needed - evidence.look)} more, or a larger share: power for ${effect} was ${power.toFixed(2)}.`
  return 'Guardrails with less spread or a wider margin: a change was measured well, its harm was not.'
}
