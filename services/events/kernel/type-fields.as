// Objects that must fit a list of fields: the envelope of an event, and the properties of its type.
import { isAscii, literal, number, numberValue, same, space, text } from './json-values'
import { end, FIELD, from, p, to } from './scan-state'

/** The field whose token stands at `p`, the expected one first; moves behind the token. */
@inline export function findField(fields: usize, count: i32, expected: i32): i32 {
  const left = end - p
  for (let i = expected, tried = 0; tried < count; i++, tried++) {
    if (i >= count) i -= count
    const field = fields + 12 + <usize>i * FIELD
    const size = <usize>load<i32>(field, 4)
    if (size <= left && same(p, <usize>load<i32>(field), size)) {
      p += size
      return i
    }
  }
  return -1
}

/** An object that fits a list of fields. */
export function flat(fields: usize): bool {
  const count = load<i32>(fields)
  const required = load<i32>(fields, 4)
  p++
  space()
  if (p < end && load<u8>(p) == 125) {
    p++
    return required == 0
  }
  let seen: i32 = 0
  let expected: i32 = 0
  while (true) {
    space()
    const at = findField(fields, count, expected)
    if (at < 0 || (seen & (1 << at)) != 0) return false
    seen |= 1 << at
    expected = at + 1
    space()
    if (p >= end || !fits(fields + 12 + <usize>at * FIELD)) return false
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 125) return (seen & required) == required
    if (c != 44) return false
  }
}

function fits(field: usize): bool {
  const kind = load<i32>(field, 8)
  const minimum = load<f64>(field, 16)
  const maximum = load<f64>(field, 24)
  if (kind == 0) {
    if (load<u8>(p) != 34) return false
    const values = load<i32>(field, 12)
    if (values > 0) {
      let value = <usize>load<i32>(field, 32)
      for (let i = 0; i < values; i++, value += 8) {
        const size = <usize>load<i32>(value, 4)
        if (size <= end - p && same(p, <usize>load<i32>(value), size)) {
          p += size
          return true
        }
      }
      return false
    }
    if (!text()) return false
    const size = <f64>(to - from)
    if (size < minimum || size > maximum) return false
    // A character takes up to four bytes.
    return minimum <= 1 || size >= minimum * 4 || isAscii()
  }
  if (kind == 3) return literal()
  return number(kind == 1) && numberValue >= minimum && numberValue <= maximum
}
