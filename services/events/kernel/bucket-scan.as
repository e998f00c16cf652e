// AssemblyScript: reads the events of a landing into columns, from the JSON that lies in the log: texts as places in a dictionary of each column, numbers and
// flags as they are. What it is not sure of as a cell is listed, and read by whoever called; what it is not sure of as an event ends the reading.
// Everything in the log was checked before it was written, so that only what is JSON stands here.
//
// Memory, laid out by bucket-kernel.ts: the plan, what comes out of one part of the rows, the values of that part, and from `heap` on what grows (dictionaries).
//   fields := count i32 | pad i32 | pad i32 | field × count            (the envelope is such a list, the properties another)
//   field  := tokenAt i32 | tokenSize i32 | kind i32 | outAt i32 | slotsAt i32 | slots i32 | entriesAt i32 | entriesSize i32 | entries i32 | pad i32   (40 bytes)
//   out    := i32 a row (a place in the dictionary, 0 or 1 of a flag, -1 for nothing), or f64 a row (NaN for nothing); of ids start i32 | stop i32
//   entry  := at i32 | size i32 | hash u32 | pad i32
//   late   := field i32 | row i32 | from i32 | to i32                  (from, to: in the part; field below 0: see LATE_…)
import { instant } from './instant'
import { same, space } from './json-values'
import { end, FIELD, from, p, setText, to } from './scan-state'
import { findField } from './type-fields'

/** Kinds of fields. */
const TEXT: i32 = 0
const INTEGER: i32 = 1
const NUMBER: i32 = 2
const FLAG: i32 = 3
const JSON_TEXT: i32 = 4

/** Fields of the envelope, in the order in which bucket-kernel.ts lists them. */
const ID: i32 = 0
const OCCURRED_AT: i32 = 3
const USER_ID: i32 = 5
const ANONYMOUS_ID: i32 = 6
const PROPERTIES: i32 = 7
const CONTEXT: i32 = 8
const SEALED: i32 = 9

const LATE_OCCURRED: i32 = -1
const LATE_CONTEXT: i32 = -2
const LATE_SEALED: i32 = -3
const LATE_UNNAMED: i32 = -4

const ENTRY: usize = 16
const SPARE: usize = 64
const MAX_ID: usize = 1024

let envelope: usize = 0
let fields: usize = 0
let latesAt: usize = 0
let lates: i32 = 0
let takesUnnamed: bool = false
let part: usize = 0
let heap: usize = 0
/** Places of the smallest and the largest id so far, in the heap: size i32 | bytes. */
let lowId: usize = 0
let highId: usize = 0

export function configure(envelopeAt: usize, fieldsAt: usize, latesListAt: usize, unnamed: bool, heapAt: usize): void {
  envelope = envelopeAt
  fields = fieldsAt
  latesAt = latesListAt
  takesUnnamed = unnamed
  heap = heapAt
  lowId = 0
  highId = 0
}

export function lateCells(): i32 {
  return lates
}

export function lowestId(): usize {
  return lowId
}

export function highestId(): usize {
  return highId
}

/** Rows of a part, whose values end at `ends` (u32 each, counted from its beginning). False: an event among them is not for this reader. */
export function read(partAt: usize, endsAt: usize, rows: i32): bool {
  part = partAt
  lates = 0
  clear(envelope, rows)
  clear(fields, rows)
  let start = partAt
  for (let row = 0; row < rows; row++) {
    const stop = partAt + <usize>load<u32>(endsAt + (<usize>row << 2))
    p = start
    end = stop
    if (!event(row)) return false
    start = stop
  }
  return true
}

/** All ones are -1 as well as NaN. */
function clear(list: usize, rows: i32): void {
  const count = load<i32>(list)
  for (let i = 0; i < count; i++) {
    const out = <usize>load<i32>(list + 12 + <usize>i * FIELD, 12)
    if (out != 0) memory.fill(out, 0xff, <usize>rows << 3)
  }
}

function late(field: i32, row: i32, first: usize, stop: usize): void {
  const at = latesAt + (<usize>lates << 4)
  lates++
  store<i32>(at, field)
  store<i32>(at, row, 4)
  store<i32>(at, <i32>(first - part), 8)
  store<i32>(at, <i32>(stop - part), 12)
}

