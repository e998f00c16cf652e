// The codec of one append batch on disk. A torn or foreign frame never decodes.
//
//   frame  := magic u32 "RLF1" | crc u32 | bodyBytes u32 | count u32 | firstOffset f64 | timestampMs f64 | durableBytes f64 | body
//   body   := keysBytes u32 | headersBytes u32 | keyUnits u32 × count | valueBytes u32 × count | keys | headers | values
//   crc    := CRC-32 (ISO 3309, as zlib) of everything after itself, started with the segment's salt
//   keys   := UTF-8 of all keys joined; keyUnits are UTF-16 lengths. headers := JSON array of one object or 0 a record, nothing when none has any.
//
// The body of a packed block is in packed-frame.ts. All numbers are little-endian. `durableBytes` is how much of the file was synced when the frame was written: a bad frame below the
// `durableBytes` of a later good one was acknowledged once, so it is damage; above all of them it is the torn tail of a crash.
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import type { LogRecord, RecordBlock, StoredRecord } from '../port.ts'
import { computeKeyUnits } from '../record-block.ts'

export const FRAME_HEADER_BYTES = 40
const MAGIC = 0x31464c52
/** "RLF1", to search for. */
export const FRAME_MAGIC_BYTES = Buffer.from('RLF1', 'latin1')
const CRC_FROM = 8
const IS_LITTLE_ENDIAN = endianness() === 'LE'

export type FrameHeader = { bodyBytes: number; count: number; firstOffset: number; timestampMs: number; durableBytes: number }

/** Gives at least so many bytes. */
export type TakeBuffer = (sizeBytes: number) => Buffer

/** The frame without what is only known when it is written: offset, durable bytes, checksum. */
export function encodeFrame(records: LogRecord[], timestampMs: number, take: TakeBuffer = Buffer.allocUnsafe): Buffer {
  const count = records.length
  const keys = count === 1 ? (records[0] as LogRecord).key : joinKeys(records)
  const headers = encodeHeaders(records)
  const keysBytes = Buffer.byteLength(keys)
  const headersBytes = Buffer.byteLength(headers)
  let valuesBytes = 0
  for (const record of records) valuesBytes += record.value.byteLength
  const frame = beginRecords(take, count, timestampMs, keysBytes, headersBytes, valuesBytes)
  let keyAt = FRAME_HEADER_BYTES + 8
  let sizeAt = keyAt + count * 4
  let at = sizeAt + count * 4
  at += frame.write(keys, at, 'utf8')
  if (headersBytes > 0) at += frame.write(headers, at, 'utf8')
  for (const record of records) {
    frame.writeUInt32LE(record.key.length, keyAt)
    frame.writeUInt32LE(record.value.byteLength, sizeAt)
    frame.set(record.value, at)
    keyAt += 4
    sizeAt += 4
    at += record.value.byteLength
  }
  return frame
}

/** The same frame of records that lie in columns: their bytes are copied as a whole. */
export function encodeBlockFrame(block: RecordBlock, timestampMs: number, take: TakeBuffer = Buffer.allocUnsafe): Buffer {
  const { keys, values, valueBytes } = block
  const frame = beginRecords(take, valueBytes.length, timestampMs, keys.byteLength, 0, values.byteLength)
  const keyUnits = computeKeyUnits(block)
  let at = FRAME_HEADER_BYTES + 8
  for (const column of [keyUnits, valueBytes]) {
    if (IS_LITTLE_ENDIAN) frame.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at)
    else for (const [index, size] of column.entries()) frame.writeUInt32LE(size, at + index * 4)
    at += column.byteLength
  }
  frame.set(keys, at)
  frame.set(values, at + keys.byteLength)
  return frame
}

function beginRecords(take: TakeBuffer, count: number, timestampMs: number, keysBytes: number, headersBytes: number, valuesBytes: number): Buffer {
  const frame = beginFrame(take, count, timestampMs, 8 + count * 8 + keysBytes + headersBytes + valuesBytes)
  frame.writeUInt32LE(keysBytes, FRAME_HEADER_BYTES)
  frame.writeUInt32LE(headersBytes, FRAME_HEADER_BYTES + 4)
  return frame
}

