// Reads a whole Segment batch as clients send almost all: track calls of known events, in any order of members, without building objects. Each is
// written as one event of our own wire, as rewrite-segment.ts writes it, with a row like any other. Anything else is left to the careful path.
import { fingerprint } from './id-fingerprint'
import { anyInstant } from './instant'
import { same, space, text, value } from './json-values'
import { clientFrom, clientTo, context, isSealable, storeContext } from './contexts'
import { DAY, end, FIELD, flagsSeen, from, HAS_CONTEXT, input, keyStack, newlineIsSpace, out, p, ROW, setText, texts, to } from './scan-state'
import { findField, flat } from './type-fields'
import { findType } from './type-table'
import { copyText, writeInstant } from './write-values'

/** Members of a message, as segment-plan.ts lists them; those behind CONTEXT are read and left out. */
const MESSAGE_ID = 0
const TYPE = 1
const EVENT = 2
const TIMESTAMP = 3
const SENT_AT = 4
const USER_ID = 5
const ANONYMOUS_ID = 6
const PROPERTIES = 7
const CONTEXT = 8
const NEEDED: i32 = (1 << MESSAGE_ID) | (1 << TYPE) | (1 << EVENT) | (1 << TIMESTAMP) | (1 << PROPERTIES)
/** Stands for the beginning of a message in `follows`. */
const BEGIN: u64 = 15

/** Members of a batch. */
const BATCH = 0
const BATCH_SENT_AT = 1
const WRITE_KEY = 2

/** Texts of a line, at these multiples of 32: `{"id":"`, `","type":"`, `","occurredAt":`, `,"userId":"`, `,"anonymousId":"`, `,"properties":`, `,"context":`. */
const LINE_ID: usize = 4 * 32
const LINE_TYPE: usize = 5 * 32
const LINE_OCCURRED_AT: usize = 6 * 32
const LINE_USER_ID: usize = 7 * 32
const LINE_ANONYMOUS_ID: usize = 8 * 32
const LINE_PROPERTIES: usize = 9 * 32
const LINE_CONTEXT: usize = 10 * 32
/** What a line adds to what it copies, at most, but for the name of its type. */
const LINE_BYTES: usize = 160

const MAX_OTHERS: usize = 32
const MAX_NAME: usize = 120
/** 9999-12-31, the last day that is written with four digits of its year. */
const MAX_INSTANT: f64 = 253402300800000.0

let messageFields: usize = 0
let batchFields: usize = 0
/** Which member followed which in the message before, four bits each: clients keep to one order. */
let follows: u64 = 0

let receivedAt: f64 = 0
let maxMessage: usize = 0
/** From the sender's clock to ours. */
let delta: f64 = 0
/** The batch's own: it mostly stands behind the messages. */
let sentFrom: usize = 0
let sentTo: usize = 0
/** In the body; equal when there is none. */
let keyFrom: usize = 0
let keyTo: usize = 0
/** Of the message before: the event's name as it stands, where it lands, and the type whose properties are tried first. */
let nameFrom: usize = 0
let nameSize: usize = 0
let type: usize = 0
/** Where the next line goes, and where lines must end. */
let line: usize = 0
let linesEnd: usize = 0
let linesFrom: usize = 0

export function configureSegment(messageFieldsAt: usize, batchFieldsAt: usize): void {
  messageFields = messageFieldsAt
  batchFields = batchFieldsAt
  follows = 0
}

/** Bytes of the lines of the last batch, which lie one behind the other with nothing between. */
export function linesSize(): usize {
  return line - linesFrom
}

/** The write key in the body of the last batch: [start, stop) in the input, as it stands between its quotes. */
export function keyStart(): usize {
  return keyFrom - input
}

export function keyStop(): usize {
  return keyTo - input
}

/** How many events the batch has, each with a row and a line at `linesAt` on, in at most `room` bytes; -1 when anything in it is not the usual. */
export function segment(size: usize, nowMs: f64, maxRows: i32, maxMessageBytes: usize, linesAt: usize, room: usize): i32 {
  p = input
  end = input + size
  newlineIsSpace = true
  receivedAt = nowMs
  maxMessage = maxMessageBytes
  sentFrom = sentTo = keyFrom = keyTo = input
  nameSize = 0
  type = 0
  flagsSeen = 0
  linesFrom = line = linesAt
  linesEnd = linesAt + room
  if (!(nowMs + DAY < MAX_INSTANT)) return -1
  let rows = -1
  let seen: i32 = 0
  space()
  if (p >= end || load<u8>(p) != 123) return -1
  p++
  while (true) {
    space()
    const field = findField(batchFields, load<i32>(batchFields), 0)
    if (field < 0 || (seen & (1 << field)) != 0) return -1
    space()
    if (field == BATCH) {
      if ((seen & (1 << BATCH_SENT_AT)) == 0 && !findSentAt()) return -1
      rows = messages(maxRows)
      if (rows < 0) return -1
    } else {
      if (p >= end || load<u8>(p) != 34 || !text()) return -1
      if (field == WRITE_KEY) {
        keyFrom = from
        keyTo = to
      } else if ((seen & (1 << BATCH)) != 0) {
        // What was found before may have stood in a message.
        if (from != sentFrom) return -1
      } else if (!takeSentAt()) return -1
    }
    seen |= 1 << field
    space()
    if (p >= end) return -1
    const c = load<u8>(p++)
    if (c == 125) break
    if (c != 44) return -1
  }
  space()
  return p == end && (seen & 3) == 3 ? rows : -1
}

