// Which ids became durable, in slices written as objects, so that a start need not read them out of the log again: eight bytes an id, not a whole event.
//
//   events/ids/<toMs, 15 digits>-<sequence, 6 digits>
//   slice := headBytes u32 | head | (low u32 | high u32) × count | crc32 of all before u32
//   head  := JSON {"toMs", "count", "order", "ranges": [[type, from, to]…]}: the ids of exactly those offsets of the types' topics
//
// Words lie in the order of bytes of the machine that wrote them, as the head says; another machine reads the log instead.
// A slice says nothing of events that were not durable when it was written, and nothing that the log could not say as well: one that is lost, torn or
// not written costs time at the next start, never an id.
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import type { Ctx } from '@rondo/context'
import type { Log } from '@rondo/contract'
import type { Objects } from '@rondo/objects'
import { addRange, listGaps, type OffsetRange } from './domain/offset-ranges.ts'

const FOLDER = 'events/ids/'
/** 2 MiB. */
const SLICE_IDS = 1 << 18
/** What could not be written for so long is left to the log. */
const MAX_PENDING_IDS = 16 * SLICE_IDS
/** Twice the window: who asks for ids asks for those of one window. */
const KEEP_MS = 2 * 86_400_000
const PAGE = 1000
/** Of a slice, read first: its head is mostly shorter. */
const HEAD_BYTES = 16 * 1024

export type IdSlices = {
  /** Ids that were just made durable at offsets from `firstOffset` on, as (low, high) pairs, in order. */
  note(type: string, firstOffset: number, prints: ArrayLike<number>): void
  /** Writes what was noted when there are `least` ids or more, SLICE_IDS unless told, and removes slices that nobody asks for any more. Gives how many were written. */
  save(nowMs: number, least?: number): Promise<number>
  /**
   * Gives `take` the ids of slices that end at `sinceMs` or later, with the offsets that they cover, but of those that are in `covered` as a whole. `findEnd`:
   * where a type's log ends; a slice that knows more than the log is not believed.
   */
  recall(sinceMs: number, covered: ReadonlyMap<string, readonly OffsetRange[]>, findEnd: (type: string) => number | undefined, take: (words: Uint32Array, ranges: Head['ranges']) => Promise<void>): Promise<void>
}

type Head = { toMs: number; count: number; order: 'LE' | 'BE'; ranges: [type: string, from: number, to: number][] }

export function createIdSlices(objects: Objects, log: Log, ctx: Ctx): IdSlices {
  let ranges = new Map<string, OffsetRange[]>()
  let words = new Uint32Array(1 << 14)
  let count = 0
  let sequence = 0
  let saving: Promise<number> | undefined

  function forget(): void {
    ranges = new Map()
    count = 0
  }

  async function write(nowMs: number): Promise<number> {
    const head: Head = { toMs: nowMs, count, order: endianness(), ranges: [...ranges].flatMap(([type, list]) => list.map(({ from, to }): [string, number, number] => [type, from, to])) }
    const bytes = encodeSlice(head, words)
    const written = count
    forget()
    sequence += 1
    try {
      await objects.put(`${FOLDER}${String(nowMs).padStart(15, '0')}-${String(sequence).padStart(6, '0')}`, bytes, {}, ctx)
      return written
    } catch (error) {
      log.warn('Ids could not be written beside the log; the next start reads them out of it.', { reason: error instanceof Error ? error.message : String(error) })
      return 0
    }
  }

  async function removeOld(nowMs: number): Promise<void> {
    for (const { key } of await objects.list(FOLDER, { limit: PAGE }, ctx)) {
      if (readToMs(key) >= nowMs - KEEP_MS) return
      await objects.delete(key, ctx)
    }
  }

  return {
    note(type, firstOffset, prints) {
      const added = prints.length / 2
      if (count + added > MAX_PENDING_IDS) forget()
      if ((count + added) * 2 > words.length) {
        const larger = new Uint32Array(Math.max(words.length * 2, (count + added) * 2))
        larger.set(words.subarray(0, count * 2))
        words = larger
      }
      words.set(prints, count * 2)
      count += added
      addRange(ranges, type, firstOffset, firstOffset + added)
    },

    async save(nowMs, least = SLICE_IDS) {
      if (count < least || count === 0 || saving !== undefined) return 0
      saving = write(nowMs)
      try {
        const written = await saving
        await removeOld(nowMs).catch(() => undefined)
        return written
      } finally {
        saving = undefined
      }
    },

    async recall(sinceMs, covered, findEnd, take) {
      const isCovered = ({ ranges: of }: Head): boolean => of.every(([type, from, to]) => listGaps(from, to, covered.get(type) ?? []).length === 0)
      for (let after = `${FOLDER}${String(Math.max(0, Math.floor(sinceMs) - 1)).padStart(15, '0')}`; ; ) {
        const page = await objects.list(FOLDER, { after, limit: PAGE }, ctx)
        for (const { key, sizeBytes } of page) {
          sequence = Math.max(sequence, Number(key.slice(-6)))
          const head = covered.size === 0 ? undefined : findHead(await objects.get(key, { range: { start: 0, end: Math.min(sizeBytes, HEAD_BYTES) } }, ctx))
          if (head !== undefined && isCovered(head)) continue
          const slice = decodeSlice(await objects.get(key, {}, ctx))
          if (slice === undefined || slice.head.ranges.some(([type, , to]) => to > (findEnd(type) ?? -1))) continue
          await take(slice.words, slice.head.ranges)
        }
        if (page.length < PAGE) return
        after = page.at(-1)?.key ?? after
      }
    },
  }
}

function readToMs(key: string): number {
  return Number(key.slice(FOLDER.length, FOLDER.length + 15))
}

/** As far as it says so itself; undefined for what is none, or is longer. */
function findHead(given: Uint8Array): Head | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const wordsAt = bytes.byteLength < 4 ? Infinity : 4 + bytes.readUInt32LE(0)
  if (wordsAt > bytes.byteLength) return undefined
  try {
    const head = JSON.parse(bytes.toString('utf8', 4, wordsAt)) as Head
    return head.order === endianness() ? head : undefined
  } catch {
    return undefined
  }
}

function encodeSlice(head: Head, words: Uint32Array): Buffer {
  const text = Buffer.from(JSON.stringify(head))
  const bytes = Buffer.allocUnsafe(8 + text.byteLength + head.count * 8)
  bytes.writeUInt32LE(text.byteLength, 0)
  text.copy(bytes, 4)
  bytes.set(new Uint8Array(words.buffer, 0, head.count * 8), 4 + text.byteLength)
  const at = bytes.byteLength - 4
  bytes.writeUInt32LE(crc32(bytes.subarray(0, at)), at)
  return bytes
}

/** Undefined for what is no whole slice. */
function decodeSlice(given: Uint8Array): { head: Head; words: Uint32Array } | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const crcAt = bytes.byteLength - 4
  if (crcAt < 4 || crc32(bytes.subarray(0, crcAt)) !== bytes.readUInt32LE(crcAt)) return undefined
  const wordsAt = 4 + bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', 4, wordsAt)) as Head
  if (head.order !== endianness()) return undefined
  // Of its own, so that it begins where words may.
  return { head, words: new Uint32Array(Uint8Array.from(bytes.subarray(wordsAt, crcAt)).buffer) }
}
