// Where in a segment an offset or an instant is found: one entry about every 64 KiB.
import type { FrameHeader } from './frame.ts'

const SPACING_BYTES = 64 * 1024

export type SparseIndex = {
  /** It knows nothing of records before this offset … */
  readonly firstOffset: number
  /** … but the largest of their timestamps; -Infinity without any. */
  readonly maxTimestampBeforeMs: number
  /** The next frame of the segment, in order. */
  add(frame: Pick<FrameHeader, 'firstOffset' | 'timestampMs'>, position: number): void
  /** The frame to start looking from for `offset`. */
  findByOffset(offset: number): IndexEntry
  /** The frame to start looking from for the first one at or after `timestampMs`. Clocks go back: what counts is the maximum so far, which never falls. */
  findByTimestamp(timestampMs: number): IndexEntry
}

export type IndexEntry = { offset: number; position: number }

/** Of the frames from `start` on. */
export function createSparseIndex(start: IndexEntry, maxTimestampBeforeMs: number): SparseIndex {
  const offsets = [start.offset]
  const positions = [start.position]
  /** Largest timestamp before each entry. */
  const maximaBefore = [maxTimestampBeforeMs]
  let maxTimestampMs = maxTimestampBeforeMs
  const at = (index: number): IndexEntry => ({ offset: offsets[index] as number, position: positions[index] as number })
  return {
    firstOffset: start.offset,
    maxTimestampBeforeMs,
    add(header, position) {
      if (position - (positions.at(-1) as number) >= SPACING_BYTES) {
        offsets.push(header.firstOffset)
        positions.push(position)
        maximaBefore.push(maxTimestampMs)
      }
      if (header.timestampMs > maxTimestampMs) maxTimestampMs = header.timestampMs
    },
    findByOffset: (offset) => at(countWhile(offsets, (value) => value <= offset) - 1),
    findByTimestamp: (timestampMs) => at(countWhile(maximaBefore, (value) => value < timestampMs) - 1),
  }
}

/** Length of the head of `values` for which `holds` is true; at least 1 by how the index is made. */
function countWhile(values: number[], holds: (value: number) => boolean): number {
  let low = 1
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(values[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}