/** Address of so many bytes that stay. */
function take(size: usize): usize {
  const at = heap
  heap = (heap + size + 8 + 15) & ~<usize>15
  const missing = <isize>(heap + SPARE) - <isize>(<usize>memory.size() << 16)
  if (missing > 0 && memory.grow(<i32>((<usize>missing + 0xffff) >> 16)) < 0) unreachable()
  return at
}

function event(row: i32): bool {
  let seen: i32 = 0
  let expected: i32 = 0
  space()
  if (p >= end || load<u8>(p) != 123) return false
  p++
  while (true) {
    space()
    const at = findField(envelope, 10, expected)
    if (at < 0) {
      if (!otherKey()) return false
      space()
      skip()
    } else {
      if ((seen & (1 << at)) != 0) return false
      seen |= 1 << at
      expected = at + 1
      space()
      if (!envelopeField(at, row)) return false
    }
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 125) return (seen & (1 << ID)) != 0
    if (c != 44) return false
  }
}

function envelopeField(at: i32, row: i32): bool {
  const field = envelope + 12 + <usize>at * FIELD
  const out = <usize>load<i32>(field, 12)
  const first = p
  const c = p < end ? load<u8>(p) : 0
  if (at == ID) {
    if (c != 34 || !quoted() || to - from > MAX_ID) return false
    // Their order is that of code units, which is the bytes' order only below U+E000.
    for (let i = from; i < to; i++) if (load<u8>(i) >= 0xee) return false
    store<i32>(out + (<usize>row << 3), <i32>(from - part))
    store<i32>(out + (<usize>row << 3), <i32>(to - part), 4)
    rank()
    return true
  }
  if (at == USER_ID || at == ANONYMOUS_ID) {
    if (c == 34) return text(field, row)
    skip()
    return c == 110
  }
  if (at == PROPERTIES) return c == 123 ? properties(row) : nothing(c)
  if (at == OCCURRED_AT) {
    if (c != 34) return nothing(c)
    if (!quoted()) return false
    const ms = instant()
    if (isNaN(ms)) late(LATE_OCCURRED, row, first, p)
    else store<f64>(out + (<usize>row << 3), ms)
    return true
  }
  skip()
  if (at == CONTEXT && c != 110) late(LATE_CONTEXT, row, first, p)
  if (at == SEALED) late(LATE_SEALED, row, first, p)
  return true
}

/** Null, which says no more than leaving the field out. */
function nothing(c: i32): bool {
  skip()
  return c == 110
}

function properties(row: i32): bool {
  const first = p
  const count = load<i32>(fields)
  let expected: i32 = 0
  let others: bool = false
  p++
  space()
  if (p < end && load<u8>(p) == 125) {
    p++
    return true
  }
  while (true) {
    space()
    const at = findField(fields, count, expected)
    if (at < 0) {
      if (!otherKey()) return false
      space()
      skip()
      others = true
    } else {
      expected = at + 1
      space()
      if (!cell(at, row)) return false
    }
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 125) break
    if (c != 44) return false
  }
  if (others && takesUnnamed) late(LATE_UNNAMED, row, first, p)
  return true
}

/** A value of another type than its column's is none. */
function cell(at: i32, row: i32): bool {
  const field = fields + 12 + <usize>at * FIELD
  const kind = load<i32>(field, 8)
  const first = p
  const c = p < end ? load<u8>(p) : 0
  if (kind == TEXT) {
    if (c == 34) return text(field, row)
    skip()
    return true
  }
  if (kind == JSON_TEXT) {
    skip()
    if (c != 110) late(at, row, first, p)
    return true
  }
  const out = <usize>load<i32>(field, 12)
  if (kind == FLAG) {
    skip()
    if (c == 116 || c == 102) store<i32>(out + (<usize>row << 2), c == 116 ? 1 : 0)
    return true
  }
  if (c != 45 && (c < 48 || c > 57)) {
    skip()
    return true
  }
  const number = exact(kind == INTEGER)
  if (isNaN(number)) {
    p = first
    skip()
    late(at, row, first, p)
  } else store<f64>(out + (<usize>row << 3), number)
  return true
}

