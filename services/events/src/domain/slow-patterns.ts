// Keeps patterns of a schema from holding up the room: an expression that tries a text in too many ways is refused before any event meets it.
import { isRecord } from '@rondo/contract'

/** A text beside a pattern is at most this long, in characters. */
export const MAX_PATTERN_TEXT = 4096

/** In so many ways a repeated group may cut up one text. `^([0-9]{1,3}\.){3}` has 27. */
const MAX_WAYS = 10_000

const MAX_DEPTH = 32

type Json = Record<string, unknown>

/** Keywords whose values are schemas by name, and keywords whose values are data. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const DATA = new Set(['const', 'enum', 'default', 'examples'])

/** Path and complaint of the first pattern that may be slow, wherever in the schema; undefined when there is none. */
export function findPatternFault(schema: Json, path: string, depth = 0): { path: string; fault: string } | undefined {
  if (depth > MAX_DEPTH) return { path, fault: `is nested deeper than ${MAX_DEPTH} schemas` }
  const { pattern, maxLength, patternProperties } = schema
  const expressions = [...(typeof pattern === 'string' ? [pattern] : []), ...Object.keys(isRecord(patternProperties) ? patternProperties : {})]
  const slow = expressions.find(repeatsRepetition)
  if (slow !== undefined) return { path, fault: `has the "pattern" ${JSON.stringify(slow)}, which repeats a group that itself repeats: some texts would take it for ever` }
  if (typeof pattern === 'string' && !(typeof maxLength === 'number' && maxLength <= MAX_PATTERN_TEXT)) {
    return { path, fault: `has a "pattern" ${maxLength === undefined ? 'without "maxLength"' : `with "maxLength": ${JSON.stringify(maxLength)}`}` }
  }
  for (const [keyword, inner] of listInner(schema)) {
    const fault = findPatternFault(inner, `${path}.${keyword}`, depth + 1)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** The schema less all its patterns: what to ask for the reason of a failure before patterns may see the text. Undefined: it has none. */
export function findPlainPart(schema: Json): Json | undefined {
  const plain = JSON.parse(JSON.stringify(schema)) as Json
  return dropPatterns(plain) > 0 ? plain : undefined
}

function dropPatterns(schema: Json): number {
  let dropped = 0
  if (typeof schema['pattern'] === 'string') {
    delete schema['pattern']
    dropped += 1
  }
  for (const [, inner] of listInner(schema)) dropped += dropPatterns(inner)
  return dropped
}

function listInner(schema: Json): [name: string, inner: Json][] {
  const found: [string, Json][] = []
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword)) continue
    if (MAPS.has(keyword) && isRecord(value)) for (const [name, inner] of Object.entries(value)) found.push([name, inner as Json])
    else if (Array.isArray(value)) for (const [at, inner] of value.entries()) found.push([`${keyword}.${at}`, inner as Json])
    else found.push([keyword, value as Json])
  }
  return found.filter(([, inner]) => isRecord(inner))
}

/**
 * Whether a repeated group holds what can itself match more or less, in too many ways together. Star height as in Weideman et al., "Analyzing
 * Matching Time Behavior of Backtracking Regular Expression Matchers" (2016); two equal alternatives in a repeated group are not found.
 */
export function repeatsRepetition(pattern: string): boolean {
  /** Ways to match of the groups that are open, outermost first. */
  const open = [1]
  const token = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|[^]/gsu
  const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/yu
  for (let match = token.exec(pattern); match !== null; match = token.exec(pattern)) {
    if (match[0].startsWith('(')) {
      open.push(1)
      continue
    }
    const ways = match[0] === ')' && open.length > 1 ? (open.pop() as number) : 1
    quantifier.lastIndex = token.lastIndex
    const times = quantifier.exec(pattern)
    let all = ways
    if (times !== null) {
      token.lastIndex = quantifier.lastIndex
      const { min, max } = readTimes(times)
      if (max > 1 && ways > 1 && ways ** max > MAX_WAYS) return true
      // 1 ** Infinity is no number.
      all = (ways === 1 ? 1 : ways ** Math.max(max, 1)) * (max - min + 1)
    }
    open.push((open.pop() as number) * all)
  }
  return false
}

function readTimes([, sign, low, comma, high]: RegExpExecArray): { min: number; max: number } {
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity }
  const min = Number(low)
  return { min, max: comma === undefined ? min : high === '' ? Infinity : Number(high) }
}
