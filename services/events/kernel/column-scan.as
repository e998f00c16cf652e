// AssemblyScript: checks batches of events that came as columns, column by column, and writes the good rows: as the JSON that they would have been, or packed.
// What is not plain is marked and left to the careful path, so this may say "not sure" but never yes to what is wrong.
//
// Memory, laid out by column-kernel.ts. Rows are counted from the beginning of the batch; a part of it is worked on at a time.
//   marks  := u8 a row of the part: 0 good, anything else is passed by (CAREFUL is set here)
//   prints := (low u32 | high u32) a row of the part
//   column := kind i32 | role i32 | validAt i32 | valuesAt i32 | offsetsAt i32 | width i32 | entriesAt i32 | entryOffsetsAt i32 | verdictsAt i32 | entries i32
//           | prefixAt i32 | prefixSize i32 | required i32 | ones i32 | onesAt i32 | flags i32 | minimum f64 | maximum f64 | perMs f64      (88 bytes)
//   one    := at i32 | size i32
// A prefix stands before the value of its column, `,"trackId":`. Entries are those of a dictionary, each with its verdict (1: fits); values are places of them, i32 a row, and `onesAt` has a word an entry for pack-columns.as.
import { ABSENT, COLUMN, CONSTANT, DICTIONARY, INTEGER, isValid, readBoolean, readInstant, readInteger, TEXT, TIMESTAMP, WRITTEN } from './column-cells'
import { fingerprint } from './id-fingerprint'
import { same } from './json-values'
import { instant } from './instant'
import { DAY, setText } from './scan-state'
import { copyText, writeInstant, writeInteger } from './write-values'

export { pack, packedBytes } from './pack-columns'

const CAREFUL: u8 = 2

/** Roles: what the values are. */
const PROPERTY: i32 = 0
const ID: i32 = 1
const USER: i32 = 2
const ANONYMOUS: i32 = 3
const OCCURRED_AT: i32 = 4
/** Behind it stands the first property, without its comma. */
const OPENING: i32 = 5

/** Flags of texts: some need escapes; some are not ASCII. */
const SPECIAL: i32 = 1
const WIDE: i32 = 2

/** Longer texts are for the careful path, so that no row is longer than an event may be. */
const MAX_TEXT: usize = 1500

let columns: usize = 0
let count: i32 = 0
let marks: usize = 0
let prints: usize = 0
let seed: u32 = 0
let receivedAt: f64 = 0

export function configure(columnsAt: usize, columnCount: i32, marksAt: usize, printsAt: usize, typeSeed: u32, nowMs: f64): void {
  columns = columnsAt
  count = columnCount
  marks = marksAt
  prints = printsAt
  seed = typeSeed
  receivedAt = nowMs
}

/** Flags of the texts in [at, at + size). */
export function look(at: usize, size: usize): i32 {
  let special: i32 = 0
  let wide: i32 = 0
  const stop = at + size
  let p = at
  const quote = i8x16.splat(34)
  const backslash = i8x16.splat(92)
  const control = i8x16.splat(32)
  for (; p + 16 <= stop; p += 16) {
    const bytes = v128.load(p)
    special |= i8x16.bitmask(v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, control)))
    wide |= i8x16.bitmask(bytes)
  }
  for (; p < stop; p++) {
    const c = load<u8>(p)
    if (c == 34 || c == 92 || c < 32) special = 1
    if (c > 127) wide = 1
  }
  return (special != 0 ? SPECIAL : 0) | (wide != 0 ? WIDE : 0)
}

/** The verdicts of plain entries, for which only their sizes count. */
export function judge(offsets: usize, entries: i32, least: f64, most: f64, verdicts: usize): void {
  for (let i = 0; i < entries; i++, offsets += 4) {
    const size = <f64>(load<u32>(offsets, 4) - load<u32>(offsets))
    store<u8>(verdicts + <usize>i, size >= least && size <= most ? 1 : 0)
  }
}

