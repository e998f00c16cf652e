// Targeting: a criterion tree over attributes, in three-valued logic (Kleene): what needs a missing attribute is unknown, not false.
import { isRecord } from '@rondo/contract'
import { errors } from '../../errors.ts'

export type Attributes = Record<string, unknown>

/** True, false, or undefined for unknown. */
export type Test = (unit: string | undefined, attributes: Attributes) => boolean | undefined

type Scalar = string | number | boolean
const OPERATORS = ['eq', 'in', 'range', 'startsWith', 'endsWith', 'contains'] as const

/**
 * Checks and compiles. `findSegment` gives the criterion a name stands for. Throws `FLAG_REFUSED` with the path of what is wrong:
 * a shape that is none, an unknown segment, a segment that needs itself.
 */
export function compileCriterion(criterion: unknown, path: string, findSegment: (name: string) => unknown, within: readonly string[] = []): Test {
  if (!isRecord(criterion)) throw refuse(path, criterion, 'is no criterion', 'Write {attribute, …}, {and: […]}, {or: […]}, {not: …} or {segment: name}.')
  const kinds = ['attribute', 'and', 'or', 'not', 'segment'].filter((kind) => kind in criterion)
  if (kinds.length !== 1) throw refuse(path, Object.keys(criterion), 'must have exactly one of attribute, and, or, not, segment', 'Nest one criterion in the other.')
  if ('attribute' in criterion) return compileAttribute(criterion, path)
  const extra = Object.keys(criterion).find((key) => key !== kinds[0])
  if (extra !== undefined) throw refuse(`${path}/${extra}`, extra, 'is not known here', 'Leave it out.')
  if ('segment' in criterion) {
    const name = criterion['segment']
    if (typeof name !== 'string') throw refuse(`${path}/segment`, name, 'is no segment name', 'Name a segment by its text.')
    if (within.includes(name)) throw refuse(`${path}/segment`, [...within, name].join(' → '), 'is a circle of segments', 'Take one of them out.')
    const found = findSegment(name)
    if (found === undefined) throw refuse(`${path}/segment`, name, 'is no known segment', 'Put the segment first.')
    return compileCriterion(found, `${path}/segment(${name})`, findSegment, [...within, name])
  }
  if ('not' in criterion) {
    const inner = compileCriterion(criterion['not'], `${path}/not`, findSegment, within)
    return (unit, attributes) => {
      const answer = inner(unit, attributes)
      return answer === undefined ? undefined : !answer
    }
  }
  const kind = 'and' in criterion ? 'and' : 'or'
  const parts = criterion[kind]
  if (!Array.isArray(parts) || parts.length === 0) throw refuse(`${path}/${kind}`, parts, 'must be a list with at least one criterion', 'Leave the criterion out to match everybody.')
  const tests = parts.map((part, i) => compileCriterion(part, `${path}/${kind}/${i}`, findSegment, within))
  const decisive = kind === 'or'
  return (unit, attributes) => {
    let answer: boolean | undefined = !decisive
    for (const test of tests) {
      const part = test(unit, attributes)
      if (part === decisive) return decisive
      if (part === undefined) answer = undefined
    }
    return answer
  }
}

function compileAttribute(criterion: Record<string, unknown>, path: string): Test {
  const name = criterion['attribute']
  if (typeof name !== 'string' || name === '') throw refuse(`${path}/attribute`, name, 'is no attribute name', 'Name the attribute by its text.')
  const unknown = Object.keys(criterion).find((key) => key !== 'attribute' && !OPERATORS.some((operator) => operator === key))
  if (unknown !== undefined) throw refuse(`${path}/${unknown}`, unknown, 'is no operator', `Use one of ${OPERATORS.join(', ')}.`)
  const given = OPERATORS.filter((operator) => operator in criterion)
  if (given.length === 0) throw refuse(path, name, 'is compared with nothing', `Add one of ${OPERATORS.join(', ')}.`)
  const matches = given.map((operator) => compileOperator(operator, criterion[operator], `${path}/${operator}`))
  const read = compileRead(name)
  return (unit, attributes) => {
    const value = read(unit, attributes)
    if (value === undefined || value === null) return undefined
    return matches.every((match) => (Array.isArray(value) ? value.some(match) : match(value)))
  }
}

function compileRead(name: string): (unit: string | undefined, attributes: Attributes) => unknown {
  if (name === 'targetingKey') return (unit) => unit
  const steps = name.split('.')
  return (_, attributes) => {
    if (Object.hasOwn(attributes, name)) return attributes[name]
    if (steps.length === 1) return undefined
    let value: unknown = attributes
    for (const step of steps) {
      if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined
      value = value[step]
    }
    return value
  }
}

function compileOperator(operator: (typeof OPERATORS)[number], operand: unknown, path: string): (value: unknown) => boolean {
  if (operator === 'eq') {
    if (!isScalar(operand)) throw refuse(path, operand, 'is no text, number or boolean', 'Compare with one of these.')
    return (value) => value === operand
  }
  if (operator === 'in') {
    if (!Array.isArray(operand) || operand.length === 0 || !operand.every(isScalar)) throw refuse(path, operand, 'must be a list of texts, numbers or booleans', 'List at least one.')
    const members = new Set<unknown>(operand)
    return (value) => members.has(value)
  }
  if (operator === 'range') {
    const { min, max, ...rest } = isRecord(operand) ? operand : { min: 'none' }
    const isBound = (bound: unknown): bound is number | undefined => bound === undefined || (typeof bound === 'number' && Number.isFinite(bound))
    if (!isBound(min) || !isBound(max) || (min === undefined && max === undefined) || Object.keys(rest).length > 0) {
      throw refuse(path, operand, 'must be {min?, max?} with numbers', 'Both ends are inside the range.')
    }
    if (min !== undefined && max !== undefined && min > max) throw refuse(path, operand, 'holds no number: min is above max', 'Swap them.')
    return (value) => typeof value === 'number' && (min === undefined || value >= min) && (max === undefined || value <= max)
  }
  if (typeof operand !== 'string') throw refuse(path, operand, 'is no text', 'Compare with a text.')
  if (operator === 'startsWith') return (value) => typeof value === 'string' && value.startsWith(operand)
  if (operator === 'endsWith') return (value) => typeof value === 'string' && value.endsWith(operand)
  return (value) => typeof value === 'string' && value.includes(operand)
}

function refuse(path: string, value: unknown, problem: string, todo: string): Error {
  return errors.flagRefused({ path, value, problem, todo })
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}