/** At most 15 digits and no exponent, so that every step is exact; NaN for the others. */
function exact(integer: bool): f64 {
  const negative = load<u8>(p) == 45
  if (negative) p++
  let v: i64 = 0
  let digits: i32 = 0
  let scale: f64 = 1
  let c: u8 = 0
  while (p < end && (c = load<u8>(p)) >= 48 && c <= 57) {
    v = v * 10 + (c - 48)
    p++
    if (++digits > 15) return NaN
  }
  if (p < end && c == 46) {
    if (integer) return NaN
    p++
    while (p < end && (c = load<u8>(p)) >= 48 && c <= 57) {
      v = v * 10 + (c - 48)
      scale *= 10
      p++
      if (++digits > 15) return NaN
    }
  }
  if (p < end && (c == 101 || c == 69)) return NaN
  const number = <f64>v / scale
  return negative ? -number : number
}

/** `p` is at the opening quote of a text without escapes: [from, to), and `p` behind it. */
function quoted(): bool {
  const first = p + 1
  if (!toQuote(first)) return false
  setText(first, p)
  p++
  return true
}

/** From `at` to the closing quote; false when a backslash comes first. `p` is there. */
function toQuote(at: usize): bool {
  const quote = i8x16.splat(34)
  const backslash = i8x16.splat(92)
  p = at
  while (p < end) {
    const bytes = v128.load(p)
    const stops = i8x16.bitmask(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)))
    if (stops != 0) {
      p += <usize>ctz(stops)
      return p < end && load<u8>(p) == 34
    }
    p += 16
  }
  return false
}

/** A key that no field has: without escapes, and right before its colon. */
function otherKey(): bool {
  if (p >= end || load<u8>(p) != 34 || !quoted() || p >= end || load<u8>(p) != 58) return false
  p++
  return true
}

/** Passes by one value. */
function skip(): void {
  let depth: i32 = 0
  while (p < end) {
    const c = load<u8>(p)
    if (c == 34) {
      p++
      while (!toQuote(p) && p < end) p += 2
      p++
    } else if (c == 123 || c == 91) {
      depth++
      p++
      continue
    } else if (c == 125 || c == 93) {
      if (depth == 0) return
      depth--
      p++
    } else if (depth > 0) {
      p++
      continue
    } else {
      if (c == 44 || c <= 32) return
      p++
      continue
    }
    if (depth == 0) return
  }
}

function text(field: usize, row: i32): bool {
  const first = p + 1
  let at = first
  let size: usize = 0
  if (toQuote(first)) {
    size = p - first
    p++
  } else {
    at = heap
    size = unescape(first)
    if (size == <usize>-1) return false
  }
  store<i32>(<usize>load<i32>(field, 12) + (<usize>row << 2), place(field, at, size))
  return true
}

/** The text that begins at `first`, without its escapes, behind the end of the heap: how many bytes, or -1. `p` is behind its closing quote. */
function unescape(first: usize): usize {
  // Room for it all, which is not kept.
  const at = take(end - first)
  heap = at
  let out = at
  p = first
  while (p < end) {
    const c = load<u8>(p++)
    if (c == 34) return out - at
    if (c != 92) {
      store<u8>(out++, c)
      continue
    }
    const e = load<u8>(p++)
    if (e != 117) {
      store<u8>(out++, e == 110 ? 10 : e == 116 ? 9 : e == 114 ? 13 : e == 98 ? 8 : e == 102 ? 12 : e)
      continue
    }
    let code = hex4()
    if (code < 0 || (code & 0xfc00) == 0xdc00) return -1
    if ((code & 0xfc00) == 0xd800) {
      if (p + 6 > end || load<u16>(p) != 0x755c) return -1
      p += 2
      const low = hex4()
      if (low < 0 || (low & 0xfc00) != 0xdc00) return -1
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
    }
    if (code < 0x80) store<u8>(out++, <u8>code)
    else {
      if (code < 0x800) store<u8>(out++, <u8>(0xc0 | (code >> 6)))
      else {
        if (code < 0x10000) store<u8>(out++, <u8>(0xe0 | (code >> 12)))
        else {
          store<u8>(out++, <u8>(0xf0 | (code >> 18)))
          store<u8>(out++, <u8>(0x80 | ((code >> 12) & 63)))
        }
        store<u8>(out++, <u8>(0x80 | ((code >> 6) & 63)))
      }
      store<u8>(out++, <u8>(0x80 | (code & 63)))
    }
  }
  return -1
}

function hex4(): i32 {
  if (p + 4 > end) return -1
  let code: i32 = 0
  for (let i = 0; i < 4; i++) {
    const c = <i32>load<u8>(p++)
    const digit = c <= 57 ? c - 48 : (c | 32) - 87
    if (digit < 0 || digit > 15) return -1
    code = (code << 4) | digit
  }
  return code
}

