// Checks the properties of an event against a flat schema, on the bytes.
import { findQuote, findToken, skipSpace, startsWith, toToken } from './bytes.ts'
import type { FlatField, FlatSchema } from './flat-schema.ts'

const TRUE = toToken('true')
const FALSE = toToken('false')

/**
 * `from` is at the value. Gives the position behind it when it is an object that fits; -1 when it does not, or when this check is not
 * sure (escapes, exponents, null, spaces before a colon…).
 */
export function skipFlat(bytes: Uint8Array, from: number, end: number, flat: FlatSchema): number {
  const { fields, tokens, required } = flat
  if (bytes[from] !== 123) return -1
  let p = skipSpace(bytes, from + 1, end)
  if (bytes[p] === 125) return required === 0 ? p + 1 : -1
  let seen = 0
  let expected = 0
  for (;;) {
    const at = findToken(bytes, p, end, tokens, expected)
    if (at < 0 || (seen & (1 << at)) !== 0) return -1
    seen |= 1 << at
    expected = at + 1
    p += (tokens[at] as Uint8Array).length
    if (bytes[p] === 32) p = skipSpace(bytes, p, end)
    p = skipField(bytes, p, end, fields[at] as FlatField)
    if (p < 0) return -1
    let c = bytes[p]
    if (c !== 44 && c !== 125) {
      p = skipSpace(bytes, p, end)
      c = bytes[p]
    }
    p += 1
    if (c === 125 && p <= end) return (seen & required) === required ? p : -1
    if (c !== 44) return -1
    if (bytes[p] !== 34) p = skipSpace(bytes, p, end)
  }
}

function skipField(bytes: Uint8Array, p: number, end: number, field: FlatField): number {
  switch (field.kind) {
    case 'string': {
      if (bytes[p] !== 34) return -1
      if (field.oneOf !== undefined) return skipOneOf(bytes, p, end, field.oneOf)
      const stop = findQuote(bytes, p + 1, end)
      const length = stop - p - 1
      // A character takes one to four bytes: too long in bytes may still be short enough, but that is for the careful path.
      if (stop < 0 || length > field.maximum || length < field.minimum) return -1
      if (field.minimum > 1 && length < field.minimum * 4 && !isAscii(bytes, p + 1, stop)) return -1
      return stop + 1
    }
    case 'boolean':
      return startsWith(bytes, p, end, TRUE) ? p + 4 : startsWith(bytes, p, end, FALSE) ? p + 5 : -1
    case 'integer':
      return skipInteger(bytes, p, end, field)
    case 'number':
      return skipNumber(bytes, p, end, field)
  }
}

/** At most 15 digits, so that every step is exact. */
function skipInteger(bytes: Uint8Array, from: number, end: number, field: FlatField): number {
  const first = bytes[from] === 45 ? from + 1 : from
  let p = first
  let value = 0
  while (p < end) {
    const digit = (bytes[p] as number) - 48
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    p += 1
  }
  const digits = p - first
  if (digits === 0 || digits > 15 || (digits > 1 && bytes[first] === 48)) return -1
  if (first > from) value = -value
  // What follows must end the value: a point or an exponent is for the careful path.
  const c = bytes[p]
  if (c === 46 || c === 101 || c === 69) return -1
  return value >= field.minimum && value <= field.maximum ? p : -1
}

function skipNumber(bytes: Uint8Array, from: number, end: number, field: FlatField): number {
  const whole = skipInteger(bytes, from, end, field)
  if (whole >= 0) return whole
  let p = bytes[from] === 45 ? from + 1 : from
  const first = p
  let value = 0
  let scale = 1
  while (p < end && (bytes[p] as number) >= 48 && (bytes[p] as number) <= 57) value = value * 10 + (bytes[p++] as number) - 48
  if (p === first || (bytes[first] === 48 && p > first + 1) || bytes[p] !== 46) return -1
  const point = p
  p += 1
  while (p < end && (bytes[p] as number) >= 48 && (bytes[p] as number) <= 57) {
    value = value * 10 + (bytes[p++] as number) - 48
    scale *= 10
  }
  const c = bytes[p]
  if (p === point + 1 || p - first > 16 || c === 101 || c === 69) return -1
  const signed = (first > from ? -value : value) / scale
  return signed >= field.minimum && signed <= field.maximum ? p : -1
}

function skipOneOf(bytes: Uint8Array, p: number, end: number, values: Uint8Array[]): number {
  for (const value of values) if (startsWith(bytes, p, end, value)) return p + value.length
  return -1
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let p = from; p < to; p += 1) if ((bytes[p] as number) > 127) return false
  return true
}
