// After a crash: the last segment of a partition is read through, its torn tail cut off. Damage of what was acknowledged is never cut off silently.
import { join } from 'node:path'
import type { OpenFile } from '@rondo/files'
import { errors } from '../errors.ts'
import { FRAME_MAGIC_BYTES, findFrameHeader, isFrameWhole } from './frame.ts'
import { findSegmentSalt, SEGMENT_HEADER_BYTES } from './segment-header.ts'
import { scanFrames } from './scan-frames.ts'
import { addToIndex, readHeader, toSegment, type Segment, type SegmentFile, type SegmentFiles } from './segment.ts'

/** Undefined when the crash came before the segment's own header was durable: then it holds nothing. Throws `LOG_CORRUPT`, `NEWER_LOG`. */
export async function recoverSegment(files: SegmentFiles, { name, baseOffset }: SegmentFile): Promise<Segment | undefined> {
  const path = join(files.folder, name)
  return files.handles.use(path, async (file) => {
    const sizeBytes = await file.size()
    const salt = findSegmentSalt(await readHeader(file), baseOffset, path)
    if (salt === undefined) {
      if (sizeBytes <= SEGMENT_HEADER_BYTES) return undefined
      throw errors.corrupt({ path, position: 0, reason: 'its header is not that of a segment' })
    }
    const segment = toSegment(files, path, { baseOffset, end: baseOffset, durableBytes: SEGMENT_HEADER_BYTES, salt })
    const range = { fromPosition: SEGMENT_HEADER_BYTES, fromOffset: baseOffset, toPosition: sizeBytes, salt }
    const { position, offset } = await scanFrames(file, range, true, (header, at) => {
      addToIndex(segment, header, at)
      return true
    })
    segment.end = offset
    segment.durableBytes = position
    if (position === sizeBytes) return segment
    await checkTail(file, path, position, sizeBytes, salt)
    await file.truncate(position)
    await file.dataSync()
    return segment
  })
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
