// Any JSON value that is plain: read, checked, and passed by; strings 16 bytes at a time.
import { end, from, keyStack, newlineIsSpace, p, to } from './scan-state'

const MAX_DEPTH: i32 = 30

@inline export function space(): void {
  while (p < end) {
    const c = load<u8>(p)
    if (c > 32 || !(c == 32 || c == 13 || c == 9 || (c == 10 && newlineIsSpace))) return
    p++
  }
}

/** `p` is at the opening quote. Escapes and control characters are not plain. */
@inline export function text(): bool {
  p++
  from = p
  const quote = i8x16.splat(34)
  const backslash = i8x16.splat(92)
  const control = i8x16.splat(32)
  while (p < end) {
    const bytes = v128.load(p)
    const stops = i8x16.bitmask(v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, control)))
    if (stops != 0) {
      p += <usize>ctz(stops)
      if (p >= end || load<u8>(p) != 34) return false
      to = p
      p++
      return true
    }
    p += 16
  }
  return false
}

@inline export function same(a: usize, b: usize, size: usize): bool {
  let i: usize = 0
  for (; i + 8 <= size; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false
  const rest = <u64>(size - i) << 3
  return rest == 0 || ((load<u64>(a + i) ^ load<u64>(b + i)) & ((<u64>1 << rest) - 1)) == 0
}

export function isAscii(): bool {
  for (let i = from; i < to; i++) if (load<u8>(i) > 127) return false
  return true
}

export let numberValue: f64 = 0

/** At most 15 digits and no exponent, so that every step is exact. */
export function number(integer: bool): bool {
  const negative = load<u8>(p) == 45
  if (negative) p++
  const first = p
  let v: i64 = 0
  let c: u8 = 0
  while (p < end && (c = load<u8>(p)) >= 48 && c <= 57) {
    v = v * 10 + (c - 48)
    p++
    if (p - first > 15) return false
  }
  if (p == first || (load<u8>(first) == 48 && p - first > 1)) return false
  let scale: f64 = 1
  if (p < end && load<u8>(p) == 46) {
    if (integer) return false
    const point = ++p
    while (p < end && (c = load<u8>(p)) >= 48 && c <= 57) {
      v = v * 10 + (c - 48)
      scale *= 10
      p++
      if (p - first > 16) return false
    }
    if (p == point) return false
  }
  if (p < end && ((c = load<u8>(p)) == 101 || c == 69 || c == 46)) return false
  numberValue = <f64>(negative ? -v : v) / scale
  return true
}

export function literal(): bool {
  const left = end - p
  if (left >= 4 && load<u32>(p) == 0x65757274) {
    p += 4
    return true
  }
  if (left >= 5 && load<u8>(p) == 102 && load<u32>(p, 1) == 0x65736c61) {
    p += 5
    return true
  }
  return false
}

/** Any value; keys of one object must differ. Their places lie on a stack of (from, to). */
export function value(depth: i32): bool {
  if (p >= end) return false
  const c = load<u8>(p)
  if (c == 34) return text()
  if (c == 123) return depth <= MAX_DEPTH && object(depth)
  if (c == 91) return depth <= MAX_DEPTH && list(depth)
  if (c == 110) {
    if (end - p < 4 || load<u32>(p) != 0x6c6c756e) return false
    p += 4
    return true
  }
  return c == 116 || c == 102 ? literal() : number(false)
}

function list(depth: i32): bool {
  p++
  space()
  if (p < end && load<u8>(p) == 93) {
    p++
    return true
  }
  while (true) {
    space()
    if (!value(depth + 1)) return false
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 93) return true
    if (c != 44) return false
  }
}

/** Of the last object that was read whole: how many keys it has. They lie where the stack of its depth begins. */
export let objectKeys: usize = 0

/** At most 32 keys an object: more are for the careful path, which compares them faster. */
function object(depth: i32): bool {
  const keys = keyStack + <usize>depth * 256
  let count: usize = 0
  p++
  space()
  if (p < end && load<u8>(p) == 125) {
    p++
    objectKeys = 0
    return true
  }
  while (true) {
    space()
    if (p >= end || load<u8>(p) != 34 || !text() || count == 32) return false
    const size = to - from
    for (let i: usize = 0; i < count; i++) {
      const key = keys + (i << 3)
      if (<usize>load<i32>(key, 4) == size && same(from, <usize>load<i32>(key), size)) return false
    }
    store<i32>(keys + (count << 3), <i32>from)
    store<i32>(keys + (count << 3), <i32>size, 4)
    count++
    space()
    if (p >= end || load<u8>(p) != 58) return false
    p++
    space()
    if (!value(depth + 1)) return false
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 125) {
      objectKeys = count
      return true
    }
    if (c != 44) return false
  }
}
