// Records of one segment from an offset on: one read of the disk where it suffices, values as views of what was read.
import { errors } from '../errors.ts'
import type { ReadLimits } from '../partition-log.ts'
import type { Expanders, StoredRecord } from '../port.ts'
import { decodeFrame, findFrameHeader, FRAME_HEADER_BYTES, isFrameWhole } from './frame.ts'
import { expandFrame, isPackedFrame } from './packed-frame.ts'
import type { IndexEntry } from './sparse-index.ts'
import type { Segment } from './segment.ts'

const SLACK_BYTES = 128 * 1024

/** Where a following read goes on without the index. */
export type ReadResult = { records: StoredRecord[]; next: IndexEntry }

/** At least one record; `offset` lies in the segment, `start` at a frame at or before it. Every frame's checksum is verified; throws `LOG_CORRUPT`, `RECORD_ENCODING_UNKNOWN`. */
export async function readSegment(segment: Segment, start: IndexEntry, offset: number, limits: ReadLimits, expanders: Expanders): Promise<ReadResult> {
  const { path, salt, durableBytes } = segment
  const records: StoredRecord[] = []
  const left = { maxRecords: limits.maxRecords, bytesLeft: limits.maxBytes }
  const averageBytes = durableBytes / (segment.end - segment.baseOffset)
  let { position } = start
  let frameOffset = start.offset
  let wantedBytes = Math.min(limits.maxBytes, limits.maxRecords * averageBytes) + SLACK_BYTES
  while (position < durableBytes) {
    const bytes = await readBytes(segment, position, Math.min(wantedBytes, durableBytes - position))
    let at = 0
    while (at < bytes.byteLength) {
      const header = findFrameHeader(bytes, at)
      const frameBytes = header ? FRAME_HEADER_BYTES + header.bodyBytes : FRAME_HEADER_BYTES
      if (at + frameBytes > bytes.byteLength && position + bytes.byteLength < durableBytes) {
        if (records.length > 0) return { records, next: { offset: frameOffset, position: position + at } }
        wantedBytes = frameBytes + SLACK_BYTES
        break
      }
      if (!header || header.firstOffset !== frameOffset) throw errors.corrupt({ path, position: position + at, reason: `no frame of record ${frameOffset} begins there` })
      if (frameOffset + header.count > offset) {
        if (!isFrameWhole(bytes, at, header, salt)) throw errors.corrupt({ path, position: position + at, reason: 'a checksum does not hold' })
        const isWhole = isPackedFrame(bytes, at)
          ? expandFrame(bytes, at, header, offset, left, records, { expanders, path, position: position + at })
          : decodeFrame(bytes, at, header, offset, left, records)
        if (!isWhole) return { records, next: { offset: frameOffset, position: position + at } }
      }
      frameOffset += header.count
      at += frameBytes
    }
    position += at
    if (records.length >= limits.maxRecords || left.bytesLeft <= 0) break
  }
  return { records, next: { offset: frameOffset, position } }
}

async function readBytes(segment: Segment, position: number, sizeBytes: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.ceil(sizeBytes))
  const count = await segment.use((file) => file.read(bytes, position))
  if (count < bytes.byteLength) throw errors.corrupt({ path: segment.path, position: position + count, reason: 'the file ends too early' })
  return bytes
}
