// Worked analyses by kind: cases in, answers out, so that every number of a readout can be checked from outside.
import { adjustP, type AdjustMethod } from './statistics/adjust-p.ts'
import { computeConfidenceSequence } from './statistics/confidence-sequence.ts'
import { computeDifference, computeRelativeDifference, testEstimate, type Estimate } from './statistics/difference.ts'
import { computeErrorBudget } from './statistics/error-budget.ts'
import type { MetricType, Moments } from './statistics/moments.ts'
import { computeMinimumEffect, computePower, computeSampleSize } from './statistics/power.ts'
import { computeAdjustedDifference } from './statistics/regression-adjustment.ts'
import { testSampleRatio } from './statistics/sample-ratio.ts'
import { computeSequentialBounds } from './statistics/sequential-bounds.ts'
import type { Spending } from './statistics/spending.ts'
import type { Sides } from './statistics/test-statistic.ts'

/** `input` has the fields of its kind; see `kinds` in the answer of an unknown one. */
export type AnalysisCase = { id: string; kind: string; input: Record<string, unknown> }
/** Values by name; what cannot be computed is null with `reason`. */
export type AnalysisAnswer = Record<string, unknown>

/** Answers in the order of the cases. An unknown kind or unreadable input is answered with `unavailable: true` and why, never thrown. */
export function analyse(cases: readonly AnalysisCase[]): { id: string; answer: AnalysisAnswer }[] {
  return cases.map(({ id, kind, input }) => {
    const compute = KINDS[kind]
    if (compute === undefined) return { id, answer: unavailable(`"${kind}" is no kind of analysis; known are ${Object.keys(KINDS).join(', ')}.`) }
    try {
      return { id, answer: compute(input) }
    } catch (thrown) {
      return { id, answer: unavailable(thrown instanceof Error ? thrown.message : String(thrown)) }
    }
  })
}

type Compute = (input: Record<string, unknown>) => AnalysisAnswer

const KINDS: Record<string, Compute> = {
  difference(input) {
    const { control, treatment } = readArms(input)
    if (input['adjustment'] !== undefined && input['adjustment'] !== null && input['adjustment'] !== 'none') {
      const adjusted = computeAdjustedDifference(control, treatment)
      if (adjusted === undefined) return unavailable('Covariates are missing or collinear.')
      const { slopes, unadjustedEstimate, varianceReduction } = adjusted
      return { ...present(adjusted, input), slopes, slope: slopes.length === 1 ? slopes[0] : undefined, unadjustedEstimate, varianceReduction }
    }
    const estimate = computeDifference({ type: readType(input), control, treatment })
    return estimate === undefined ? unavailable('An arm has fewer than two units, or nothing varies.') : present(estimate, input)
  },
  'relative-difference'(input) {
    const estimate = computeRelativeDifference({ type: readType(input), ...readArms(input) })
    if (estimate === undefined) return unavailable('Control is zero, an arm has fewer than two units, or nothing varies.')
    const welch = testEstimate(estimate, { ...readTest(input), student: true })
    return { ...present(estimate, input), welchCiLower: welch.ciLower, welchCiUpper: welch.ciUpper }
  },
  'sample-ratio'(input) {
    const test = testSampleRatio(readNumbers(input, 'observed'), readNumbers(input, 'weights'), readNumber(input, 'alertBelow', 0.001))
    return test === undefined ? unavailable('No unit, or fewer than two arms.') : { ...test }
  },
  'spending-bounds'(input) {
    return { ...computeSequentialBounds({ informationFractions: readNumbers(input, 'informationFractions'), alpha: readNumber(input, 'alpha'), sides: readSides(input), spending: readSpending(input) }) }
  },
  'confidence-sequence'(input) {
    const arms = { type: readType(input), ...readArms(input) }
    const estimate = input['compare'] === 'relative' ? computeRelativeDifference(arms) : computeDifference(arms)
    if (estimate === undefined) return unavailable('Control is zero, an arm has fewer than two units, or nothing varies.')
    const n = arms.control.n + arms.treatment.n
    return { estimate: estimate.estimate, se: estimate.se, ...computeConfidenceSequence(estimate.estimate, estimate.se, n, readNumber(input, 'alpha'), readNumber(input, 'tunedFor')) }
  },
  'sample-size'(input) {
    const mean = input['mean'] === undefined || input['mean'] === null ? undefined : readNumber(input, 'mean')
    const effect = readNumber(input, 'effect') * (input['effectIs'] === 'relative' ? (mean ?? Number.NaN) : 1)
    const variance = input['variance'] === undefined || input['variance'] === null ? (mean ?? Number.NaN) * (1 - (mean ?? Number.NaN)) : readNumber(input, 'variance')
    if (!Number.isFinite(effect) || effect === 0 || !Number.isFinite(variance)) return unavailable('The effect is zero, or the mean that it is relative to is missing.')
    return {
      ...computeSampleSize({
        alpha: readNumber(input, 'alpha'), sides: readSides(input), power: readNumber(input, 'power'), variance, effect,
        treatmentToControl: readNumber(input, 'treatmentToControl', 1), varianceReduction: readNumber(input, 'varianceReduction', 0), inflation: readNumber(input, 'inflation', 1),
      }),
    }
  },
  power: (input) => ({ power: computePower(readPower(input), readNumber(input, 'effect')) }),
  'minimum-effect': (input) => ({ effect: computeMinimumEffect(readPower(input), readNumber(input, 'power')) }),
  'error-budget': (input) => ({
    ...computeErrorBudget({
      alpha: readNumber(input, 'alpha'), power: readNumber(input, 'power', 0.8), comparisons: readNumber(input, 'comparisons', 1),
      successMetrics: readNumber(input, 'successMetrics', 1), guardrailsWithMargin: readNumber(input, 'guardrailsWithMargin', 0),
    }),
  }),
  'adjust-p'(input) {
    const method = ADJUSTMENTS[String(input['method'])]
    if (method === undefined) return unavailable(`"${String(input['method'])}" is no method; known are ${Object.keys(ADJUSTMENTS).join(', ')}.`)
    const adjustedP = adjustP(readNumbers(input, 'p'), method)
    return { adjustedP, reject: adjustedP.map((p) => p <= readNumber(input, 'alpha', 0.05)) }
  },
}

