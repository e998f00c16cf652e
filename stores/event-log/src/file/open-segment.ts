// Segments found on disk. The last one of a partition may have a torn tail, which is cut off; damage of what was acknowledged never is.
import { join } from 'node:path'
import type { OpenFile } from '@rondo/files'
import { errors } from '../errors.ts'
import { FRAME_MAGIC_BYTES, findFrameHeader, isFrameWhole } from './frame.ts'
import { findSegmentHeader, SEGMENT_HEADER_BYTES } from './segment-header.ts'
import { scanFrames } from './scan-frames.ts'
import { addFrame, toEmptyFacts, toSegment, type Segment, type SegmentFacts, type SegmentFile, type SegmentFiles } from './segment.ts'

/**
 * The last segment, read through from where its facts end. Undefined when a crash came before its own header was durable: then it holds
 * nothing. Throws `LOG_CORRUPT`, `NEWER_LOG`.
 */
export async function recoverSegment(files: SegmentFiles, { name, baseOffset, facts }: SegmentFile): Promise<Segment | undefined> {
  const path = join(files.folder, name)
  return files.handles.use(path, async (file) => {
    const sizeBytes = await file.size()
    const header = findSegmentHeader(await readHeader(file), baseOffset, path)
    if (header === undefined && sizeBytes <= SEGMENT_HEADER_BYTES) return undefined
    const { salt, version } = requireHeader(header, path)
    const segment = toSegment(files, path, baseOffset, version, chooseFacts(path, baseOffset, sizeBytes, salt, facts))
    const range = { fromPosition: segment.durableBytes, fromOffset: segment.end, toPosition: sizeBytes, salt: segment.salt }
    const { position } = await scanFrames(file, range, true, (header, at) => {
      addFrame(segment, header, at)
      return true
    })
    if (position < sizeBytes) {
      await checkTail(file, path, position, sizeBytes, segment.salt)
      await file.truncate(position)
    }
    // A process that was killed may have written a header or frames that are not synced: whoever builds on them must find them for ever.
    const isAsNoted = facts?.salt === salt && facts?.durableBytes === sizeBytes
    if (!isAsNoted) await file.dataSync()
    segment.durableBytes = position
    return segment
  })
}

/** A segment that another one follows: all its frames up to `end` were acknowledged. Checksums are left to its readers. */
export async function openClosedSegment(files: SegmentFiles, { name, baseOffset, facts }: SegmentFile, end: number): Promise<Segment> {
  const path = join(files.folder, name)
  return files.handles.use(path, async (file) => {
    const sizeBytes = await file.size()
    const { salt, version } = requireHeader(findSegmentHeader(await readHeader(file), baseOffset, path), path)
    const segment = toSegment(files, path, baseOffset, version, chooseFacts(path, baseOffset, sizeBytes, salt, facts))
    const range = { fromPosition: segment.durableBytes, fromOffset: segment.end, toPosition: sizeBytes, salt: segment.salt }
    const stopped = await scanFrames(file, range, false, (header, position) => {
      if (header.firstOffset >= end) return false
      addFrame(segment, header, position)
      return true
    })
    if (segment.end !== end) throw errors.corrupt({ path, position: stopped.position, reason: `records ${segment.end} to ${end - 1} are missing` })
    segment.durableBytes = stopped.position
    return segment
  })
}

function requireHeader<Header>(header: Header | undefined, path: string): Header {
  if (header === undefined) throw errors.corrupt({ path, position: 0, reason: 'its header is not that of a segment' })
  return header
}

/** Facts of another file under the same name are none; a file that is shorter than it was known to be is damaged. */
function chooseFacts(path: string, baseOffset: number, sizeBytes: number, salt: number, facts: SegmentFacts | undefined): SegmentFacts {
  if (facts?.salt !== salt) return toEmptyFacts(baseOffset, salt)
  if (facts.durableBytes > sizeBytes) throw errors.corrupt({ path, position: sizeBytes, reason: `it ends there, but had ${facts.durableBytes} bytes` })
  return facts
}

/** Throws when a good frame beyond `position` proves that the bytes at `position` were synced before it was written. */
async function checkTail(file: OpenFile, path: string, position: number, sizeBytes: number, salt: number): Promise<void> {
  const tail = Buffer.allocUnsafe(sizeBytes - position)
  await file.read(tail, position)
  for (let at = tail.indexOf(FRAME_MAGIC_BYTES, 1); at >= 0; at = tail.indexOf(FRAME_MAGIC_BYTES, at + 1)) {
    const header = findFrameHeader(tail, at)
    if (header && header.durableBytes > position && isFrameWhole(tail, at, header, salt)) {
      throw errors.corrupt({ path, position, reason: `the frame there is broken, but record ${header.firstOffset} behind it is whole` })
    }
  }
}

async function readHeader(file: OpenFile): Promise<Buffer> {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES)
  return bytes.subarray(0, await file.read(bytes, 0))
}
