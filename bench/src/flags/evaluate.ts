// In-process evaluation of a flag: the first of a unit and the next ones, against what nobody can avoid.
import { carryRules, compileFlag, createAssigner, type CompiledFlag } from '@rondo/experiments'
import type { FlagDefinition } from '@rondo/experiments/contract'
import { createHasher } from '@rondo/hash'
import type { BenchResult } from '../result.ts'

const FLAGS = 20
const FIRST_MARK_NS = 1000
const NEXT_MARK_NS = 500

/** References, same run: a bare hash of `segment|unit` with a Map look-up, and JSON.parse of the context as OFREP sends it. */
export async function run({ small = false }: { small?: boolean } = {}): Promise<BenchResult[]> {
  const units = Array.from({ length: small ? 2_000 : 20_000 }, (_, i) => `listener-${i}`)
  const attributes = { country: 'SE', plan: 'premium', age: 34 }
  const flags = makeFlags()
  const hasher = createHasher()
  const variants = new Map(Array.from({ length: 100 }, (_, i) => [i, `variant-${i}`]))
  const text = JSON.stringify({ context: { targetingKey: 'listener-12345', ...attributes } })

  // Every unit once a round: nothing of a unit is known. Then all flags of a unit: its population bucket is known.
  const first = measure(units.length, () => {
    let used = 0
    for (const unit of units) if (flags[0]?.evaluate(unit, attributes).variant === 'on') used += 1
    return used
  })
  const all = measure(units.length * FLAGS, () => {
    let used = 0
    for (const unit of units) for (const flag of flags) if (flag.evaluate(unit, attributes).variant === 'on') used += 1
    return used
  })
  const next = (all * FLAGS - first) / (FLAGS - 1)
  const bare = measure(units.length, () => {
    let used = 0
    for (const unit of units) if (variants.get(hasher.bucketAfter('experiment-00|', unit, 100)) === 'variant-7') used += 1
    return used
  })
  const parse = measure(units.length, () => {
    let used = 0
    for (let i = 0; i < units.length; i += 1) if ((JSON.parse(text) as { context: object }).context !== null) used += 1
    return used
  })
  const row = (name: string, ns: number, reference: string, referenceNs: number, markNs?: number): BenchResult => ({
    name,
    figure: `${ns.toFixed(0)} ns`,
    reference: `${reference} (${referenceNs.toFixed(0)} ns)`,
    ratio: ns / referenceNs,
    ...(markNs === undefined ? {} : { mark: `< ${markNs} ns`, ok: ns < markNs }),
  })
  return [
    row('flags: first flag of a unit', first, 'murmur3 + Map', bare, FIRST_MARK_NS),
    row('flags: next flag of a unit', next, 'murmur3 + Map', bare, NEXT_MARK_NS),
    row('flags: next flag of a unit', next, 'JSON.parse of its context', parse),
  ]
}

/** Twenty experiments as they are: a criterion, half of the population, two arms. */
function makeFlags(): CompiledFlag[] {
  const assigner = createAssigner('bench')
  return Array.from({ length: FLAGS }, (_, i) => {
    const id = `experiment-${String(i).padStart(2, '0')}`
    const definition: FlagDefinition = {
      key: `flag-${i}`, owner: 'squad-experimentation', schema: {}, variants: { on: { list: 'a' }, off: { list: 'b' } }, clients: ['*'],
      rules: [{ name: 'everyone', assign: [{ variant: 'off', share: 1 }] }],
    }
    const split = { experiment: id, rule: id, segment: id, share: 0.5, when: { attribute: 'plan', eq: 'premium' }, assign: [{ variant: 'off', share: 0.5 }, { variant: 'on', share: 0.5 }] }
    return compileFlag(definition, carryRules(definition, []), { before: [split], after: [] }, () => undefined, assigner)
  })
}

/** Median of rounds, ns for each of `operations`; the sum is used, so that nothing is optimised away. */
function measure(operations: number, round: () => number): number {
  const times: number[] = []
  let used = 0
  for (let i = 0; i < 15; i += 1) {
    const startedAt = performance.now()
    used += round()
    times.push(((performance.now() - startedAt) * 1e6) / operations)
  }
  if (used < 0) throw new Error('The rounds gave nothing.')
  return times.sort((a, b) => a - b)[7] ?? 0
}