/** A frame whose body is still to be written. */
export function beginFrame(take: TakeBuffer, count: number, timestampMs: number, bodyBytes: number): Buffer {
  const frame = take(FRAME_HEADER_BYTES + bodyBytes).subarray(0, FRAME_HEADER_BYTES + bodyBytes)
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt32LE(bodyBytes, 8)
  frame.writeUInt32LE(count, 12)
  frame.writeDoubleLE(timestampMs, 24)
  return frame
}

/** Completes a frame in place. */
export function sealFrame(frame: Buffer, firstOffset: number, durableBytes: number, salt: number): void {
  frame.writeDoubleLE(firstOffset, 16)
  frame.writeDoubleLE(durableBytes, 32)
  frame.writeUInt32LE(crc32(frame.subarray(CRC_FROM), salt), 4)
}

/** What the header at `at` says, unchecked; undefined when no frame begins there. */
export function findFrameHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.byteLength || bytes.readUInt32LE(at) !== MAGIC) return undefined
  return {
    bodyBytes: bytes.readUInt32LE(at + 8),
    count: bytes.readUInt32LE(at + 12),
    firstOffset: bytes.readDoubleLE(at + 16),
    timestampMs: bytes.readDoubleLE(at + 24),
    durableBytes: bytes.readDoubleLE(at + 32),
  }
}

/** The whole frame lies in `bytes` and its checksum holds. */
export function isFrameWhole(bytes: Buffer, at: number, header: FrameHeader, salt: number): boolean {
  const end = at + FRAME_HEADER_BYTES + header.bodyBytes
  return end <= bytes.byteLength && crc32(bytes.subarray(at + CRC_FROM, end), salt) === bytes.readUInt32LE(at + 4)
}

/** Appends records from `fromOffset` on to `into` until a limit is met; false when one was. Values are views of `bytes`. The frame is whole. */
export function decodeFrame(bytes: Buffer, at: number, header: FrameHeader, fromOffset: number, limits: { maxRecords: number; bytesLeft: number }, into: StoredRecord[]): boolean {
  const { count, firstOffset, timestampMs } = header
  const body = at + FRAME_HEADER_BYTES
  const keysBytes = bytes.readUInt32LE(body)
  const headersBytes = bytes.readUInt32LE(body + 4)
  const keyUnitsAt = body + 8
  const valueBytesAt = keyUnitsAt + count * 4
  const keysAt = valueBytesAt + count * 4
  const headersAt = keysAt + keysBytes
  const keys = bytes.toString('utf8', keysAt, headersAt)
  const headers = headersBytes === 0 ? undefined : (JSON.parse(bytes.toString('utf8', headersAt, headersAt + headersBytes)) as (Record<string, string> | 0)[])
  const memory = bytes.buffer
  let valueAt = bytes.byteOffset + headersAt + headersBytes
  let keyAt = 0
  for (let index = 0; index < count; index += 1) {
    const keyUnits = bytes.readUInt32LE(keyUnitsAt + index * 4)
    const valueBytes = bytes.readUInt32LE(valueBytesAt + index * 4)
    if (firstOffset + index >= fromOffset) {
      const sizeBytes = valueBytes + keyUnits
      if (into.length >= limits.maxRecords || (into.length > 0 && sizeBytes > limits.bytesLeft)) return false
      limits.bytesLeft -= sizeBytes
      const record: StoredRecord = { key: keys.slice(keyAt, keyAt + keyUnits), value: new Uint8Array(memory, valueAt, valueBytes), offset: firstOffset + index, timestampMs }
      const own = headers?.[index]
      if (own) record.headers = own
      into.push(record)
    }
    keyAt += keyUnits
    valueAt += valueBytes
  }
  return true
}

function joinKeys(records: LogRecord[]): string {
  let keys = ''
  for (const record of records) keys += record.key
  return keys
}

function encodeHeaders(records: LogRecord[]): string {
  let has = false
  for (const { headers } of records) {
    if (headers === undefined) continue
    for (const _ in headers) has = true
    if (has) break
  }
  if (!has) return ''
  return JSON.stringify(records.map(({ headers }) => (headers && Object.keys(headers).length > 0 ? headers : 0)))
}
