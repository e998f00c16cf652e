// One partition as segments on disk: appends go to the last, reads to any, retention takes from the front.
import { basename } from 'node:path'
import { findErrno, type BufferPool } from '@rondo/files'
import type { PartitionLog } from '../partition-log.ts'
import type { Expanders, LogRecord } from '../port.ts'
import type { Checkpoint } from './checkpoint.ts'
import { toDiskError } from './disk-error.ts'
import { countGiven, isPacked, type GivenRecords } from '../packed-block.ts'
import { countRecords, toRecords } from '../record-block.ts'
import { encodeBlockFrame, encodeFrame, FRAME_HEADER_BYTES, sealFrame } from './frame.ts'
import { createGroupCommit, cutTail } from './group-commit.ts'
import { openClosedSegment, recoverSegment } from './open-segment.ts'
import { encodePackedFrame } from './packed-frame.ts'
import { readSegment } from './read-segment.ts'
import { scanFrames } from './scan-frames.ts'
import type { SegmentVersion } from './segment-header.ts'
import { toSegmentName } from './segment-name.ts'
import { addFrame, createSegment, getIndex, type Segment, type SegmentFile, type SegmentFiles } from './segment.ts'
import type { IndexEntry } from './sparse-index.ts'

/** Records of one frame at most share this many bytes, so that a reader of few records reads little. */
const MAX_FRAME_BYTES = 1024 * 1024

export type FilePartitionInit = {
  topic: string
  partition: number
  files: SegmentFiles
  /** In offset order. */
  segments: SegmentFile[]
  segmentBytes: number
  /** A segment takes no more records once its first is this much older. */
  segmentMs(): number
  newSalt(): number
  buffers: BufferPool
  expanders: Expanders
}

/** `buffers` hold the frames and go back to the pool. */
type Batch = { frames: Buffer[]; buffers: Buffer[]; counts: number[]; timestampMs: number; sizeBytes: number; firstOffset: number; version: SegmentVersion }

/** A segment that is known by name only until somebody needs it. */
type Slot = SegmentFile & { end: number; opened: Promise<Segment> | undefined }

export type FilePartition = PartitionLog & {
  /** What is known of each segment, by file name. */
  noteFacts(into: Checkpoint): void
}

export async function openFilePartition(init: FilePartitionInit): Promise<FilePartition> {
  const { files } = init
  const known = [...init.segments]
  let active: Segment | undefined
  while (known.length > 0 && !active) {
    const last = known.at(-1) as SegmentFile
    active = await recoverSegment(files, last)
    if (active) break
    known.pop()
    files.handles.forget(`${files.folder}/${last.name}`)
    await files.fileSystem.unlink(`${files.folder}/${last.name}`)
  }
  const slots: Slot[] = known.map((file, index) => ({
    ...file,
    end: known[index + 1]?.baseOffset ?? active?.end ?? 0,
    ...(index === known.length - 1 && active ? { facts: active, opened: Promise.resolve(active) } : { opened: undefined }),
  }))
  return createFilePartition(init, slots, active)
}