/** The last text that is called so, behind `p`, which stays. */
function findSentAt(): bool {
  const field = batchFields + 12 + BATCH_SENT_AT * FIELD
  const token = <usize>load<i32>(field)
  const size = <usize>load<i32>(field, 4)
  const before = p
  for (let at = end - size; at > before; at--) {
    if (load<u8>(at) != 34 || !same(at, token, size)) continue
    p = at + size
    space()
    const found = p < end && load<u8>(p) == 34 && text() && takeSentAt()
    p = before
    return found
  }
  return false
}

function takeSentAt(): bool {
  sentFrom = from
  sentTo = to
  delta = receivedAt - anyInstant()
  return !isNaN(delta)
}

/** At the list. */
function messages(maxRows: i32): i32 {
  if (p >= end || load<u8>(p) != 91) return -1
  p++
  let rows = 0
  while (true) {
    space()
    if (rows == maxRows || !message(out + <usize>rows * ROW)) return -1
    rows++
    space()
    if (p >= end) return -1
    const c = load<u8>(p++)
    if (c == 93) return rows
    if (c != 44) return -1
  }
}

function message(row: usize): bool {
  const start = p
  if (p >= end || load<u8>(p) != 123) return false
  p++
  let seen: i32 = 0
  let last = BEGIN
  let others: usize = 0
  let idFrom: usize = 0, idTo: usize = 0, userFrom: usize = 0, userTo: usize = 0, anonymousFrom: usize = 0, anonymousTo: usize = 0
  let propertiesFrom: usize = 0, propertiesTo: usize = 0, contextFrom: usize = 0, contextTo: usize = 0
  let checked: usize = 0
  let occurredAt: f64 = 0
  const count = load<i32>(messageFields)
  while (true) {
    space()
    const field = findField(messageFields, count, <i32>((follows >> (last << 2)) & 15))
    if (field < 0) {
      if (others == MAX_OTHERS || !other(others++)) return false
    } else {
      if ((seen & (1 << field)) != 0) return false
      seen |= 1 << field
      follows = (follows & ~(<u64>15 << (last << 2))) | (<u64>field << (last << 2))
      last = <u64>field
      space()
      if (p >= end) return false
      if (field == PROPERTIES) {
        if (load<u8>(p) != 123) return false
        propertiesFrom = p
        // They become part of a line.
        newlineIsSpace = false
        // The type may be named only behind them; mostly it is that of the message before.
        if (type != 0 && load<i32>(type, 24) != 0 && flat(type + 28)) checked = type
        else {
          p = propertiesFrom
          if (!value(1)) return false
        }
        newlineIsSpace = true
        propertiesTo = p
      } else if (field > CONTEXT) {
        if (!value(1)) return false
      } else if (field == CONTEXT) {
        contextFrom = p
        newlineIsSpace = false
        if (!context()) return false
        newlineIsSpace = true
        contextTo = p
      } else if (load<u8>(p) != 34) {
        // Python writes null for who is not known.
        if ((field != USER_ID && field != ANONYMOUS_ID) || end - p < 4 || load<u32>(p) != 0x6c6c756e) return false
        p += 4
      } else {
        if (!text() || from == to) return false
        if (field == MESSAGE_ID) {
          idFrom = from
          idTo = to
        } else if (field == TYPE) {
          if (to - from != 5 || load<u32>(from) != 0x63617274 || load<u8>(from, 4) != 107) return false
        } else if (field == EVENT) {
          if (!findNamed()) return false
        } else if (field == TIMESTAMP) occurredAt = anyInstant()
        else if (field == SENT_AT) {
          if (to - from != sentTo - sentFrom || !same(from, sentFrom, to - from)) return false
        } else {
          if (to - from > 256) return false
          if (field == USER_ID) {
            userFrom = from
            userTo = to
          } else {
            anonymousFrom = from
            anonymousTo = to
          }
        }
      }
    }
    space()
    if (p >= end) return false
    const c = load<u8>(p++)
    if (c == 125) break
    if (c != 44) return false
  }
  if ((seen & NEEDED) != NEEDED || idTo - idFrom > 64 || p - start > maxMessage) return false
  if (checked != type) {
    if (load<i32>(type, 24) == 0) return false
    const behind = p
    p = propertiesFrom
    if (!flat(type + 28)) return false
    p = behind
  }
  // Whole ms are written, and those are checked.
  const corrected = Math.floor(occurredAt + delta)
  if (!(corrected >= 0 && corrected <= receivedAt + DAY)) return false
  const nameOf = <usize>load<i32>(type, 4)
  if (line + (p - start) + nameOf + LINE_BYTES > linesEnd) return false
  const first = line
  copyText(first, texts + LINE_ID, 7)
  let q = first + 7
  q = put(q, idFrom, idTo)
  copyText(q, texts + LINE_TYPE, 10)
  q += 10
  q = put(q, <usize>load<i32>(type), <usize>load<i32>(type) + nameOf)
  copyText(q, texts + LINE_OCCURRED_AT, 15)
  q = writeInstant(q + 15, corrected)
  let keyAt = first + 7
  let keyStop = keyAt + (idTo - idFrom)
  if (anonymousFrom != 0 || userFrom != 0) {
    if (userFrom != 0) {
      copyText(q, texts + LINE_USER_ID, 11)
      keyAt = q + 11
      q = keyStop = put(keyAt, userFrom, userTo)
      store<u8>(q++, 34)
    }
    if (anonymousFrom != 0) {
      copyText(q, texts + LINE_ANONYMOUS_ID, 16)
      const at = q + 16
      q = put(at, anonymousFrom, anonymousTo)
      if (userFrom == 0) {
        keyAt = at
        keyStop = q
      }
      store<u8>(q++, 34)
    }
  }
  copyText(q, texts + LINE_PROPERTIES, 14)
  q = put(q + 14, propertiesFrom, propertiesTo)
  let flags: i32 = 0
  if (contextFrom != 0) {
    const cut = q
    copyText(q, texts + LINE_CONTEXT, 11)
    q = put(q + 11, contextFrom, contextTo)
    if (isSealable) {
      // Nobody is named whose key could be taken.
      if (userFrom == 0 && anonymousFrom == 0) return false
      const moved = cut + 11 - contextFrom
      storeContext(row, cut + 11, q, cut, q, clientFrom == 0 ? 0 : clientFrom + moved, clientFrom == 0 ? 0 : clientTo + moved)
      flags = HAS_CONTEXT
      flagsSeen |= flags
    }
  }
  store<u8>(q++, 125)
  line = q
  store<i32>(row, <i32>(first - input))
  store<i32>(row, <i32>(q - input), 4)
  store<i32>(row, <i32>(first + 7 - input), 8)
  store<i32>(row, <i32>(first + 7 + (idTo - idFrom) - input), 12)
  store<i32>(row, <i32>(keyAt - input), 16)
  store<i32>(row, <i32>(keyStop - input), 20)
  store<i32>(row, load<i32>(type, 20), 24)
  store<i32>(row, flags, 28)
  store<f64>(row, corrected, 32)
  fingerprint(row, idFrom, idTo, load<u32>(type, 16))
  return true
}

