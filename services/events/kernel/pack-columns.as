// AssemblyScript: writes good rows of columns as the sections of a block for the log. The grammar is in src/columns/packed-columns.ts.
import { ABSENT, BOOLEAN, COLUMN, CONSTANT, DICTIONARY, isValid, readBoolean, readInstant, readInteger, TEXT, TIMESTAMP, WRITTEN } from './column-cells'
import { copyText } from './write-values'

/** Forms of sections; 0, with nothing behind it, where no row has a value. */
const TEXTS: u8 = 1
const UUIDS: u8 = 2
const PLACES: u8 = 3
const INTEGERS: u8 = 4

const HEAD: usize = 12
const UUID_CHARS: u32 = 36

let rows: usize = 0
let count: i32 = 0
let scratch: usize = 0
let size: usize = 0

/** Of the last `pack`. */
export function packedBytes(): usize {
  return size
}

/**
 * Writes the good rows of [from, to), of the part of `marks` that begins at row `first`, to `outAt`, and their prints to `outPrints`; gives how many they are. `rowsAt` has
 * 4 bytes a row and `scratchAt` 8, with 16 more. Up to 16 bytes behind what is written are written too.
 */
export function pack(columns: usize, columnCount: i32, marks: usize, prints: usize, first: i32, from: i32, to: i32, rowsAt: usize, scratchAt: usize, outPrints: usize, outAt: usize): i32 {
  rows = rowsAt
  scratch = scratchAt
  count = 0
  for (let row = from; row < to; row++) {
    if (load<u8>(marks + <usize>(row - first)) != 0) continue
    store<i32>(rows + (<usize>count << 2), row)
    store<u64>(outPrints + (<usize>count << 3), load<u64>(prints + (<usize>(row - first) << 3)))
    count++
  }
  let p = outAt
  if (count > 0) {
    for (let i = 0; i < columnCount; i++) {
      const column = columns + <usize>i * COLUMN
      const kind = load<i32>(column)
      if (kind == CONSTANT || kind == ABSENT) continue
      const start = p
      store<u32>(start, 0)
      store<u32>(start, 0, 4)
      store<u32>(start, 0, 8)
      p = writeNulls(column, start)
      if (load<u8>(start, 2) == 2) {
        store<u8>(start, 0, 2)
        p = start + HEAD
      } else if (kind == TEXT) p = packTexts(column, start, p)
      else if (kind == WRITTEN) p = packPlainTexts(column, start, p)
      else if (kind == DICTIONARY) p = packPlaces(column, start, p)
      else p = packIntegers(column, kind, start, p)
      store<u32>(start, <u32>(p - start - HEAD), 4)
    }
  }
  size = p - outAt
  return count
}

@inline function rowAt(i: i32): i32 {
  return load<i32>(rows + (<usize>i << 2))
}

/** The null marks of a section, where there are nulls: 1 in the third byte of its head, or 2 for nothing but nulls. */
function writeNulls(column: usize, start: usize): usize {
  const p = start + HEAD
  if (load<i32>(column, 8) == 0) return p
  const bytes = <usize>((count + 7) >> 3)
  memory.fill(p, 0, bytes)
  let present = 0
  for (let i = 0; i < count; i++) {
    if (!isValid(column, rowAt(i))) continue
    present++
    const at = p + <usize>(i >> 3)
    const bit: i32 = 1 << (i & 7)
    store<u8>(at, <u8>(<i32>load<u8>(at) | bit))
  }
  if (present == count) return p
  store<u8>(start, present == 0 ? 2 : 1, 2)
  return p + bytes
}

