// AssemblyScript: reads runs of plain events from JSON bytes, 16 at a time, without building objects. Whatever is not plain stops the run
// and is left to the careful path, so this may say "not sure" but never yes to what is wrong.
//
// Memory, laid out by scan-kernel.ts: the plans of the types, one row an event, the input (with 64 spare bytes behind it), and behind it what
// `pack` and `answer` write:
//   row   := start i32 | stop i32 | idStart i32 | idStop i32 | keyStart i32 | keyStop i32 | type i32 | flags i32
//          | occurredAtMs f64 | idLow u32 | idHigh u32 | propertiesStart i32 | propertiesStop i32                      (56 bytes)
//   table := slots of i32 addresses of types, by hash of the name; 0 is empty
//   type  := nameAt i32 | nameSize i32 | versionAt i32 | versionSize i32 | seed i32 | index i32 | flat i32 | fields
//   fields := count i32 | required i32 | pad i32 | field × count            (the envelope is such a list too)
//   field := tokenAt i32 | tokenSize i32 | kind i32 | values i32 | minimum f64 | maximum f64 | valuesAt i32 | pad i32   (40 bytes)
//   value := at i32 | size i32                                                                     (with its quotes)
// A token is `"name":`. Positions in rows count from the beginning of the input.

const CORRECTED: i32 = 1
const UNCHECKED: i32 = 2
const ROW: usize = 56
const FIELD: usize = 40
const MAX_DEPTH: i32 = 30
const MAX_EVENT: usize = 65536
const DAY: f64 = 86400000.0

let input: usize = 0
let out: usize = 0
let table: usize = 0
let slots: u32 = 0
let envelope: usize = 0
let keyStack: usize = 0
let end: usize = 0
let p: usize = 0
let newlineIsSpace: bool = true
let receivedAt: f64 = 0
let lastType: usize = 0
/** Fixed texts of answers; see `answer`. */
let texts: usize = 0
/** Flags of all rows of the last run. */
let flagsSeen: i32 = 0

/** Of the last string: [from, to). */
let from: usize = 0
let to: usize = 0

export function configure(inputAt: usize, outAt: usize, tableAt: usize, tableSlots: u32, envelopeAt: usize, keyStackAt: usize, textsAt: usize): void {
  input = inputAt
  out = outAt
  table = tableAt
  slots = tableSlots
  envelope = envelopeAt
  keyStack = keyStackAt
  texts = textsAt
  lastType = 0
}

/** Whether the last event of a run was followed by its separator, which then was read too; true for a run without events. */
let separated: bool = true

export function isSeparated(): bool {
  return separated
}

/** Where the last run stopped. */
export function position(): usize {
  return p - input
}

/**
 * Reads events from `at` on and gives how many. The run ends behind an event that no comma (or end of line) follows, or before one that is
 * not plain; `position` then is behind the last separator that was read.
 */
export function run(at: usize, size: usize, lines: bool, nowMs: f64, maxRows: i32): i32 {
  p = input + at
  end = input + size
  newlineIsSpace = !lines
  receivedAt = nowMs
  separated = true
  flagsSeen = 0
  let rows = 0
  let row = out
  while (rows < maxRows) {
    const before = p
    space()
    const start = p
    if (p >= end || load<u8>(p) != 123 || !event(row, start)) {
      p = before
      break
    }
    const behind = p
    space()
    const c: i32 = p < end ? <i32>load<u8>(p) : -1
    if (lines) {
      if (c != 10 && c != -1) {
        p = before
        break
      }
      if (c == 10) p++
    } else if (c != 44) p = behind
    else p++
    rows++
    row += ROW
    if (!lines && c != 44) {
      separated = false
      break
    }
  }
  return rows
}

/** Reads a request that is plain as a whole, one event a line or one array: how many events, or -1 when anything in it is not plain. */
export function whole(size: usize, lines: bool, nowMs: f64, maxRows: i32): i32 {
  let at: usize = 0
  if (!lines) {
    p = input
    end = input + size
    newlineIsSpace = true
    space()
    if (p >= end || load<u8>(p) != 91) return -1
    at = p + 1 - input
  }
  const rows = run(at, size, lines, nowMs, maxRows)
  if (rows == 0 || flagsSeen != 0) return -1
  if (lines) return p == end ? rows : -1
  if (separated) return -1
  space()
  if (p >= end || load<u8>(p) != 93) return -1
  p++
  space()
  return p == end ? rows : -1
}

