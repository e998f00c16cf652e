// Rules of flags in words: who gets what, read aloud.
import { formatNumber, formatShare } from '@rondo/ui/format'
import type { Criterion, Flag, FlagRule } from '../src/contract.ts'

type Comparison = Extract<Criterion, { attribute: string }>
type Assign = FlagRule['assign']

/** `plan is “premium” and age from 18 to 30`. Groups inside groups stand in brackets. */
export function sayCriterion(criterion: Criterion, inside = false): string {
  if ('and' in criterion) return sayGroup(criterion.and, 'and', inside, 'everybody')
  if ('or' in criterion) return sayGroup(criterion.or, 'or', inside, 'nobody')
  if ('not' in criterion && 'attribute' in criterion.not && criterion.not.eq !== undefined && Object.keys(criterion.not).length === 2) return `${criterion.not.attribute} is not ${quote(criterion.not.eq)}`
  if ('not' in criterion) return `not ${sayCriterion(criterion.not, true)}`
  if ('segment' in criterion) return `in the segment ${criterion.segment}`
  return sayComparison(criterion)
}

function sayGroup(parts: readonly Criterion[], word: 'and' | 'or', inside: boolean, none: string): string {
  if (parts.length === 0) return none
  const text = parts.map((part) => sayCriterion(part, parts.length > 1)).join(` ${word} `)
  return inside && parts.length > 1 ? `(${text})` : text
}

function sayComparison(criterion: Comparison): string {
  const { attribute, eq, in: among, range, startsWith, endsWith, contains } = criterion
  const parts = [
    ...(eq === undefined ? [] : [`is ${quote(eq)}`]),
    ...(among === undefined ? [] : [`is one of ${among.map(quote).join(', ')}`]),
    ...(range === undefined ? [] : [sayRange(range)]),
    ...(startsWith === undefined ? [] : [`begins with ${quote(startsWith)}`]),
    ...(endsWith === undefined ? [] : [`ends with ${quote(endsWith)}`]),
    ...(contains === undefined ? [] : [`contains ${quote(contains)}`]),
  ]
  return `${attribute} ${parts.length === 0 ? 'is known' : parts.join(' and ')}`
}

function sayRange({ min, max }: { min?: number; max?: number }): string {
  if (min !== undefined && max !== undefined) return `from ${formatNumber(min)} to ${formatNumber(max)}`
  if (min !== undefined) return `at least ${formatNumber(min)}`
  return max === undefined ? 'is a number' : `at most ${formatNumber(max)}`
}

const quote = (value: string | number | boolean): string => (typeof value === 'string' ? `“${value}”` : String(value))

/** "popularity 50 %, discover-weekly 50 %"; one variant for all is just its name. */
export function sayAssign(assign: Assign): string {
  if (assign === 'client-default') return 'the client’s own default'
  if (assign === 'fall-through') return 'what the next rule says'
  if (assign.length === 1 && assign[0]?.share === 1) return assign[0].variant
  const rest = 1 - assign.reduce((sum, part) => sum + part.share, 0)
  return [...assign.map(({ variant, share }) => `${variant} ${formatShare(share)}`), ...(rest > 0.0005 ? [`the client’s default ${formatShare(rest)}`] : [])].join(', ')
}

type Rule = Flag['inForce'][number]

/** "Everybody", "40 % of those where plan is “premium”". */
export function sayWho({ share, when }: Pick<Rule, 'share' | 'when'>): string {
  const everybody = when === undefined
  if (share >= 1) return everybody ? 'Everybody' : `Where ${sayCriterion(when)}`
  return `${formatShare(share)} ${everybody ? 'of everybody' : `of those where ${sayCriterion(when)}`}`
}

/** "Everybody gets popularity", "Everybody: popularity 50 %, discover-weekly 50 %". */
export function sayRule(rule: Pick<Rule, 'share' | 'when' | 'assign'>): string {
  const who = sayWho(rule)
  const isOne = typeof rule.assign === 'string' || (rule.assign.length === 1 && rule.assign[0]?.share === 1)
  return rule.when === undefined && isOne ? `${who} gets ${sayAssign(rule.assign)}` : `${who}: ${sayAssign(rule.assign)}`
}
