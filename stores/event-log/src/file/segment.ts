// One file of a partition: consecutive records from its base offset on.
import { join } from 'node:path'
import { findErrno, type FileSystem, type SyncFolder } from '@rondo/files'
import { errors } from '../errors.ts'
import type { AppendTarget } from './group-commit.ts'
import type { HandlePool } from './handle-pool.ts'
import { encodeSegmentHeader, findSegmentSalt, SEGMENT_HEADER_BYTES } from './segment-header.ts'
import { scanFrames } from './scan-frames.ts'
import { createSparseIndex, type SparseIndex } from './sparse-index.ts'

export type Segment = AppendTarget & {
  readonly baseOffset: number
  /** Offset after its last durable record. */
  end: number
  salt: number
  index: SparseIndex
  /** Timestamp of its first frame; undefined without any. */
  firstTimestampMs: number | undefined
}

/** A segment on disk whose content was not looked at yet. */
export type SegmentFile = { name: string; baseOffset: number }

export type SegmentFiles = { fileSystem: FileSystem; handles: HandlePool; syncFolder: SyncFolder; folder: string }

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
  return toSegment(files, path, { baseOffset, end: baseOffset, durableBytes: SEGMENT_HEADER_BYTES, salt })
}

/** A segment that was closed: all its frames up to `end` were acknowledged. Checksums are left to its readers. */
export async function openClosedSegment(files: SegmentFiles, name: string, baseOffset: number, end: number): Promise<Segment> {
  const path = join(files.folder, name)
  return files.handles.use(path, async (file) => {
    const salt = findSegmentSalt(await readHeader(file), baseOffset, path)
    if (salt === undefined) throw errors.corrupt({ path, position: 0, reason: 'its header is not that of a segment' })
    const segment = toSegment(files, path, { baseOffset, end, durableBytes: await file.size(), salt })
    const range = { fromPosition: SEGMENT_HEADER_BYTES, fromOffset: baseOffset, toPosition: segment.durableBytes, salt }
    const stopped = await scanFrames(file, range, false, (header, position) => {
      if (header.firstOffset >= end) return false
      addToIndex(segment, header, position)
      return true
    })
    if (stopped.offset !== end) throw errors.corrupt({ path, position: stopped.position, reason: `records ${stopped.offset} to ${end - 1} are missing` })
    segment.durableBytes = stopped.position
    return segment
  })
}

export function toSegment(files: SegmentFiles, path: string, facts: { baseOffset: number; end: number; durableBytes: number; salt: number }): Segment {
  return {
    ...facts,
    path,
    use: (work) => files.handles.use(path, work),
    isTailUnknown: false,
    index: createSparseIndex(facts.baseOffset, SEGMENT_HEADER_BYTES),
    firstTimestampMs: undefined,
  }
}

export function addToIndex(segment: Segment, header: Parameters<SparseIndex['add']>[0], position: number): void {
  segment.firstTimestampMs ??= header.timestampMs
  segment.index.add(header, position)
}

export async function readHeader(file: { read(into: Uint8Array, position: number): Promise<number> }): Promise<Buffer> {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES)
  return bytes.subarray(0, await file.read(bytes, 0))
}