/** Checks rows [from, to) and leaves the prints of their ids. */
export function check(from: i32, to: i32): void {
  for (let i = 0; i < count; i++) {
    const column = columns + <usize>i * COLUMN
    const kind = load<i32>(column)
    if (kind == CONSTANT) continue
    const role = load<i32>(column, 4)
    const required = load<i32>(column, 48) != 0
    for (let row = from; row < to; row++) {
      const mark = marks + <usize>(row - from)
      if (load<u8>(mark) != 0) continue
      let fine: bool
      if (!isValid(column, row)) fine = !required
      else if (kind == TEXT) fine = fitsText(column, row, role, from)
      else if (kind == DICTIONARY) fine = fitsEntry(column, row, role, from)
      else if (kind == INTEGER) fine = fitsInteger(column, row)
      else if (kind == TIMESTAMP) fine = fitsInstant(column, row)
      else fine = kind != ABSENT
      if (!fine) store<u8>(mark, CAREFUL)
    }
  }
}

function fitsText(column: usize, row: i32, role: i32, from: i32): bool {
  const offsets = <usize>load<i32>(column, 16) + (<usize>row << 2)
  const values = <usize>load<i32>(column, 12)
  const start = values + <usize>load<u32>(offsets)
  const stop = values + <usize>load<u32>(offsets, 4)
  const size = stop - start
  const flags = load<i32>(column, 60)
  if (size > MAX_TEXT) return false
  // Most texts: only their size may be wrong.
  if (flags == 0 && role == PROPERTY && load<i32>(column, 52) == 0) return <f64>size >= load<f64>(column, 64) && <f64>size <= load<f64>(column, 72)
  // The texts of a column are UTF-8 one behind the other; each for itself, when none begins inside of a character.
  if ((flags & WIDE) != 0 && size > 0 && (load<u8>(start) & 0xc0) == 0x80) return false
  if ((flags & SPECIAL) != 0 && (look(start, size) & SPECIAL) != 0) return false
  if (role == PROPERTY) {
    const ones = load<i32>(column, 52)
    if (ones > 0) {
      let one = <usize>load<i32>(column, 56)
      for (let i = 0; i < ones; i++, one += 8) if (<usize>load<i32>(one, 4) == size && same(start, <usize>load<i32>(one), size)) return true
      return false
    }
    const minimum = load<f64>(column, 64)
    if (<f64>size < minimum || <f64>size > load<f64>(column, 72)) return false
    // A character takes up to four bytes.
    return minimum <= 1 || <f64>size >= minimum * 4 || (flags & WIDE) == 0 || (look(start, size) & WIDE) == 0
  }
  if (role == ID) {
    if (size == 0 || size > 64) return false
    fingerprint(prints + (<usize>(row - from) << 3) - 40, start, stop, seed)
    return true
  }
  if (role == OCCURRED_AT) {
    setText(start, stop)
    const ms = instant()
    return ms >= 0 && ms <= receivedAt + DAY
  }
  return size > 0 && size <= 256
}

function fitsEntry(column: usize, row: i32, role: i32, from: i32): bool {
  const place = load<u32>(<usize>load<i32>(column, 12) + (<usize>row << 2))
  if (place >= load<u32>(column, 36) || load<u8>(<usize>load<i32>(column, 32) + <usize>place) == 0) return false
  if (role == ID) {
    const offsets = <usize>load<i32>(column, 28) + (<usize>place << 2)
    const entries = <usize>load<i32>(column, 24)
    fingerprint(prints + (<usize>(row - from) << 3) - 40, entries + <usize>load<u32>(offsets), entries + <usize>load<u32>(offsets, 4), seed)
  }
  return true
}

const MAX_SAFE: i64 = 9007199254740991

function fitsInteger(column: usize, row: i32): bool {
  const value = readInteger(column, row)
  // An unsigned one beyond 2^63 - 1 reads as negative.
  if (value > MAX_SAFE || value < -MAX_SAFE || (value < 0 && load<i32>(column, 20) > 0)) return false
  return <f64>value >= load<f64>(column, 64) && <f64>value <= load<f64>(column, 72)
}

