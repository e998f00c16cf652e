// AssemblyScript: reads runs of plain events from JSON bytes, 16 at a time, without building objects. Whatever is not plain stops the run
// and is left to the careful path, so this may say "not sure" but never yes to what is wrong.
//
// Memory, laid out by scan-kernel.ts: the plans of the types, one row an event, the input (with 64 spare bytes behind it), and behind it what
// `pack` and `answer` (pack-rows.as) write:
//   row   := start i32 | stop i32 | idStart i32 | idStop i32 | keyStart i32 | keyStop i32 | type i32 | flags i32
//          | occurredAtMs f64 | idLow u32 | idHigh u32 | propertiesStart i32 | propertiesStop i32
//          | contextStart i32 | contextStop i32 | cutStart i32 | cutStop i32 | clientStart i32 | clientStop i32        (80 bytes)
//   The last six only with the flag HAS_CONTEXT: the context's value, the bytes that go when it is cut out, and the value of its client (equal: none).
//   table := slots of i32 addresses of types, by hash of the name; 0 is empty
//   type  := nameAt i32 | nameSize i32 | versionAt i32 | versionSize i32 | seed i32 | index i32 | flat i32 | fields
//   fields := count i32 | required i32 | pad i32 | field × count            (the envelope is such a list too)
//   field := tokenAt i32 | tokenSize i32 | kind i32 | values i32 | minimum f64 | maximum f64 | valuesAt i32 | pad i32   (40 bytes)
//   value := at i32 | size i32                                                                     (with its quotes)
// A token is `"name":`. Positions in rows count from the beginning of the input.
import { fingerprint } from './id-fingerprint'
import { instant } from './instant'
import { same, space, text, value } from './json-values'
import { clientFrom, clientTo, context, isSealable, storeContext } from './contexts'
import { CORRECTED, DAY, end, flagsSeen, from, HAS_CONTEXT, input, keyStack, newlineIsSpace, ORPHAN, out, p, ROW, texts, to, UNCHECKED } from './scan-state'
import { findField, flat } from './type-fields'
import { findType, setTable } from './type-table'

export { answer, pack, packedKeyBytes, packedValueBytes } from './pack-rows'
export { hasContexts, packSealed, sealedContextBytes, sealedKeyBytes, sealedValueBytes } from './seal-rows'
export { configureSegment, keyStart, keyStop, linesSize, segment } from './segment-scan'

const MAX_EVENT: usize = 65536

let envelope: usize = 0
let receivedAt: f64 = 0

export function configure(inputAt: usize, outAt: usize, tableAt: usize, tableSlots: u32, envelopeAt: usize, keyStackAt: usize, textsAt: usize): void {
  input = inputAt
  out = outAt
  setTable(tableAt, tableSlots)
  envelope = envelopeAt
  keyStack = keyStackAt
  texts = textsAt
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
  if (rows == 0 || (flagsSeen & ~HAS_CONTEXT) != 0) return -1
  if (lines) return p == end ? rows : -1
  if (separated) return -1
  space()
  if (p >= end || load<u8>(p) != 93) return -1
  p++
  space()
  return p == end ? rows : -1
}

/** Fields of the envelope, in the order in which scan-kernel.ts lists them. */
const ID = 0
const TYPE = 1
const VERSION = 2
const OCCURRED_AT = 3
const SENT_AT = 4
const USER_ID = 5
const PROPERTIES = 7
const CONTEXT = 8

function event(row: usize, start: usize): bool {
  let seen: i32 = 0
  let expected: i32 = 0
  let type: usize = 0
  let idFrom: usize = 0, idTo: usize = 0, keyFrom: usize = 0, keyTo: usize = 0, versionFrom: usize = 0, versionTo: usize = 0
  let occurredAt: f64 = NaN, sentAt: f64 = NaN
  let propertiesFrom: usize = 0, propertiesTo: usize = 0
  let contextFrom: usize = 0, contextTo: usize = 0, cutFrom: usize = 0, cutTo: usize = 0, comma: usize = 0
  let checked: bool = false
  const count = load<i32>(envelope)
  p++
  while (true) {
    space()
    const member = p
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
    } else if (field == CONTEXT) {
      contextFrom = p
      if (!context()) return false
      contextTo = p
      // With the comma before it, else with that behind it.
      cutFrom = comma != 0 ? comma : member
      if (comma != 0) cutTo = p
    } else {
      if (load<u8>(p) != 123) return false
      const first = p
      if (type != 0 && load<i32>(type, 24) != 0) {
        if (!flat(type + 28)) return false
        checked = true
      } else if (!value(1)) return false
      propertiesFrom = first
      propertiesTo = p
    }
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 125) break
    if (c != 44) return false
    comma = p - 1
    if (cutFrom != 0 && cutTo == 0) cutTo = p
  }
  if (type == 0 || idFrom == 0 || idTo - idFrom > 64 || p - start > MAX_EVENT) return false
  if (versionFrom != 0 && !(versionTo - versionFrom == <usize>load<i32>(type, 12) && same(versionFrom, <usize>load<i32>(type, 8), versionTo - versionFrom))) return false
  let flags: i32 = contextFrom != 0 && isSealable ? (keyFrom != 0 ? HAS_CONTEXT : HAS_CONTEXT | ORPHAN) : 0
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
  if ((flags & HAS_CONTEXT) != 0) storeContext(row, contextFrom, contextTo, cutFrom, cutTo, clientFrom, clientTo)
  store<f64>(row, occurredAt, 32)
  fingerprint(row, idFrom, idTo, load<u32>(type, 16))
  store<i32>(row, propertiesFrom == 0 ? -1 : <i32>(propertiesFrom - input), 48)
  store<i32>(row, propertiesFrom == 0 ? -1 : <i32>(propertiesTo - input), 52)
  return true
}
