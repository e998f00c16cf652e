// The bodies of OFREP answers, each made once for each possible outcome of a flag version.
import type { CompiledFlag, Outcome } from '../../domain/flags/compile-flag.ts'

export type FlagAnswer = { status: 200 | 400; json: string }

/** JSON text of an outcome; outcomes are shared objects, so the text is kept beside them. */
export function createAnswers(): (flag: CompiledFlag, outcome: Outcome) => FlagAnswer {
  const made = new WeakMap<Outcome, Map<string, FlagAnswer>>()
  return (flag, outcome) => {
    let byFlag = made.get(outcome)
    if (byFlag === undefined) made.set(outcome, (byFlag = new Map()))
    let answer = byFlag.get(flag.key)
    if (answer === undefined) byFlag.set(flag.key, (answer = toAnswer(flag.key, outcome)))
    return answer
  }
}

/** Clients read `reason` and `variant` always; the code default has no `value`. `metadata.rule` is what an exposure names. */
function toAnswer(key: string, { reason, variant, value, rule, errorCode }: Outcome): FlagAnswer {
  if (errorCode !== undefined) {
    return { status: 400, json: JSON.stringify({ key, errorCode, errorDetails: `The flag "${key}" is split by unit in its rule "${rule ?? ''}": send a targetingKey.` }) }
  }
  const metadata = rule === null ? {} : { metadata: { rule } }
  return { status: 200, json: JSON.stringify({ key, ...(value === undefined ? {} : { value }), reason, variant: variant ?? '', ...metadata }) }
}