function fitsInstant(column: usize, row: i32): bool {
  if (load<i64>(<usize>load<i32>(column, 12) + (<usize>row << 3)) < 0) return false
  return readInstant(column, row) <= receivedAt + DAY
}

/** Of the last `render`: rows, bytes of their keys and of their values. */
let written: i32 = 0
let keysSize: usize = 0
let valuesSize: usize = 0

export function writtenRows(): i32 {
  return written
}

export function writtenKeyBytes(): usize {
  return keysSize
}

export function writtenValueBytes(): usize {
  return valuesSize
}

/**
 * Writes good rows of [from, to), of the part that begins at row `first`, until their values have more than `limit` bytes, and gives where it stopped:
 * sizes of keys and of values (u32 a row), prints, keys and values, each to its place. Up to 16 bytes behind keys and values are written too.
 */
export function render(first: i32, from: i32, to: i32, limit: usize, keySizesAt: usize, valueSizesAt: usize, printsAt: usize, keysAt: usize, valuesAt: usize): i32 {
  let key = keysAt
  let p = valuesAt
  let row = from
  written = 0
  for (; row < to && p - valuesAt <= limit; row++) {
    if (load<u8>(marks + <usize>(row - first)) != 0) continue
    const start = p
    let idFrom: usize = 0, idTo: usize = 0, keyFrom: usize = 0, keyTo: usize = 0
    let comma: usize = 0
    for (let i = 0; i < count; i++) {
      const column = columns + <usize>i * COLUMN
      const kind = load<i32>(column)
      if (kind == ABSENT || (kind != CONSTANT && !isValid(column, row))) continue
      const role = load<i32>(column, 4)
      const skipped: usize = kind == CONSTANT ? 0 : comma
      const prefix = <usize>load<i32>(column, 40) + skipped
      const prefixSize = <usize>load<i32>(column, 44) - skipped
      copyText(p, prefix, prefixSize)
      p += prefixSize
      comma = role == OPENING ? 1 : 0
      if (kind == CONSTANT) continue
      const valueAt = p
      p = write(column, kind, row, p)
      if (role == ID) {
        idFrom = valueAt + 1
        idTo = p - 1
      } else if (role == USER || (role == ANONYMOUS && keyFrom == 0)) {
        keyFrom = valueAt + 1
        keyTo = p - 1
      }
    }
    if (keyFrom == 0) {
      keyFrom = idFrom
      keyTo = idTo
    }
    copyText(key, keyFrom, keyTo - keyFrom)
    key += keyTo - keyFrom
    const at = <usize>written << 2
    store<u32>(keySizesAt + at, <u32>(keyTo - keyFrom))
    store<u32>(valueSizesAt + at, <u32>(p - start))
    store<u64>(printsAt + (at << 1), load<u64>(prints + (<usize>(row - first) << 3)))
    written++
  }
  keysSize = key - keysAt
  valuesSize = p - valuesAt
  return row
}

function write(column: usize, kind: i32, row: i32, to: usize): usize {
  let p = to
  if (kind == TEXT || kind == WRITTEN || kind == DICTIONARY) {
    const isEntry = kind == DICTIONARY
    const at = isEntry ? <usize>load<i32>(<usize>load<i32>(column, 12) + (<usize>row << 2)) : <usize>row
    const offsets = <usize>load<i32>(column + (isEntry ? 28 : 16)) + (at << 2)
    const start = <usize>load<u32>(offsets)
    const size = <usize>load<u32>(offsets, 4) - start
    if (kind != WRITTEN) store<u8>(p++, 34)
    copyText(p, <usize>load<i32>(column + (isEntry ? 24 : 12)) + start, size)
    p += size
    if (kind != WRITTEN) store<u8>(p++, 34)
    return p
  }
  if (kind == INTEGER) return writeInteger(p, readInteger(column, row))
  if (kind == TIMESTAMP) return writeInstant(p, readInstant(column, row))
  if (readBoolean(column, row)) {
    store<u32>(p, 0x65757274)
    return p + 4
  }
  store<u32>(p, 0x736c6166)
  store<u8>(p, 101, 4)
  return p + 5
}
