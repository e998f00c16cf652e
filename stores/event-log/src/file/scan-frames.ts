// Walking the frames of a segment file from one position on.
import type { OpenFile } from '@rondo/files'
import { FRAME_HEADER_BYTES, findFrameHeader, isFrameWhole, type FrameHeader } from './frame.ts'

const CHUNK_BYTES = 1024 * 1024

export type ScanRange = { fromPosition: number; fromOffset: number; toPosition: number; salt: number }

/**
 * Calls `visit` for each frame until it returns false, `toPosition` is reached, or what follows is no whole frame with the next offset.
 * With `isVerified` false, checksums are not computed: for bytes that were verified before. Gives the place after the last good frame.
 */
export async function scanFrames(file: OpenFile, range: ScanRange, isVerified: boolean, visit: (header: FrameHeader, position: number) => boolean): Promise<{ position: number; offset: number }> {
  let position = range.fromPosition
  let offset = range.fromOffset
  let wantedBytes = CHUNK_BYTES
  while (position + FRAME_HEADER_BYTES <= range.toPosition) {
    const chunk = Buffer.allocUnsafe(Math.min(wantedBytes, range.toPosition - position))
    const bytes = chunk.subarray(0, await file.read(chunk, position))
    let at = 0
    wantedBytes = CHUNK_BYTES
    while (true) {
      const header = findFrameHeader(bytes, at)
      if (!header) {
        if (at > 0 && bytes.byteLength - at < FRAME_HEADER_BYTES && position + at + FRAME_HEADER_BYTES <= range.toPosition) break
        return { position: position + at, offset }
      }
      const frameBytes = FRAME_HEADER_BYTES + header.bodyBytes
      const isInside = position + at + frameBytes <= range.toPosition
      if (!isInside || header.firstOffset !== offset || header.count < 1) return { position: position + at, offset }
      if (isVerified && at + frameBytes > bytes.byteLength) {
        if (at === 0 && chunk.byteLength >= frameBytes) return { position, offset }
        wantedBytes = Math.max(CHUNK_BYTES, frameBytes)
        break
      }
      if (isVerified && !isFrameWhole(bytes, at, header, range.salt)) return { position: position + at, offset }
      if (!visit(header, position + at)) return { position: position + at, offset }
      offset += header.count
      at += frameBytes
      if (at >= bytes.byteLength) break
    }
    position += at
  }
  return { position, offset }
}
