// Ids that were too many for memory: sorted in files of a folder, with filters in memory, so that of ids never seen one in hundreds costs a look on disk.
//
// What a segment says is nothing that slices and log could not say as well: one that is damaged or lost is read out of these at the next start.
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Log } from '@rondo/contract'
import { makeFolderDurably, type FileSystem } from '@rondo/files'
import { chooseMerge } from '../domain/choose-merge.ts'
import { joinRanges, type OffsetRange } from '../domain/offset-ranges.ts'
import { cleanHigh, copyIds, type Generation, type OlderIds } from '../domain/recent-ids.ts'
import { SEGMENT_NAME, openSegment, readIds, removeFile, segmentHolds, segmentMayHold, writeSegment, type BuildBlock, type Ranges, type Segment, type SegmentPlan } from './segment-file.ts'

export type IdSegments = OlderIds & {
  /** What they cover. One that knows more of a type than its log, which ends at `findEnd`, is given up first. */
  listCovered(findEnd: (type: string) => number | undefined): Map<string, OffsetRange[]>
  /** Durable and known when resolved; in the same turn `taken` is called. */
  take(generation: Generation, taken: () => void): Promise<void>
  /** Merges some, if any should be; gives how many became one. */
  merge(nowMs: number): Promise<number>
  /** Removes files that nobody needs any more; gives how many. */
  removeOld(): Promise<number>
  readonly count: number
  readonly diskBytes: number
  /** Since the start: looks on disk, those that failed, and files that were not as they were written. */
  readonly looks: number
  readonly failedLooks: number
  readonly damaged: number
  close(): Promise<void>
}

export type IdSegmentsOptions = { folder: string; fileSystem: FileSystem; log: Log; windowMs: number; build: BuildBlock; /** Ids of a generation while there is memory, and when filters take more than `scarceBytes`. */ room: { ample: number; scarce: number; scarceBytes: number } }

