// The codec of a packed block on disk: a frame like any other (frame.ts), whose body begins with what cannot be the bytes of keys.
//
//   body   := 0xffffffff u32 | encodingBytes u32 | encoding (ASCII) | packed body
//
// Only segments of version 2 have such frames, so that older programs leave them alone. Header, checksum, offsets and times are those of every frame.
import { errors } from '../errors.ts'
import type { Expanders, PackedBlock, StoredRecord } from '../port.ts'
import { computeKeyUnits } from '../record-block.ts'
import { beginFrame, FRAME_HEADER_BYTES, type FrameHeader, type TakeBuffer } from './frame.ts'

const PACKED = 0xffffffff

/** As `encodeFrame`. */
export function encodePackedFrame({ encoding, count, body }: PackedBlock, timestampMs: number, take: TakeBuffer): Buffer {
  const frame = beginFrame(take, count, timestampMs, 8 + encoding.length + body.byteLength)
  let at = FRAME_HEADER_BYTES
  at = frame.writeUInt32LE(PACKED, at)
  at = frame.writeUInt32LE(encoding.length, at)
  at += frame.write(encoding, at, 'latin1')
  frame.set(body, at)
  return frame
}

export function isPackedFrame(bytes: Buffer, at: number): boolean {
  return bytes.readUInt32LE(at + FRAME_HEADER_BYTES) === PACKED
}

/** As `decodeFrame`; values are views of what was expanded. `path` and `position` of the frame are for the words of errors: throws `RECORD_ENCODING_UNKNOWN`, `LOG_CORRUPT`. */
export function expandFrame(
  bytes: Buffer,
  at: number,
  { bodyBytes, count, firstOffset, timestampMs }: FrameHeader,
  fromOffset: number,
  limits: { maxRecords: number; bytesLeft: number },
  into: StoredRecord[],
  { expanders, path, position }: { expanders: Expanders; path: string; position: number },
): boolean {
  const room = limits.maxRecords - into.length
  if (room <= 0) return false
  const encodingAt = at + FRAME_HEADER_BYTES + 8
  const bodyAt = encodingAt + bytes.readUInt32LE(encodingAt - 4)
  const encoding = bytes.toString('latin1', encodingAt, bodyAt)
  const expand = Object.hasOwn(expanders, encoding) ? expanders[encoding] : undefined
  if (expand === undefined) {
    // What lies before them is given first.
    if (into.length > 0) return false
    throw errors.encodingUnknown({ what: `Records ${firstOffset} to ${firstOffset + count - 1} in "${path}" are`, encoding, known: Object.keys(expanders) })
  }
  const body = bytes.subarray(bodyAt, at + FRAME_HEADER_BYTES + bodyBytes)
  const from = Math.max(0, fromOffset - firstOffset)
  let block
  try {
    block = expand(body, count, from, { maxRecords: Math.min(count - from, room), maxBytes: Math.max(1, limits.bytesLeft) })
  } catch (cause) {
    throw errors.corrupt({ path, position, reason: `its records, packed as "${encoding}", cannot be read (${cause instanceof Error ? cause.message : String(cause)})` }, cause)
  }
  const { values, valueBytes } = block
  const keyUnits = computeKeyUnits(block)
  const keys = Buffer.from(block.keys.buffer, block.keys.byteOffset, block.keys.byteLength).toString('utf8')
  let keyAt = 0
  let valueAt = 0
  for (let index = 0; index < valueBytes.length; index += 1) {
    const keyTo = keyAt + (keyUnits[index] as number)
    const valueTo = valueAt + (valueBytes[index] as number)
    const sizeBytes = valueTo - valueAt + keyTo - keyAt
    if (into.length > 0 && sizeBytes > limits.bytesLeft) return false
    limits.bytesLeft -= sizeBytes
    into.push({ key: keys.slice(keyAt, keyTo), value: values.subarray(valueAt, valueTo), offset: firstOffset + from + index, timestampMs })
    keyAt = keyTo
    valueAt = valueTo
  }
  return from + valueBytes.length === count
}