const ADJUSTMENTS: Record<string, AdjustMethod> = {
  bonferroni: 'bonferroni', sidak: 'sidak', holm: 'holm', hochberg: 'hochberg', 'simes-hochberg': 'hochberg',
  'benjamini-hochberg': 'benjamini-hochberg', bh: 'benjamini-hochberg', fdr_bh: 'benjamini-hochberg', 'benjamini-yekutieli': 'benjamini-yekutieli', by: 'benjamini-yekutieli', fdr_by: 'benjamini-yekutieli',
}

function present(estimate: Estimate, input: Record<string, unknown>): AnalysisAnswer {
  const student = input['test'] === 't'
  const test = testEstimate(estimate, { ...readTest(input), student })
  const { controlValue, treatmentValue, estimate: value, se } = estimate
  return { controlValue, treatmentValue, estimate: value, se, ...test, ...(student ? { df: estimate.df } : {}) }
}

function unavailable(reason: string): AnalysisAnswer {
  return { estimate: null, se: null, ciLower: null, ciUpper: null, p: null, unavailable: true, reason }
}

function readArms(input: Record<string, unknown>): { control: Moments; treatment: Moments } {
  return { control: readMoments(input['control'], 'control'), treatment: readMoments(input['treatment'], 'treatment') }
}

function readMoments(value: unknown, path: string): Moments {
  if (typeof value !== 'object' || value === null || !('n' in value) || !('sum' in value) || typeof value.n !== 'number' || typeof value.sum !== 'number') {
    throw new RangeError(`${path}: an arm needs the numbers n and sum.`)
  }
  return value as Moments
}

function readType(input: Record<string, unknown>): MetricType {
  const type = input['type']
  if (type === 'mean' || type === 'proportion' || type === 'ratio') return type
  throw new RangeError(`type: "${String(type)}" is none of mean, proportion, ratio.`)
}

function readTest(input: Record<string, unknown>): { alpha: number; sides: Sides; null: number } {
  const sides = input['sides'] ?? 'two'
  if (sides !== 'two' && sides !== 'greater' && sides !== 'less') throw new RangeError(`sides: "${String(sides)}" is none of two, greater, less.`)
  return { alpha: readNumber(input, 'alpha', 0.05), sides, null: readNumber(input, 'null', 0) }
}

function readSides(input: Record<string, unknown>): 1 | 2 {
  const sides = input['sides'] ?? 2
  if (sides === 1 || sides === 'greater' || sides === 'less') return 1
  if (sides === 2 || sides === 'two') return 2
  throw new RangeError(`sides: "${String(sides)}" is neither 1 nor 2.`)
}

function readSpending(input: Record<string, unknown>): Spending {
  const kind = String(input['spending'])
  const phi = input['phi'] === null || input['phi'] === undefined ? undefined : readNumber(input, 'phi')
  if (kind === 'obf' || kind === 'obrien-fleming') return { kind: 'obf' }
  if (kind === 'pocock') return { kind: 'pocock' }
  if (kind === 'power' || kind === 't^phi' || kind === 'kim-demets') return { kind: 'power', phi: phi ?? 1 }
  if (kind === 't2' || kind === 't^2') return { kind: 'power', phi: 2 }
  if (kind === 'hsd' || kind === 'hwang-shih-decani') return { kind: 'hwang-shih-decani', phi: phi ?? -4 }
  throw new RangeError(`spending: "${kind}" is none of obf, pocock, power, t2, hwang-shih-decani.`)
}

function readPower(input: Record<string, unknown>) {
  return { alpha: readNumber(input, 'alpha'), sides: readSides(input), variance: readNumber(input, 'variance'), controlUnits: readNumber(input, 'controlUnits'), treatmentUnits: readNumber(input, 'treatmentUnits') }
}

function readNumber(input: Record<string, unknown>, name: string, otherwise?: number): number {
  const value = input[name] ?? otherwise
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`${name}: "${String(value)}" is no number.`)
  return value
}

function readNumbers(input: Record<string, unknown>, name: string): number[] {
  const value = input[name]
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number' && Number.isFinite(item))) throw new RangeError(`${name}: must be a list of numbers.`)
  return value as number[]
}
