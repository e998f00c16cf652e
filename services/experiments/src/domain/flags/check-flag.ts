// Refuses a flag that contradicts itself, naming the path of what is wrong.
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { FlagDefinition } from '../../contract.ts'
import { errors } from '../../errors.ts'
import { compileCriterion } from './criterion.ts'

/** Throws `FLAG_REFUSED`. Shares may miss their sum of 1 by rounding (1e-9). */
export function checkFlag(key: string, definition: FlagDefinition, findSegment: (name: string) => unknown): void {
  if (definition.key !== key) throw refuse('key', definition.key, `is not the "${key}" of the address`, 'Make them one.')
  checkValues(definition)
  const names = new Set<string>()
  for (const [i, rule] of definition.rules.entries()) {
    const path = `rules/${i}`
    if (rule.name !== undefined) {
      if (names.has(rule.name)) throw refuse(`${path}/name`, rule.name, 'names two rules', 'Name each rule once.')
      names.add(rule.name)
    }
    if (rule.when !== undefined) compileCriterion(rule.when, `${path}/when`, findSegment)
    if (typeof rule.assign !== 'string') checkShares(rule.assign, `${path}/assign`, definition)
  }
}

export function checkShares(assign: readonly { variant: string; share: number }[], path: string, definition: FlagDefinition): void {
  if (assign.length === 0) throw refuse(path, assign, 'assigns nothing', 'Name a variant, "client-default" or "fall-through".')
  const seen = new Set<string>()
  let sum = 0
  for (const [j, { variant, share }] of assign.entries()) {
    if (!Object.hasOwn(definition.variants, variant)) {
      throw refuse(`${path}/${j}/variant`, variant, 'is no variant of this flag', `It has ${Object.keys(definition.variants).join(', ')}.`)
    }
    if (seen.has(variant)) throw refuse(`${path}/${j}/variant`, variant, 'would own two overlapping ranges', 'Name each variant once a rule.')
    seen.add(variant)
    if (!(share >= 0 && share <= 1)) throw refuse(`${path}/${j}/share`, share, 'is no share', 'A share lies from 0 to 1.')
    sum += share
  }
  if (sum > 1 + 1e-9) throw refuse(path, Number(sum.toFixed(9)), 'is the sum of the shares and above 1: ranges would overlap', 'Lower a share.')
}

function checkValues(definition: FlagDefinition): void {
  const names = Object.keys(definition.variants)
  if (names.length === 0) throw refuse('variants', definition.variants, 'has no variant', 'Give at least one.')
  let validator: ReturnType<typeof Compile>
  try {
    validator = Compile(definition.schema as TSchema)
  } catch (cause) {
    throw errors.flagRefused({ path: 'schema', value: definition.schema, problem: 'is no JSON Schema', todo: 'Give JSON Schema 2020-12 or draft 7.' }, cause)
  }
  for (const name of names) {
    const value = definition.variants[name]
    if (value === null || value === undefined) throw refuse(`variants/${name}`, value, 'is no value', 'Give an object, text, number or boolean.')
    if (validator.Check(value)) continue
    const [first] = validator.Errors(value)
    throw refuse(`variants/${name}${first?.instancePath ?? ''}`, value, `does not match the flag's schema: ${first?.message ?? 'it is wrong'}`, 'Change the value or the schema.')
  }
}

function refuse(path: string, value: unknown, problem: string, todo: string): Error {
  return errors.flagRefused({ path, value, problem, todo })
}
