// A flag version made ready to evaluate: rules in order, ranges looked up, every possible answer built once.
import type { FlagDefinition, FlagRule } from '../../contract.ts'
import { allocateRanges, BUCKETS, type Range } from './allocate-ranges.ts'
import type { Assigner } from './assign.ts'
import { compileCriterion, type Attributes, type Test } from './criterion.ts'

/** What remains of a rule between versions: the id that salts its buckets, and which variant owns which. */
export type RuleState = { name: string; named: boolean; segment: string; when: string; ranges: Range[] }

/** A rule that an experiment put before the flag's own; `share` of the population can enter it. */
export type Overlay = { experiment: string; rule: string; segment: string; share: number; when?: FlagRule['when']; assign: { variant: string; share: number }[] }

/** What the evaluator answers: shared, never changed. */
export type Outcome = {
  readonly reason: 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'ERROR'
  readonly variant: string | null
  /** Undefined for the code default. */
  readonly value: unknown
  readonly rule: string | null
  readonly errorCode?: 'TARGETING_KEY_MISSING'
}

export type CompiledFlag = {
  readonly key: string
  readonly clients: ReadonlySet<string> | 'all'
  evaluate(unit: string | undefined, attributes: Attributes): Outcome
}

type Step = (unit: string | undefined, attributes: Attributes) => Outcome | undefined

const CODE_DEFAULT: Outcome = Object.freeze({ reason: 'DEFAULT', variant: null, value: undefined, rule: null })

/** `definition` is checked, `states` has one entry a rule of it. */
export function compileFlag(definition: FlagDefinition, states: readonly RuleState[], overlays: { before: readonly Overlay[]; after: readonly Overlay[] }, findSegment: (name: string) => unknown, assigner: Assigner): CompiledFlag {
  const answer = (reason: Outcome['reason'], variant: string, rule: string): Outcome => Object.freeze({ reason, variant, value: definition.variants[variant], rule })
  const steps: Step[] = []
  const addOverlay = (overlay: Overlay): void => {
    const test = overlay.when === undefined ? undefined : compileCriterion(overlay.when, 'when', findSegment)
    steps.push(compileAssignment(overlay.rule, overlay.segment, overlay.share, overlay.assign, allocateRanges(overlay.assign), test, answer, assigner))
  }
  for (const overlay of overlays.before) addOverlay(overlay)
  for (const [i, rule] of definition.rules.entries()) {
    const state = states[i]
    if (state === undefined) continue
    const test = rule.when === undefined ? undefined : compileCriterion(rule.when, `rules/${i}/when`, findSegment)
    if (rule.assign === 'fall-through') continue
    if (rule.assign === 'client-default') {
      const outcome: Outcome = Object.freeze({ ...CODE_DEFAULT, rule: state.name })
      steps.push((unit, attributes) => (test === undefined || test(unit, attributes) === true ? outcome : undefined))
      continue
    }
    steps.push(compileAssignment(state.name, state.segment, 1, rule.assign, state.ranges, test, answer, assigner))
  }
  for (const overlay of overlays.after) addOverlay(overlay)
  return {
    key: definition.key,
    clients: definition.clients.includes('*') ? 'all' : new Set(definition.clients),
    evaluate(unit, attributes) {
      for (const step of steps) {
        const outcome = step(unit, attributes)
        if (outcome !== undefined) return outcome
      }
      return CODE_DEFAULT
    },
  }
}

function compileAssignment(
  rule: string, segment: string, populationShare: number, shares: readonly { variant: string; share: number }[], ranges: readonly Range[], test: Test | undefined,
  answer: (reason: Outcome['reason'], variant: string, rule: string) => Outcome, assigner: Assigner,
): Step {
  const only = ranges[0]
  if (populationShare === 1 && ranges.length === 1 && only !== undefined && only.from === 0 && only.to === BUCKETS) {
    const outcome = answer(test === undefined ? 'STATIC' : 'TARGETING_MATCH', only.variant, rule)
    return (unit, attributes) => (test === undefined || test(unit, attributes) === true ? outcome : undefined)
  }
  if (ranges.length === 0) return () => undefined
  const outcomes = new Map(shares.map(({ variant }) => [variant, answer('SPLIT', variant, rule)]))
  const owners = ranges.map((range) => ({ from: range.from, to: range.to, outcome: outcomes.get(range.variant) }))
  const missing: Outcome = Object.freeze({ reason: 'ERROR', variant: null, value: undefined, rule, errorCode: 'TARGETING_KEY_MISSING' })
  const salt = `${segment}|`
  const start = populationShare < 1 ? assigner.segmentStart(segment) : 0
  const length = Math.round(populationShare * BUCKETS)
  return (unit, attributes) => {
    if (test !== undefined && test(unit, attributes) !== true) return undefined
    if (unit === undefined) return missing
    if (populationShare < 1) {
      const place = assigner.populationBucket(unit) - start
      if ((place < 0 ? place + BUCKETS : place) >= length) return undefined
    }
    const bucket = assigner.variantBucket(salt, unit)
    for (const owner of owners) if (bucket >= owner.from && bucket < owner.to) return owner.outcome
    return undefined
  }
}