@inline function hasValue(start: usize, i: i32): bool {
  return load<u8>(start, 2) == 0 || ((load<u8>(start + HEAD + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0
}

function packTexts(column: usize, start: usize, to: usize): usize {
  const values = <usize>load<i32>(column, 12)
  const offsets = <usize>load<i32>(column, 16)
  let p = to
  for (let i = 0; i < count; i++) {
    if (hasValue(start, i)) {
      const at = offsets + (<usize>rowAt(i) << 2)
      const from = load<u32>(at)
      if (load<u32>(at, 4) - from != UUID_CHARS || !packUuid(values + from, p)) return packPlainTexts(column, start, to)
    } else v128.store(p, i64x2.splat(0))
    p += 16
  }
  store<u8>(start, UUIDS)
  return p
}

/** In its canonical form only: lower case, with its dashes. */
@inline function packUuid(text: usize, to: usize): bool {
  const a = v128.load(text)
  const b = v128.load(text, 16)
  const c = v128.load(text, 20)
  const dash = i8x16.splat(45)
  if (i8x16.bitmask(i8x16.eq(a, dash)) != 0x2100 || i8x16.bitmask(i8x16.eq(b, dash)) != 0x84) return false
  const high = nibbles(v128.shuffle<i8>(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17))
  const low = nibbles(v128.shuffle<i8>(b, c, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 28, 29, 30, 31))
  if (v128.any_true(i8x16.gt_u(v128.or(high, low), i8x16.splat(15)))) return false
  v128.store(to, i8x16.narrow_i16x8_u(join(high), join(low)))
  return true
}

/** Values of hexadecimal digits; 255 for what is none. */
@inline function nibbles(text: v128): v128 {
  const digit = i8x16.sub(text, i8x16.splat(48))
  const letter = i8x16.sub(text, i8x16.splat(97))
  const isLetter = i8x16.lt_u(letter, i8x16.splat(6))
  const isDigit = i8x16.lt_u(digit, i8x16.splat(10))
  const value = v128.bitselect(i8x16.add(letter, i8x16.splat(10)), digit, isLetter)
  return v128.or(value, v128.not(v128.or(isLetter, isDigit)))
}

/** Pairs of digits, the first one the higher, as 16-bit numbers below 256. */
@inline function join(digits: v128): v128 {
  return v128.or(i16x8.shl(v128.and(digits, i16x8.splat(0xff)), 4), i16x8.shr_u(digits, 8))
}

/** What all texts begin with, up to 16 bytes, stands once. */
function packPlainTexts(column: usize, start: usize, to: usize): usize {
  const values = <usize>load<i32>(column, 12)
  const offsets = <usize>load<i32>(column, 16)
  let model: usize = 0
  let common: u32 = 0xffff
  let shortest: u32 = 16
  let longest: u32 = 0
  for (let i = 0; i < count; i++) {
    if (!hasValue(start, i)) continue
    const at = offsets + (<usize>rowAt(i) << 2)
    const from = load<u32>(at)
    const length = load<u32>(at, 4) - from
    if (model == 0) model = values + from
    common &= <u32>i8x16.bitmask(i8x16.eq(v128.load(values + from), v128.load(model)))
    if (length < shortest) shortest = length
    if (length > longest) longest = length
  }
  const equal = <u32>ctz<i32>(<i32>(~common | 0x10000))
  const shared = equal < shortest ? equal : shortest
  const width: usize = longest - shared < 256 ? 1 : 2
  store<u8>(start, TEXTS)
  store<u8>(start, <u8>width, 1)
  store<u8>(start, <u8>shared, 3)
  let lengths = to
  copyText(lengths, model, shared)
  lengths += shared
  let p = lengths + <usize>count * width
  for (let i = 0; i < count; i++, lengths += width) {
    let length: u32 = 0
    if (hasValue(start, i)) {
      const at = offsets + (<usize>rowAt(i) << 2)
      const from = load<u32>(at) + shared
      length = load<u32>(at, 4) - from
      copyText(p, values + from, length)
      p += length
    }
    if (width == 1) store<u8>(lengths, <u8>length)
    else store<u16>(lengths, <u16>length)
  }
  return p
}

/** Entries in the order in which rows first have them. */
function packPlaces(column: usize, start: usize, to: usize): usize {
  const values = <usize>load<i32>(column, 12)
  const entries = <usize>load<i32>(column, 24)
  const entryOffsets = <usize>load<i32>(column, 28)
  /** Place in the section and one, a word an entry. */
  const known = <usize>load<i32>(column, 56)
  memory.fill(known, 0, <usize>load<i32>(column, 36) << 2)
  const used = scratch + (<usize>count << 2)
  let usedCount: u32 = 0
  for (let i = 0; i < count; i++) {
    let place: u32 = 0
    if (hasValue(start, i)) {
      const entry = load<u32>(values + (<usize>rowAt(i) << 2))
      const at = known + (<usize>entry << 2)
      place = load<u32>(at)
      if (place == 0) {
        store<u32>(used + (<usize>usedCount << 2), entry)
        place = ++usedCount
        store<u32>(at, place)
      }
      place--
    }
    store<u32>(scratch + (<usize>i << 2), place)
  }
  const width: u8 = usedCount == 1 ? 0 : usedCount <= 256 ? 1 : usedCount <= 65536 ? 2 : 4
  store<u8>(start, PLACES)
  store<u8>(start, width, 1)
  store<u32>(start, usedCount, 8)
  let lengths = to
  let p = lengths + (<usize>usedCount << 1)
  for (let i: u32 = 0; i < usedCount; i++, lengths += 2) {
    const at = entryOffsets + (<usize>load<u32>(used + (<usize>i << 2)) << 2)
    const from = <usize>load<u32>(at)
    const length = <usize>load<u32>(at, 4) - from
    store<u16>(lengths, <u16>length)
    copyText(p, entries + from, length)
    p += length
  }
  for (let i = 0; i < count; i++) {
    const place = load<u32>(scratch + (<usize>i << 2))
    if (width == 1) store<u8>(p, <u8>place)
    else if (width == 2) store<u16>(p, <u16>place)
    else if (width == 4) store<u32>(p, place)
    p += width
  }
  return p
}

@inline function readNumber(column: usize, kind: i32, row: i32): i64 {
  if (kind == TIMESTAMP) return <i64>readInstant(column, row)
  return kind == BOOLEAN ? <i64>readBoolean(column, row) : readInteger(column, row)
}

/** As what they are more than the least of them. */
function packIntegers(column: usize, kind: i32, start: usize, to: usize): usize {
  let least: i64 = i64.MAX_VALUE
  let most: i64 = i64.MIN_VALUE
  for (let i = 0; i < count; i++) {
    if (!hasValue(start, i)) continue
    const value = readNumber(column, kind, rowAt(i))
    if (value < least) least = value
    if (value > most) most = value
  }
  const span = <u64>(most - least)
  const width: usize = span == 0 ? 0 : span < 0x100 ? 1 : span < 0x10000 ? 2 : span < 0x100000000 ? 4 : 8
  store<u8>(start, INTEGERS)
  store<u8>(start, <u8>width, 1)
  store<i64>(to, least)
  let p = to + 8
  if (width == 0) return p
  for (let i = 0; i < count; i++, p += width) {
    const value = hasValue(start, i) ? readNumber(column, kind, rowAt(i)) - least : 0
    if (width == 1) store<u8>(p, <u8>value)
    else if (width == 2) store<u16>(p, <u16>value)
    else if (width == 4) store<u32>(p, <u32>value)
    else store<i64>(p, value)
  }
  return p
}