/** May read and write up to 15 bytes more; gives where it ends. */
@inline function put(at: usize, start: usize, stop: usize): usize {
  copyText(at, start, stop - start)
  return at + (stop - start)
}

/** A member that nobody reads: its name must be none of the others', nor one that is read. */
function other(index: usize): bool {
  if (p >= end || load<u8>(p) != 34 || !text()) return false
  const size = to - from
  const count = load<i32>(messageFields)
  for (let i = 0; i < count; i++) {
    const field = messageFields + 12 + <usize>i * FIELD
    if (<usize>load<i32>(field, 4) == size + 3 && same(from, <usize>load<i32>(field) + 1, size)) return false
  }
  for (let i: usize = 0; i < index; i++) {
    const key = keyStack + (i << 3)
    if (<usize>load<i32>(key, 4) == size && same(from, <usize>load<i32>(key), size)) return false
  }
  store<i32>(keyStack + (index << 3), <i32>from)
  store<i32>(keyStack + (index << 3), <i32>size, 4)
  space()
  if (p >= end || load<u8>(p) != 58) return false
  p++
  space()
  return value(1)
}

/** Sets `type` to where an event called like the last string lands: "Track Ended" and "trackEnded" at "track-ended", as `toKebabCase` says. */
function findNamed(): bool {
  const size = to - from
  if (nameSize == size && same(from, nameFrom, size)) return true
  if (size > MAX_NAME) return false
  const first = from
  const stop = to
  // Behind the deepest keys, which no value reaches.
  const name = keyStack + 31 * 256
  let q = name
  let before: i32 = 0
  for (let at = first; at < stop; at++) {
    const c = <i32>load<u8>(at)
    if (c > 126) return false
    const isUpper = c >= 65 && c <= 90
    const isLower = (c >= 97 && c <= 122) || (c >= 48 && c <= 57)
    if (isUpper || isLower || c == 46) {
      if (before == GAP || (before == LOWER && isUpper)) store<u8>(q++, 45)
      store<u8>(q++, <u8>(isUpper ? c + 32 : c))
      before = isLower ? LOWER : OTHER
    } else if (q != name) before = GAP
  }
  setText(name, q)
  type = q == name ? 0 : findType()
  nameFrom = first
  nameSize = type == 0 ? 0 : size
  return type != 0
}

/** Kinds of characters. */
const OTHER: i32 = 0
const LOWER: i32 = 1
const GAP: i32 = 2