function createFilePartition(init: FilePartitionInit, slots: Slot[], recovered: Segment | undefined): FilePartition {
  const { topic, partition, files } = init
  let active = recovered
  let rolling: Promise<unknown> = Promise.resolve()
  /** A file may lie under the name of the next segment: nothing more may go to the one before, or it would reach beyond that name. */
  let isNextBegun = false
  let areDroppedSynced = true
  let dropping: Promise<number> = Promise.resolve(0)
  /** Where the last read stopped: sequential readers need no index. */
  let resume: (IndexEntry & { segment: Segment }) | undefined
  const getStart = (): number => slots[0]?.baseOffset ?? 0
  const getEnd = (): number => active?.end ?? 0

  const openSlot = (slot: Slot): Promise<Segment> => {
    slot.opened ??= openClosedSegment(files, slot, slot.end).then(
      (segment) => {
        slot.facts = segment
        return segment
      },
      (error: unknown) => {
        slot.opened = undefined
        throw error
      },
    )
    return slot.opened
  }

  /** Starts the segment that the next records go to. */
  const roll = async (): Promise<Segment> => {
    const baseOffset = getEnd()
    const name = toSegmentName(topic, partition, baseOffset)
    try {
      const before = active
      if (before?.isTailUnknown) await before.use((file) => cutTail(before, file))
      if (before && before.baseOffset === baseOffset) return before
      isNextBegun = true
      const segment = await createSegment(files, name, baseOffset, init.newSalt())
      slots.push({ name, baseOffset, facts: segment, end: baseOffset, opened: Promise.resolve(segment) })
      active = segment
      isNextBegun = false
      return segment
    } catch (error) {
      throw toDiskError(error, name)
    }
  }

  const isFull = (segment: Segment, batch: Batch): boolean =>
    segment.end > segment.baseOffset &&
    (segment.version < batch.version ||
      segment.durableBytes + batch.sizeBytes > init.segmentBytes || batch.timestampMs - (segment.firstTimestampMs ?? batch.timestampMs) > init.segmentMs())

  const writer = createGroupCommit<Batch>({
    async target(group) {
      await rolling
      const newest = group.find(({ version }) => version === 2) ?? (group[0] as Batch)
      return active && !isNextBegun && !isFull(active, newest) ? active : roll()
    },
    seal(group, target) {
      const { salt } = target as Segment
      let offset = getEnd()
      for (const batch of group) {
        batch.firstOffset = offset
        for (const [index, frame] of batch.frames.entries()) {
          sealFrame(frame, offset, target.durableBytes, salt)
          offset += batch.counts[index] as number
        }
      }
      return group.flatMap(({ frames }) => frames)
    },
    landed(group, target) {
      const segment = target as Segment
      let position = target.durableBytes
      for (const { frames, counts, timestampMs } of group) {
        for (const [index, frame] of frames.entries()) {
          const count = counts[index] as number
          addFrame(segment, { firstOffset: segment.end, count, timestampMs }, position)
          position += frame.byteLength
        }
      }
      const slot = slots.at(-1)
      if (slot) slot.end = segment.end
    },
  })

  /** Before the next one goes: a loss of power must not bring back one alone. */
  const syncDropped = async (): Promise<void> => {
    if (areDroppedSynced) return
    await files.syncFolder(files.folder)
    areDroppedSynced = true
  }

  const dropFirst = async (): Promise<number> => {
    const slot = slots.shift() as Slot
    const path = `${files.folder}/${slot.name}`
    files.handles.forget(path)
    areDroppedSynced = false
    await files.fileSystem.unlink(path).catch((error: unknown) => {
      slots.unshift(slot)
      throw error
    })
    await syncDropped()
    return slot.end - slot.baseOffset
  }

  const drop: PartitionLog['drop'] = async ({ olderThanMs, keepFrom, maxBytes }) => {
    const isPast = async (slot: Slot): Promise<boolean> => slot.end <= keepFrom && (await openSlot(slot)).maxTimestampMs < olderThanMs
    try {
      await syncDropped()
      let keptBytes = 0
      if (maxBytes < Infinity) for (const slot of slots) keptBytes += (await openSlot(slot)).durableBytes
      let droppedRecords = 0
      while (slots.length > 0) {
        const slot = slots[0] as Slot
        if (keptBytes <= maxBytes && !(await isPast(slot))) break
        if (slots.length === 1) {
          // The last segment names the next offset: another takes its place before it goes.
          await writer.idle()
          if (slot.end === slot.baseOffset || (keptBytes <= maxBytes && !(await isPast(slot)))) break
          const rolled = roll()
          rolling = rolled.catch(() => undefined)
          await rolled
        }
        keptBytes -= (await openSlot(slot)).durableBytes
        droppedRecords += await dropFirst()
      }
      return droppedRecords
    } catch (error) {
      throw toDiskError(error, basename(files.folder))
    }
  }

  return {
    get start() {
      return getStart()
    },
    get end() {
      return getEnd()
    },

    async append(records, timestampMs) {
      const batch: Batch = { frames: [], buffers: [], counts: [], timestampMs, sizeBytes: 0, firstOffset: 0, version: isPacked(records) ? 2 : 1 }
      const take = (sizeBytes: number): Buffer => {
        const buffer = init.buffers.take(sizeBytes)
        batch.buffers.push(buffer)
        return buffer
      }
      for (const part of splitBySize(records)) {
        const frame = Array.isArray(part) ? encodeFrame(part, timestampMs, take) : isPacked(part) ? encodePackedFrame(part, timestampMs, take) : encodeBlockFrame(part, timestampMs, take)
        batch.frames.push(frame)
        batch.counts.push(countGiven(part))
        batch.sizeBytes += frame.byteLength
      }
      try {
        return (await writer.append(batch)).firstOffset
      } finally {
        for (const buffer of batch.buffers) init.buffers.give(buffer)
      }
    },

    async read(offset, limits) {
      let from = offset
      while (true) {
        from = Math.max(from, getStart())
        const slot = slots.find(({ end }) => from < end)
        if (!slot) return []
        try {
          const segment = await openSlot(slot)
          const first = from
          const start = resume?.segment === segment && resume.offset === first ? resume : (await getIndex(segment, (index) => index.firstOffset <= first)).findByOffset(first)
          const { records, next } = await readSegment(segment, start, from, limits, init.expanders)
          resume = { ...next, segment }
          return records
        } catch (error) {
          // Retention took the segment meanwhile.
          if (findErrno(error) === 'ENOENT' && !slots.includes(slot)) continue
          throw toDiskError(error, slot.name)
        }
      }
    },

    async findOffset(timestampMs) {
      for (const slot of [...slots]) {
        try {
          const segment = await openSlot(slot)
          if (segment.maxTimestampMs < timestampMs) continue
          const start = (await getIndex(segment, (index) => index.maxTimestampBeforeMs < timestampMs)).findByTimestamp(timestampMs)
          const range = { fromPosition: start.position, fromOffset: start.offset, toPosition: segment.durableBytes, salt: segment.salt }
          const { offset } = await segment.use((file) => scanFrames(file, range, false, (header) => header.timestampMs < timestampMs))
          return offset
        } catch (error) {
          if (findErrno(error) === 'ENOENT' && !slots.includes(slot)) continue
          throw toDiskError(error, slot.name)
        }
      }
      return getEnd()
    },

    noteFacts(into) {
      for (const { name, facts } of slots) if (facts) into.set(name, facts)
    },

    drop(rule) {
      dropping = dropping.catch(() => 0).then(() => drop(rule))
      return dropping
    },
  }
}

/** Consecutive runs of records, each of at most `MAX_FRAME_BYTES` or a single record; packed ones stay together. */
function splitBySize(given: GivenRecords): GivenRecords[] {
  if (isPacked(given)) return [given]
  if (!Array.isArray(given) && given.values.byteLength + given.keys.byteLength + countRecords(given) * FRAME_HEADER_BYTES <= MAX_FRAME_BYTES) return [given]
  const records = toRecords(given)
  const parts: LogRecord[][] = []
  let from = 0
  let bytes = 0
  for (const [index, record] of records.entries()) {
    const sizeBytes = FRAME_HEADER_BYTES + record.value.byteLength + record.key.length
    if (index > from && bytes + sizeBytes > MAX_FRAME_BYTES) {
      parts.push(records.slice(from, index))
      from = index
      bytes = 0
    }
    bytes += sizeBytes
  }
  parts.push(from === 0 ? records : records.slice(from))
  return parts
}
