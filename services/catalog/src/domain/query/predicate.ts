// The query of POST /entities/by-query: a tree of $all, $any and $not over fields.
import { isRecord } from '@rondo/contract'
import type { SearchTerms } from './search-terms.ts'

export type Predicate = (terms: SearchTerms) => boolean

/** `{"kind": "Component", "$not": {"spec.type": {"$in": ["website"]}}}`; throws an Error that names the part that cannot be read. */
export function parsePredicate(value: unknown): Predicate {
  if (!isRecord(value)) throw new Error(`Invalid query, ${JSON.stringify(value)} is not an object`)
  const parts = Object.entries(value).map(([key, one]): Predicate => {
    if (key === '$all' || key === '$any') {
      if (!Array.isArray(one)) throw new Error(`Invalid query, ${key} must hold a list`)
      const inner = one.map(parsePredicate)
      return key === '$all' ? (terms) => inner.every((test) => test(terms)) : (terms) => inner.some((test) => test(terms))
    }
    if (key === '$not') {
      const inner = parsePredicate(one)
      return (terms) => !inner(terms)
    }
    if (key.startsWith('$')) throw new Error(`Invalid query, the operator '${key}' is not known`)
    return parseField(key.toLowerCase(), one)
  })
  return (terms) => parts.every((test) => test(terms))
}

function parseField(key: string, value: unknown): Predicate {
  const has = (terms: SearchTerms, accept: (text: string) => boolean): boolean => (terms.get(key) ?? []).some((text) => text !== null && accept(text.toLowerCase()))
  if (!isRecord(value)) {
    const wanted = String(value).toLowerCase()
    return (terms) => has(terms, (text) => text === wanted)
  }
  const parts = Object.entries(value).map(([operator, operand]): Predicate => {
    if (operator === '$in' && Array.isArray(operand)) {
      const wanted = new Set(operand.map((one) => String(one).toLowerCase()))
      return (terms) => has(terms, (text) => wanted.has(text))
    }
    if (operator === '$exists' && typeof operand === 'boolean') return (terms) => terms.has(key) === operand
    if (operator === '$hasPrefix' && typeof operand === 'string') return (terms) => has(terms, (text) => text.startsWith(operand.toLowerCase()))
    if (operator === '$contains' && !isRecord(operand)) return (terms) => has(terms, (text) => text === String(operand).toLowerCase())
    throw new Error(`Invalid query, '${operator}' of '${key}' cannot be read`)
  })
  return (terms) => parts.every((test) => test(terms))
}