/** Of the last `pack`: bytes of its keys and of its values. */
let packedKeys: usize = 0
let packedValues: usize = 0

export function packedKeyBytes(): usize {
  return packedKeys
}

export function packedValueBytes(): usize {
  return packedValues
}

/**
 * Lays those of the first `rows` rows that are of type `type` and whose mark (a byte a row) is 0 out at `at`, and gives how many (n):
 *   keyBytes u32 × n | valueBytes u32 × n | (idLow u32 | idHigh u32) × n | keys | values
 * The key is the user, else the id. Up to 16 bytes behind the last value are written too.
 */
export function pack(rows: i32, type: i32, marks: usize, at: usize): i32 {
  let count: usize = 0
  packedKeys = 0
  packedValues = 0
  for (let i = 0; i < rows; i++) {
    if (isWanted(i, type, marks)) count++
  }
  let keySize = at
  let valueSize = at + (count << 2)
  let print = at + (count << 3)
  let keyAt = at + (count << 4)
  const keysAt = keyAt
  for (let i = 0; i < rows; i++) {
    if (!isWanted(i, type, marks)) continue
    const row = out + <usize>i * ROW
    const hasKey = load<i32>(row, 16) >= 0
    const first = hasKey ? load<i32>(row, 16) : load<i32>(row, 8)
    const size = (hasKey ? load<i32>(row, 20) : load<i32>(row, 12)) - first
    store<i32>(keySize, size)
    store<i32>(valueSize, load<i32>(row, 4) - load<i32>(row))
    store<u64>(print, load<u64>(row, 40))
    keySize += 4
    valueSize += 4
    print += 8
    copy(keyAt, input + <usize>first, <usize>size)
    keyAt += <usize>size
  }
  packedKeys = keyAt - keysAt
  let valueAt = keyAt
  for (let i = 0; i < rows; i++) {
    if (!isWanted(i, type, marks)) continue
    const row = out + <usize>i * ROW
    const first = load<i32>(row)
    const size = <usize>(load<i32>(row, 4) - first)
    copy(valueAt, input + <usize>first, size)
    valueAt += size
  }
  packedValues = valueAt - keyAt
  return <i32>count
}

@inline function isWanted(i: i32, type: i32, marks: usize): bool {
  return load<u8>(marks + <usize>i) == 0 && load<i32>(out + <usize>i * ROW, 24) == type
}

/** May read and write up to 15 bytes more. */
@inline function copy(target: usize, source: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(target + i, v128.load(source + i))
}

/**
 * The answer to `rows` events at `at`, and its size. A mark of 0 is "accepted", any other "duplicate". The fixed texts, at multiples of 32:
 *   `,{"id":"` | `","status":"accepted"}` | `","status":"duplicate"}` | `{"results":[`
 */
export function answer(rows: i32, marks: usize, at: usize): usize {
  let to = at
  copy(to, texts + 96, 12)
  to += 12
  for (let i = 0; i < rows; i++) {
    const row = out + <usize>i * ROW
    // No comma before the first.
    if (i == 0) {
      store<u64>(to, load<u64>(texts) >> 8)
      to += 7
    } else {
      store<u64>(to, load<u64>(texts))
      to += 8
    }
    const first = load<i32>(row, 8)
    const size = <usize>(load<i32>(row, 12) - first)
    copy(to, input + <usize>first, size)
    to += size
    const isDuplicate = load<u8>(marks + <usize>i) != 0
    copy(to, texts + (isDuplicate ? 64 : 32), 32)
    to += isDuplicate ? 23 : 22
  }
  store<u16>(to, 0x7d5d)
  return to + 2 - at
}

@inline function space(): void {
  while (p < end) {
    const c = load<u8>(p)
    if (c > 32 || !(c == 32 || c == 13 || c == 9 || (c == 10 && newlineIsSpace))) return
    p++
  }
}

