// From a packed block to the records that it stands for; the grammar is in packed-columns.ts. Needs no kernel: whatever was stored can be read everywhere.
import { toIso } from '@rondo/time'
import { decodePackedHead, type HeadSegment } from './packed-columns.ts'

type Limits = { maxRecords: number; maxBytes: number }
type Block = { keys: Uint8Array; keyBytes: Uint32Array; values: Uint8Array; valueBytes: Uint32Array }

const [EMPTY, TEXTS, UUIDS, PLACES, INTEGERS] = [0, 1, 2, 3, 4] as const
const HEAD_BYTES = 12
const FIRST_ROW_BYTES = 512
/** "-9007199254740991". */
const MAX_INTEGER_BYTES = 17
const [ZERO, MINUS, QUOTE, COMMA_BYTES] = [48, 45, 34, 1] as const
const HEX = Buffer.from('0123456789abcdef', 'latin1')

/** A section of a block. `at` of texts: where the text of the next row begins. */
type Column = {
  form: number
  width: number
  bytes: Buffer
  /** Where null marks lie; -1 without any. */
  nullsAt: number
  /** Where data of a fixed width, or lengths, lie. */
  dataAt: number
  shared: Buffer
  at: number
  /** Of entries, one more than there are. */
  starts: Uint32Array
  textsAt: number
  least: number
  longest: number
}

type Writer = HeadSegment & { column: Column | undefined }

/** As `Expand` of the log says: records from `from` on, until a limit is met. Throws for a body that is not whole. */
export function expandColumns(given: Uint8Array, count: number, from: number, limits: Limits): Block {
  const body = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const { segments, end } = decodePackedHead(body)
  let at = end
  const writers = segments.map((segment): Writer => {
    if (segment.role === undefined) return { ...segment, column: undefined }
    const size = body.readUInt32LE(at + 4)
    const section = body.subarray(at, at + HEAD_BYTES + size)
    if (section.byteLength < HEAD_BYTES + size) throw new Error(`a section at byte ${at} ends too late`)
    at += HEAD_BYTES + size
    return { ...segment, column: openSection(section, count, from) }
  })
  if (at !== body.byteLength) throw new Error(`it goes on at byte ${at}, behind its last section`)
  return writeRows(writers, count, from, limits)
}

function openSection(bytes: Buffer, count: number, from: number): Column {
  const [form = 0, width = 0, nulls = 0, sharedBytes = 0] = bytes
  const nullsAt = nulls === 0 ? -1 : HEAD_BYTES
  let at = HEAD_BYTES + (nulls === 0 ? 0 : (count + 7) >> 3)
  const column: Column = { form, width, bytes, nullsAt, dataAt: at, shared: bytes.subarray(at, at + sharedBytes), at: 0, starts: NO_STARTS, textsAt: 0, least: 0, longest: 0 }
  const fits = (end: number): void => {
    if (end !== bytes.byteLength) throw new Error(`a section of form ${form} has ${bytes.byteLength} bytes, not ${end}`)
  }
  if (form === EMPTY) fits(HEAD_BYTES)
  else if (form === TEXTS) {
    at += sharedBytes
    column.dataAt = at
    column.at = at + count * width
    if (column.at > bytes.byteLength) fits(column.at)
    let total = column.at
    for (let row = 0; row < count; row += 1) {
      const length = readWidth(bytes, at + row * width, width)
      if (row === from) column.at = total
      total += length
      if (length > column.longest) column.longest = length
    }
    fits(total)
    column.longest += sharedBytes
  } else if (form === UUIDS) {
    fits(at + count * 16)
    column.longest = 36
  } else if (form === PLACES) {
    const entries = bytes.readUInt32LE(8)
    column.textsAt = at + entries * 2
    if (column.textsAt > bytes.byteLength) fits(column.textsAt)
    column.starts = new Uint32Array(entries + 1)
    let total = column.textsAt
    for (let entry = 0; entry < entries; entry += 1) {
      const length = bytes.readUInt16LE(at + entry * 2)
      column.starts[entry] = total
      total += length
      if (length > column.longest) column.longest = length
    }
    column.starts[entries] = total
    column.dataAt = total
    fits(total + count * width)
  } else if (form === INTEGERS) {
    column.least = Number(bytes.readBigInt64LE(at))
    column.dataAt = at + 8
    fits(at + 8 + count * width)
    column.longest = MAX_INTEGER_BYTES
  } else throw new Error(`a section has the form ${form}`)
  return column
}

const NO_STARTS = new Uint32Array(1)

function readWidth(bytes: Buffer, at: number, width: number): number {
  if (width === 1) return bytes[at] as number
  if (width === 2) return (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
  if (width === 0) return 0
  return ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)) + (bytes[at + 3] as number) * 0x1000000
}