/** Throws what the disk throws. */
export async function openIdSegments({ folder, fileSystem, log, windowMs, build, room }: IdSegmentsOptions): Promise<IdSegments> {
  const gone: Segment[] = []
  let segments: Segment[] = []
  let [firstEndMs, size, memoryBytes, diskBytes] = [Infinity, 0, 0, 0]
  let [sequence, looks, failedLooks, damaged] = [0, 0, 0, 0]
  const distrusted = new Set<Segment>()

  function set(next: Segment[]): void {
    segments = next.toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)
    firstEndMs = segments.reduce((first, { toMs }) => Math.min(first, toMs + windowMs), Infinity)
    size = segments.reduce((sum, { count }) => sum + count, 0)
    memoryBytes = segments.reduce((sum, one) => sum + one.memoryBytes, 0)
    diskBytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  function giveUp(some: (one: Segment) => boolean): void {
    gone.push(...segments.filter(some))
    set(segments.filter((one) => !some(one)))
  }

  /** A look that fails says no: an event may come twice, and none is lost. */
  function look(segment: Segment, low: number, high: number): boolean {
    looks += 1
    try {
      return segmentHolds(segment, low, high)
    } catch (error) {
      failedLooks += 1
      if (!distrusted.has(segment)) log.error('Ids on disk cannot be read: duplicates of their events may be taken.', { file: join(folder, segment.name), reason: String(error) })
      distrusted.add(segment)
      return false
    }
  }

  function plan({ fromMs, toMs, ranges }: { fromMs: number; toMs: number; ranges: Ranges }): Pick<SegmentPlan, 'name' | 'fromMs' | 'toMs' | 'ranges'> {
    sequence += 1
    return { name: `${String(fromMs).padStart(15, '0')}-${String(sequence).padStart(8, '0')}.ids`, fromMs, toMs, ranges: new Map([...ranges].map(([type, list]) => [type, joinRanges(list)])) }
  }

  async function openAll(): Promise<void> {
    await makeFolderDurably(fileSystem, folder)
    const found: Segment[] = []
    for (const { name, kind } of await fileSystem.readFolder(folder)) {
      if (kind !== 'file') continue
      if (!SEGMENT_NAME.test(name)) {
        if (SEGMENT_NAME.test(name.replace(/\.new$/, ''))) await removeFile(fileSystem, join(folder, name))
        continue
      }
      sequence = Math.max(sequence, Number(name.slice(16, 24)))
      let segment: Segment | undefined
      try {
        segment = await openSegment(fileSystem, folder, name)
      } catch (error) {
        damaged += 1
        log.warn('A file of ids cannot be read; they are read out of the log again.', { file: join(folder, name), reason: String(error) })
        continue
      }
      if (segment !== undefined) {
        found.push(segment)
        continue
      }
      damaged += 1
      log.warn('A file of ids is damaged; they are read out of the log again.', { file: join(folder, name) })
      await removeFile(fileSystem, join(folder, name))
    }
    const replaced = new Set(found.flatMap(({ replaces }) => replaces))
    set(found)
    giveUp(({ name }) => replaced.has(name))
  }

  await openAll()
  return {
    has(low, high) {
      for (const segment of segments) if (segmentMayHold(segment, low, high) && look(segment, low, high)) return true
      return false
    },
    findAll(words, at, stride, count, found) {
      found.fill(0, 0, count)
      for (const segment of segments) {
        for (let i = 0; i < count; i += 1) {
          const low = (words[at + i * stride] as number) >>> 0
          const high = cleanHigh(low, words[at + i * stride + 1] as number)
          if (segmentMayHold(segment, low, high) && found[i] === 0 && look(segment, low, high)) found[i] = 1
        }
      }
    },
    advance(nowMs) {
      if (nowMs >= firstEndMs) giveUp(({ toMs }) => nowMs >= toMs + windowMs)
    },
    listCovered(findEnd) {
      giveUp(({ ranges }) => [...ranges].some(([type, list]) => (list.at(-1)?.to ?? 0) > (findEnd(type) ?? -1)))
      const covered = new Map<string, OffsetRange[]>()
      for (const { ranges } of segments) for (const [type, list] of ranges) covered.set(type, [...(covered.get(type) ?? []), ...list])
      return covered
    },
    async take(generation, taken) {
      const read = async (block: number, blockBits: number): Promise<Uint32Array<ArrayBuffer>[]> => {
        const parts: Uint32Array<ArrayBuffer>[] = []
        for (const part of copyIds(generation, block, blockBits)) {
          parts.push(part)
          // Requests come first.
          await setImmediate()
        }
        return parts
      }
      const segment = await writeSegment(fileSystem, folder, { ...plan(generation), replaces: [], expected: Math.max(1, generation.used), read }, build)
      set([...segments, segment])
      taken()
    },
    async merge(nowMs) {
      const chosen = chooseMerge(segments, windowMs, nowMs)
      if (chosen === undefined) return 0
      const inputs = segments.slice(...chosen)
      const ranges = new Map<string, OffsetRange[]>()
      for (const one of inputs) for (const [type, list] of one.ranges) ranges.set(type, [...(ranges.get(type) ?? []), ...list])
      const times = { fromMs: Math.min(...inputs.map(({ fromMs }) => fromMs)), toMs: Math.max(...inputs.map(({ toMs }) => toMs)), ranges }
      const read = (block: number, blockBits: number): Promise<Uint32Array<ArrayBuffer>[]> => Promise.all(inputs.map((one) => readIds(one, block, blockBits)))
      const merged = await writeSegment(fileSystem, folder, { ...plan(times), replaces: inputs.map(({ name }) => name), expected: inputs.reduce((sum, { count }) => sum + count, 0), read }, build)
      set([...segments, merged])
      giveUp((one) => inputs.includes(one))
      return inputs.length
    },
    async removeOld() {
      let removed = 0
      for (let one = gone[0]; one !== undefined; one = gone[0]) {
        await removeFile(fileSystem, join(folder, one.name))
        gone.shift()
        distrusted.delete(one)
        await one.file.close()
        removed += 1
      }
      return removed
    },
    get room() {
      return memoryBytes > room.scarceBytes ? room.scarce : room.ample
    },
    get size() {
      return size
    },
    get sizeBytes() {
      return memoryBytes
    },
    get count() {
      return segments.length
    },
    get diskBytes() {
      return diskBytes
    },
    get looks() {
      return looks
    },
    get failedLooks() {
      return failedLooks
    },
    get damaged() {
      return damaged
    },
    async close() {
      for (const { file } of [...segments, ...gone]) await file.close()
      set([])
    },
  }
}
