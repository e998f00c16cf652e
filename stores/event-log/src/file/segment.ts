// One file of a partition: consecutive records from its base offset on.
import { join } from 'node:path'
import { findErrno, type FileSystem, type SyncFolder } from '@rondo/files'
import { errors } from '../errors.ts'
import type { FrameHeader } from './frame.ts'
import type { AppendTarget } from './group-commit.ts'
import type { HandlePool } from './handle-pool.ts'
import { encodeSegmentHeader, NEWEST, SEGMENT_HEADER_BYTES, type SegmentVersion } from './segment-header.ts'
import { scanFrames } from './scan-frames.ts'
import { createSparseIndex, type SparseIndex } from './sparse-index.ts'

/** What is known of the frames of a segment up to a position. */
export type SegmentFacts = {
  salt: number
  durableBytes: number
  /** Offset after the last durable record. */
  end: number
  /** Timestamp of the first frame; undefined without any. */
  firstTimestampMs: number | undefined
  /** Largest of all; -Infinity without any. */
  maxTimestampMs: number
}

export type Segment = AppendTarget &
  SegmentFacts & {
    readonly baseOffset: number
    /** 2: it takes packed frames. */
    readonly version: SegmentVersion
    /** Of all frames, or of the last ones: see `getIndex`. */
    index: SparseIndex
  }

/** A segment on disk whose content was not looked at yet; `facts` were true of its head at some time. */
export type SegmentFile = { name: string; baseOffset: number; facts?: SegmentFacts | undefined }

export type SegmentFiles = { fileSystem: FileSystem; handles: HandlePool; syncFolder: SyncFolder; folder: string }

/** A segment of which `facts` are known, and no index before them. */
export function toSegment(files: SegmentFiles, path: string, baseOffset: number, version: SegmentVersion, facts: SegmentFacts): Segment {
  return {
    ...facts,
    baseOffset,
    version,
    path,
    use: (work) => files.handles.use(path, work),
    isTailUnknown: false,
    index: createSparseIndex({ offset: facts.end, position: facts.durableBytes }, facts.maxTimestampMs),
  }
}

export function toEmptyFacts(baseOffset: number, salt: number): SegmentFacts {
  return { salt, durableBytes: SEGMENT_HEADER_BYTES, end: baseOffset, firstTimestampMs: undefined, maxTimestampMs: -Infinity }
}

/** Makes an empty segment, durable with its name. What a failed attempt left under the name is replaced. */
export async function createSegment(files: SegmentFiles, name: string, baseOffset: number, salt: number): Promise<Segment> {
  const path = join(files.folder, name)
  await files.handles.run(async () => {
    const file = await files.fileSystem.open(path, 'wx+').catch((error: unknown) => {
      if (findErrno(error) !== 'EEXIST') throw error
      return files.fileSystem.open(path, 'r+')
    })
    try {
      await file.truncate(0)
      await file.writev([encodeSegmentHeader(baseOffset, salt)], 0)
      await file.dataSync()
    } finally {
      await file.close()
    }
    await files.syncFolder(files.folder)
  })
  return toSegment(files, path, baseOffset, NEWEST, toEmptyFacts(baseOffset, salt))
}

/** A frame at `position` is durable: the facts but `durableBytes` take it in. */
export function addFrame(segment: Segment, frame: Pick<FrameHeader, 'firstOffset' | 'count' | 'timestampMs'>, position: number): void {
  segment.index.add(frame, position)
  segment.end = frame.firstOffset + frame.count
  segment.firstTimestampMs ??= frame.timestampMs
  segment.maxTimestampMs = Math.max(segment.maxTimestampMs, frame.timestampMs)
}

/** An index that is good enough, else one of the whole segment, read from its frame headers. Throws `LOG_CORRUPT`. */
export async function getIndex(segment: Segment, isEnough: (index: SparseIndex) => boolean): Promise<SparseIndex> {
  if (isEnough(segment.index)) return segment.index
  const start = { offset: segment.baseOffset, position: SEGMENT_HEADER_BYTES }
  const whole = createSparseIndex(start, -Infinity)
  let at = start
  // Appends go on meanwhile; the last look awaits nothing before the index is in its place.
  while (at.position < segment.durableBytes) {
    const range = { fromPosition: at.position, fromOffset: at.offset, toPosition: segment.durableBytes, salt: segment.salt }
    at = await segment.use((file) =>
      scanFrames(file, range, false, (header, position) => {
        whole.add(header, position)
        return true
      }),
    )
    if (at.position < range.toPosition) throw errors.corrupt({ path: segment.path, position: at.position, reason: `no frame of record ${at.offset} begins there` })
  }
  segment.index = whole
  return whole
}
