// From one version of a flag to the next: which rule is which, so that its buckets stay where they are.
import type { FlagDefinition } from '../../contract.ts'
import { allocateRanges } from './allocate-ranges.ts'
import type { RuleState } from './compile-flag.ts'

/** A rule is the one of before by its name; without a name by its criterion, then by its order among those left. */
export function carryRules(definition: FlagDefinition, previous: readonly RuleState[]): RuleState[] {
  const unnamed = previous.filter((state) => !state.named)
  const used = new Set<RuleState>()
  const take = (state: RuleState | undefined): RuleState | undefined => {
    if (state !== undefined) used.add(state)
    return state
  }
  const whens = definition.rules.map((rule) => (rule.when === undefined ? '' : JSON.stringify(rule.when)))
  const matches = definition.rules.map((rule, i) =>
    take(rule.name === undefined ? unnamed.find((state) => !used.has(state) && state.when === whens[i]) : previous.find((state) => state.named && state.name === rule.name)),
  )
  const taken = new Set([...previous.map((state) => state.name), ...definition.rules.flatMap((rule) => rule.name ?? [])])
  return definition.rules.map((rule, i) => {
    const before = matches[i] ?? (rule.name === undefined ? take(unnamed.find((state) => !used.has(state))) : undefined)
    const name = rule.name ?? before?.name ?? nextName(taken)
    taken.add(name)
    return {
      name,
      named: rule.name !== undefined,
      segment: before?.segment ?? `${definition.key}/${name}`,
      when: whens[i] ?? '',
      ranges: typeof rule.assign === 'string' ? (before?.ranges ?? []) : allocateRanges(rule.assign, before?.ranges),
    }
  })
}

function nextName(taken: ReadonlySet<string>): string {
  let n = 1
  while (taken.has(`rule-${n}`)) n += 1
  return `rule-${n}`
}