function writeRows(writers: Writer[], count: number, from: number, { maxRecords, maxBytes }: Limits): Block {
  const most = Math.min(count - from, maxRecords)
  const valueBytes = new Uint32Array(most)
  const keyBytes = new Uint32Array(most)
  // Room for a row of the longest values of all; grown by what is not known before.
  const rowBytes = writers.reduce((sum, { prefix, column }) => sum + prefix.byteLength + (column === undefined ? 0 : column.longest + 16), 0)
  const keyLength = writers.reduce((longest, { role, column }) => (role === 'userId' || role === 'anonymousId' || role === 'id' ? Math.max(longest, column?.longest ?? 0) : longest), 0)
  let values: Buffer = Buffer.allocUnsafe(Math.min(most * rowBytes, maxBytes + rowBytes, most * FIRST_ROW_BYTES + rowBytes))
  let keys: Buffer = Buffer.allocUnsafe(Math.min(most, 64) * keyLength + keyLength)
  let at = 0
  let keyAt = 0
  let taken = 0
  for (; taken < most && (taken === 0 || at + keyAt < maxBytes); taken += 1) {
    const row = from + taken
    if (at + rowBytes > values.byteLength) values = grow(values, at, rowBytes)
    if (keyAt + keyLength > keys.byteLength) keys = grow(keys, keyAt, keyLength)
    const start = at
    let comma = 0
    let [idAt, idEnd, userAt, userEnd] = [0, 0, 0, 0]
    for (let i = 0; i < writers.length; i += 1) {
      const { prefix, column, role, form, isOpening } = writers[i] as Writer
      if (column !== undefined && !hasValue(column, row)) continue
      for (let p = column === undefined ? 0 : comma; p < prefix.length; p += 1) values[at++] = prefix[p] as number
      comma = isOpening ? COMMA_BYTES : 0
      if (column === undefined) continue
      if (form !== 'text') {
        at = writeValue(column, row, form, values, at)
        continue
      }
      values[at] = QUOTE
      const end = writeText(column, row, values, at + 1)
      values[end] = QUOTE
      if (role === 'id') [idAt, idEnd] = [at + 1, end]
      else if (role === 'userId' || (role === 'anonymousId' && userAt === 0)) [userAt, userEnd] = [at + 1, end]
      at = end + 1
    }
    if (userAt === 0) [userAt, userEnd] = [idAt, idEnd]
    for (let p = userAt; p < userEnd; p += 1) keys[keyAt++] = values[p] as number
    valueBytes[taken] = at - start
    keyBytes[taken] = userEnd - userAt
  }
  return { keys: keys.subarray(0, keyAt), keyBytes: keyBytes.subarray(0, taken), values: values.subarray(0, at), valueBytes: valueBytes.subarray(0, taken) }
}

function grow(full: Buffer, used: number, least: number): Buffer {
  const larger = Buffer.allocUnsafe(full.byteLength * 2 + least)
  larger.set(full.subarray(0, used))
  return larger
}

function hasValue({ form, nullsAt, bytes }: Column, row: number): boolean {
  if (form === EMPTY) return false
  return nullsAt < 0 || (((bytes[nullsAt + (row >> 3)] as number) >> (row & 7)) & 1) !== 0
}

/** Gives where it ends. Rows are written in their order. */
function writeText(column: Column, row: number, into: Buffer, to: number): number {
  const { bytes, width, dataAt } = column
  let at = to
  if (column.form === TEXTS) {
    const { shared } = column
    for (let p = 0; p < shared.length; p += 1) into[at++] = shared[p] as number
    const end = column.at + readWidth(bytes, dataAt + row * width, width)
    for (let p = column.at; p < end; p += 1) into[at++] = bytes[p] as number
    column.at = end
  } else if (column.form === PLACES) {
    const place = readWidth(bytes, dataAt + row * width, width)
    const from = column.starts[place] as number
    const end = column.starts[place + 1]
    if (end === undefined) throw new Error(`a row has entry ${place} of ${column.starts.length - 1}`)
    for (let p = from; p < end; p += 1) into[at++] = bytes[p] as number
  } else if (column.form === UUIDS) {
    const from = dataAt + row * 16
    for (let p = 0; p < 16; p += 1) {
      if (p === 4 || p === 6 || p === 8 || p === 10) into[at++] = MINUS
      const byte = bytes[from + p] as number
      into[at] = HEX[byte >> 4] as number
      into[at + 1] = HEX[byte & 15] as number
      at += 2
    }
  } else throw new Error(`texts lie in a section of form ${column.form}`)
  return at
}

function writeValue(column: Column, row: number, form: string | undefined, into: Buffer, to: number): number {
  if (form === 'bare') return writeText(column, row, into, to)
  if (column.form !== INTEGERS) throw new Error(`numbers lie in a section of form ${column.form}`)
  const { bytes, dataAt, width, least } = column
  const value = width === 8 ? Number(BigInt(least) + bytes.readBigUInt64LE(dataAt + row * 8)) : least + readWidth(bytes, dataAt + row * width, width)
  if (form === 'integer') return writeInteger(value, into, to)
  const text = form === 'instant' ? `"${toIso(value)}"` : value === 0 ? 'false' : 'true'
  return to + into.write(text, to, 'latin1')
}

/** Of a safe integer. */
function writeInteger(value: number, into: Buffer, to: number): number {
  let at = to
  let left = value
  if (left < 0) {
    into[at++] = MINUS
    left = -left
  }
  let digits = 1
  for (let bound = 10; left >= bound; bound *= 10) digits += 1
  for (let p = at + digits - 1; p >= at; p -= 1) {
    const rest = Math.floor(left / 10)
    into[p] = ZERO + (left - rest * 10)
    left = rest
  }
  return at + digits
}