/** Place of a text in the dictionary of its field; new ones go behind the others. */
function place(field: usize, at: usize, size: usize): i32 {
  const h = hash(at, size)
  let slots = <u32>load<i32>(field, 20)
  const count = load<i32>(field, 32)
  if ((<u32>count + 1) * 2 > slots) {
    // What was unescaped lies behind the heap, and is not kept yet.
    if (at == heap) heap += (size + 31) & ~<usize>15
    slots = widen(field, slots, count)
  }
  const slotsAt = <usize>load<i32>(field, 16)
  const entries = <usize>load<i32>(field, 24)
  let slot = h & (slots - 1)
  let one = load<i32>(slotsAt + (<usize>slot << 2))
  while (one != 0) {
    const entry = entries + <usize>(one - 1) * ENTRY
    if (load<u32>(entry, 8) == h && <usize>load<i32>(entry, 4) == size && same(at, <usize>load<i32>(entry), size)) return one - 1
    slot = (slot + 1) & (slots - 1)
    one = load<i32>(slotsAt + (<usize>slot << 2))
  }
  // What was unescaped lies where this begins, and is kept by it.
  const kept = take(size)
  memory.copy(kept, at, size)
  const entry = entries + <usize>count * ENTRY
  store<i32>(entry, <i32>kept)
  store<i32>(entry, <i32>size, 4)
  store<u32>(entry, h, 8)
  store<i32>(slotsAt + (<usize>slot << 2), count + 1)
  store<i32>(field, count + 1, 32)
  return count
}

/** Twice the room. */
function widen(field: usize, slots: u32, count: i32): u32 {
  const wider: u32 = slots == 0 ? 64 : slots * 2
  const slotsAt = take(<usize>wider << 2)
  const entriesAt = take(<usize>(wider >> 1) * ENTRY)
  memory.fill(slotsAt, 0, <usize>wider << 2)
  memory.copy(entriesAt, <usize>load<i32>(field, 24), <usize>count * ENTRY)
  for (let i = 0; i < count; i++) {
    let slot = load<u32>(entriesAt + <usize>i * ENTRY, 8) & (wider - 1)
    while (load<i32>(slotsAt + (<usize>slot << 2)) != 0) slot = (slot + 1) & (wider - 1)
    store<i32>(slotsAt + (<usize>slot << 2), i + 1)
  }
  store<i32>(field, <i32>slotsAt, 16)
  store<i32>(field, <i32>wider, 20)
  store<i32>(field, <i32>entriesAt, 24)
  return wider
}

function hash(at: usize, size: usize): u32 {
  let h: u64 = <u64>size ^ 0x9e3779b97f4a7c15
  let i: usize = 0
  for (; i + 8 <= size; i += 8) {
    h = (h ^ load<u64>(at + i)) * 0xff51afd7ed558ccd
    h ^= h >> 32
  }
  const rest = <u64>(size - i) << 3
  if (rest != 0) h = (h ^ (load<u64>(at + i) & ((<u64>1 << rest) - 1))) * 0xff51afd7ed558ccd
  h ^= h >> 29
  h *= 0xc4ceb9fe1a85ec53
  return <u32>(h >> 32)
}

/** Whether the text [from, to) is the smallest or the largest id so far. */
function rank(): void {
  if (lowId == 0 || before(lowId) < 0) lowId = keep(lowId)
  if (highId == 0 || before(highId) > 0) highId = keep(highId)
}

/** Below 0: the text [from, to) comes before the kept one; above: behind it. */
function before(kept: usize): i32 {
  const size = to - from
  const other = <usize>load<i32>(kept)
  const common = size < other ? size : other
  let i: usize = 0
  for (; i + 8 <= common; i += 8) {
    const a = bswap(load<u64>(from + i))
    const b = bswap(load<u64>(kept + 4 + i))
    if (a != b) return a < b ? -1 : 1
  }
  for (; i < common; i++) {
    const a = load<u8>(from + i)
    const b = load<u8>(kept + 4 + i)
    if (a != b) return a < b ? -1 : 1
  }
  return size < other ? -1 : size > other ? 1 : 0
}

function keep(kept: usize): usize {
  const size = to - from
  const at = kept != 0 ? kept : take(4 + MAX_ID)
  store<i32>(at, <i32>size)
  memory.copy(at + 4, from, size)
  return at
}