/** `p` is at the opening quote. Escapes and control characters are not plain. */
@inline function text(): bool {
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

@inline function same(a: usize, b: usize, size: usize): bool {
  let i: usize = 0
  for (; i + 8 <= size; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false
  const rest = <u64>(size - i) << 3
  return rest == 0 || ((load<u64>(a + i) ^ load<u64>(b + i)) & ((<u64>1 << rest) - 1)) == 0
}

/** The field whose token stands at `p`, the expected one first; moves behind the token. */
@inline function findField(fields: usize, count: i32, expected: i32): i32 {
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

/** Fields of the envelope, in the order in which scan-kernel.ts lists them. */
const ID = 0
const TYPE = 1
const VERSION = 2
const OCCURRED_AT = 3
const SENT_AT = 4
const USER_ID = 5
const PROPERTIES = 7

function event(row: usize, start: usize): bool {
  let seen: i32 = 0
  let expected: i32 = 0
  let type: usize = 0
  let idFrom: usize = 0, idTo: usize = 0, keyFrom: usize = 0, keyTo: usize = 0, versionFrom: usize = 0, versionTo: usize = 0
  let occurredAt: f64 = NaN, sentAt: f64 = NaN
  let propertiesFrom: usize = 0, propertiesTo: usize = 0
  let checked: bool = false
  const count = load<i32>(envelope)
  p++
  while (true) {
    space()
    const field = findField(envelope, count, expected)
    if (field < 0 || (seen & (1 << field)) != 0) return false
    seen |= 1 << field
    expected = field + 1
    space()
    if (p >= end) return false
    if (field < PROPERTIES) {
      if (load<u8>(p) != 34 || !text() || from == to) return false
      if (field == ID) {
        idFrom = from
        idTo = to
      } else if (field == TYPE) {
        type = findType()
        if (type == 0) return false
      } else if (field == VERSION) {
        versionFrom = from
        versionTo = to
      } else if (field == OCCURRED_AT) {
        occurredAt = instant()
        if (isNaN(occurredAt)) return false
      } else if (field == SENT_AT) {
        sentAt = instant()
        if (isNaN(sentAt)) return false
      } else {
        if (to - from > 256) return false
        if (field == USER_ID || keyFrom == 0) {
          keyFrom = from
          keyTo = to
        }
      }
    } else {
      if (load<u8>(p) != 123) return false
      const first = p
      if (field == PROPERTIES && type != 0 && load<i32>(type, 24) != 0) {
        if (!flat(type + 28)) return false
        checked = true
      } else if (!value(1)) return false
      if (field == PROPERTIES) {
        propertiesFrom = first
        propertiesTo = p
      }
    }
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 125) break
    if (c != 44) return false
  }
  if (type == 0 || idFrom == 0 || idTo - idFrom > 64 || p - start > MAX_EVENT) return false
  if (versionFrom != 0 && !(versionTo - versionFrom == <usize>load<i32>(type, 12) && same(versionFrom, <usize>load<i32>(type, 8), versionTo - versionFrom))) return false
  let flags: i32 = 0
  if (!checked) {
    if (load<i32>(type, 24) == 0) flags |= UNCHECKED
    else if (propertiesFrom == 0) {
      if (load<i32>(type, 32) != 0) return false
    } else {
      const behind = p
      p = propertiesFrom
      if (!flat(type + 28)) return false
      p = behind
    }
  }
  if (!isNaN(sentAt)) {
    if (isNaN(occurredAt)) return false
    occurredAt = receivedAt - (sentAt - occurredAt)
    flags |= CORRECTED
  }
  if (occurredAt < 0 || occurredAt > receivedAt + DAY) return false
  store<i32>(row, <i32>(start - input))
  store<i32>(row, <i32>(p - input), 4)
  store<i32>(row, <i32>(idFrom - input), 8)
  store<i32>(row, <i32>(idTo - input), 12)
  store<i32>(row, keyFrom == 0 ? -1 : <i32>(keyFrom - input), 16)
  store<i32>(row, keyFrom == 0 ? -1 : <i32>(keyTo - input), 20)
  store<i32>(row, load<i32>(type, 20), 24)
  store<i32>(row, flags, 28)
  flagsSeen |= flags
  store<f64>(row, occurredAt, 32)
  fingerprint(row, idFrom, idTo, load<u32>(type, 16))
  store<i32>(row, propertiesFrom == 0 ? -1 : <i32>(propertiesFrom - input), 48)
  store<i32>(row, propertiesFrom == 0 ? -1 : <i32>(propertiesTo - input), 52)
  return true
}

/** The type named by the last string; events come in runs of one type. */
function findType(): usize {
  const size = to - from
  if (lastType != 0 && <usize>load<i32>(lastType, 4) == size && same(from, <usize>load<i32>(lastType), size)) return lastType
  let h: u32 = 0x811c9dc5
  for (let i = from; i < to; i++) h = (h ^ load<u8>(i)) * 0x01000193
  let slot = h & (slots - 1)
  let type = <usize>load<i32>(table + (<usize>slot << 2))
  while (type != 0 && !(<usize>load<i32>(type, 4) == size && same(from, <usize>load<i32>(type), size))) {
    slot = (slot + 1) & (slots - 1)
    type = <usize>load<i32>(table + (<usize>slot << 2))
  }
  if (type != 0) lastType = type
  return type
}

/** An object that fits a list of fields. */
function flat(fields: usize): bool {
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

function isAscii(): bool {
  for (let i = from; i < to; i++) if (load<u8>(i) > 127) return false
  return true
}

let numberValue: f64 = 0

/** At most 15 digits and no exponent, so that every step is exact. */
function number(integer: bool): bool {
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

function literal(): bool {
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
function value(depth: i32): bool {
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

/** At most 32 keys an object: more are for the careful path, which compares them faster. */
function object(depth: i32): bool {
  const keys = keyStack + <usize>depth * 256
  let count: usize = 0
  p++
  space()
  if (p < end && load<u8>(p) == 125) {
    p++
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
    if (c == 125) return true
    if (c != 44) return false
  }
}

@inline function pair(at: usize): i32 {
  const a = <i32>load<u8>(at) - 48
  const b = <i32>load<u8>(at, 1) - 48
  return <u32>a > 9 || <u32>b > 9 ? -1 : a * 10 + b
}

/** Epoch ms of the last string as "2026-09-21T09:00:00.000Z", with or without the fraction; NaN for any other form. */
function instant(): f64 {
  const size = to - from
  if ((size != 24 && size != 20) || load<u8>(to - 1) != 90) return NaN
  if (load<u8>(from, 4) != 45 || load<u8>(from, 7) != 45 || load<u8>(from, 10) != 84 || load<u8>(from, 13) != 58 || load<u8>(from, 16) != 58) return NaN
  const century = pair(from), years = pair(from + 2), month = pair(from + 5), day = pair(from + 8), hour = pair(from + 11), minute = pair(from + 14), second = pair(from + 17)
  if ((century | years | month | day | hour | minute | second) < 0) return NaN
  const year = century * 100 + years
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return NaN
  let ms: i32 = 0
  if (size == 24) {
    const high = pair(from + 20), low = <i32>load<u8>(from, 22) - 48
    if (load<u8>(from, 19) != 46 || high < 0 || <u32>low > 9) return NaN
    ms = high * 10 + low
  }
  // Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms"); years are 0 to 9999.
  const y = month <= 2 ? year + 399 : year + 400
  const era = y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  const days = (era - 1) * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  return <f64>days * DAY + <f64>((hour * 60 + minute) * 60 + second) * 1000.0 + <f64>ms
}

function daysIn(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** The same as id-fingerprint.ts. */
@inline function fingerprint(row: usize, start: usize, stop: usize, seed: u32): void {
  let a: u32 = seed ^ 0x9e3779b9
  let b: u32 = (seed * 0x85ebca6b) ^ 0x3c6ef372
  let at = start
  for (; at + 4 <= stop; at += 4) {
    const word = load<u32>(at)
    a = rotl<u32>((a ^ word) * 0xcc9e2d51, 13)
    b = (rotl<u32>(b, 7) * 0x1b873593) ^ (word * 0xe6546b64)
    b += a
  }
  let rest: u32 = <u32>(stop - start) & 0xff
  for (; at < stop; at++) rest = (rest << 8) | load<u8>(at)
  a = (a ^ rest) * 0xcc9e2d51
  b = (b ^ rotl<u32>(rest, 16)) * 0x1b873593
  b ^= rotl<u32>(a, 15)
  store<u32>(row, finish(a), 40)
  store<u32>(row, finish(b ^ <u32>(stop - start)), 44)
}

@inline function finish(lane: u32): u32 {
  let h = lane ^ (lane >>> 16)
  h *= 0x85ebca6b
  h ^= h >>> 13
  h *= 0xc2b2ae35
  return h ^ (h >>> 16)
}
