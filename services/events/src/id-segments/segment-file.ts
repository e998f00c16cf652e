// One file of ids that were seen, in order, so that a look costs one short read; and what of it is held in memory.
//
//   <fromMs, 15 digits>-<sequence, 8 digits>.ids
//   file  := words of each block | filter of each block | starts of each block | head | headBytes u32 | crc32 of all behind the words u32
//   words := (low u32 | high u32) × count, in order of low
//   head  := JSON `Head`; the crc32 of a block's words stands in it
//
// Words lie in the order of bytes of the machine that wrote them; on another one the file is not believed. It is written under another name, synced,
// and then renamed: what was cut off has no name that counts.
import { endianness } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { findErrno, type FileSystem, type OpenFile } from '@rondo/files'
import { fuseMayHold, type FuseFilter } from '../domain/fuse-filter.ts'
import type { IdBlock } from '../domain/id-block.ts'
import type { OffsetRange } from '../domain/offset-ranges.ts'

export const SEGMENT_NAME = /^\d{15}-\d{8}\.ids$/
/** Of a block, whose filter is made as a whole: this many are in one on average at most. */
const BLOCK_IDS = 1_000_000
/** As many parts as a table in memory has: these can be divided no further. */
const MAX_BLOCK_BITS = 6
/** Two kilobytes. */
const BUCKET_IDS = 256
const MIN_BUCKET_BITS = 6
const READ_BYTES = 4 * 1024 * 1024

type BlockHead = { count: number; crc: number; filter: Omit<FuseFilter, 'bytes'> & { sizeBytes: number } }
type Head = { version: 1; order: 'LE' | 'BE'; fromMs: number; toMs: number; bucketBits: number; blocks: BlockHead[]; ranges: [type: string, from: number, to: number][]; replaces: string[] }

/** Offsets of topics by type. */
export type Ranges = ReadonlyMap<string, readonly OffsetRange[]>

export type Segment = {
  name: string
  /** When its first and its last id were received. */
  fromMs: number
  toMs: number
  /** All ids of these offsets are in it. */
  ranges: Ranges
  /** Names of those that it was merged from. */
  replaces: string[]
  count: number
  sizeBytes: number
  memoryBytes: number
  blockBits: number
  bucketBits: number
  /** `firstId`: how many are before the block. */
  blocks: { firstId: number; filter: FuseFilter; starts: Uint32Array }[]
  file: OpenFile
}

export type SegmentPlan = Pick<Segment, 'name' | 'fromMs' | 'toMs' | 'ranges' | 'replaces'> & {
  /** About how many ids come. */
  expected: number
  /** (low, high) pairs whose first `blockBits` bits are `block`. */
  read(block: number, blockBits: number): Promise<Uint32Array<ArrayBuffer>[]>
}

export type BuiltBlock = IdBlock & { crc: number }
/** As `buildIdBlock`; `parts` are given away. */
export type BuildBlock = (parts: Uint32Array<ArrayBuffer>[], prefixBits: number, bucketBits: number) => Promise<BuiltBlock>

/** Durable when resolved. Throws what the disk throws, and then leaves nothing that counts. */
export async function writeSegment(fileSystem: FileSystem, folder: string, { name, fromMs, toMs, ranges, replaces, expected, read }: SegmentPlan, build: BuildBlock): Promise<Segment> {
  const blockBits = Math.min(MAX_BLOCK_BITS, Math.max(0, Math.ceil(Math.log2(expected / BLOCK_IDS))))
  const bucketBits = Math.max(MIN_BUCKET_BITS, Math.floor(Math.log2(expected / BUCKET_IDS)))
  const path = join(folder, name)
  const file = await fileSystem.open(`${path}.new`, 'wx+')
  try {
    const blocks: Segment['blocks'] = []
    const heads: BlockHead[] = []
    let count = 0
    for (let block = 0; block < 1 << blockBits; block += 1) {
      const { words, filter, starts, crc } = await build(await read(block, blockBits), blockBits, bucketBits)
      await file.writev([toBytes(words)], count * 8)
      const { bytes, ...shape } = filter
      heads.push({ count: words.length / 2, crc, filter: { ...shape, sizeBytes: bytes.byteLength } })
      blocks.push({ firstId: count, filter, starts })
      count += words.length / 2
    }
    const head: Head = { version: 1, order: endianness(), fromMs, toMs, bucketBits, blocks: heads, ranges: [...ranges].flatMap(([type, list]) => list.map(({ from, to }): [string, number, number] => [type, from, to])), replaces }
    const text = Buffer.from(JSON.stringify(head))
    const end = Buffer.alloc(8)
    end.writeUInt32LE(text.byteLength, 0)
    const tail: Uint8Array[] = [...blocks.map(({ filter }) => filter.bytes), ...blocks.map(({ starts }) => toBytes(starts)), text, end]
    end.writeUInt32LE([...tail.slice(0, -1), end.subarray(0, 4)].reduce((crc, part) => crc32(part, crc), 0), 4)
    await file.writev(tail, count * 8)
    await file.dataSync()
    await fileSystem.rename(`${path}.new`, path)
    await fileSystem.syncFolder(folder)
    return toSegment(name, head, blocks, file, count * 8 + tail.reduce((sum, { byteLength }) => sum + byteLength, 0))
  } catch (error) {
    await file.close().catch(() => undefined)
    for (const left of [`${path}.new`, path]) await removeFile(fileSystem, left).catch(() => undefined)
    throw error
  }
}

/** Reads the whole file and compares its checksums; undefined for what is no whole segment of this machine. Throws what the disk throws. */
export async function openSegment(fileSystem: FileSystem, folder: string, name: string): Promise<Segment | undefined> {
  const file = await fileSystem.open(join(folder, name), 'r')
  let segment: Segment | undefined
  try {
    segment = await readSegment(file, name)
    return segment
  } finally {
    if (segment === undefined) await file.close()
  }
}

async function readSegment(file: OpenFile, name: string): Promise<Segment | undefined> {
  const sizeBytes = await file.size()
  if (sizeBytes < 8) return undefined
  const end = await readBytes(file, sizeBytes - 8, sizeBytes)
  const headAt = sizeBytes - 8 - end.readUInt32LE(0)
  if (headAt < 0) return undefined
  const head = findHead((await readBytes(file, headAt, sizeBytes - 8)).toString('utf8'))
  if (head === undefined) return undefined
  const blockBits = Math.log2(head.blocks.length)
  const startsBytes = ((1 << (head.bucketBits - blockBits)) + 1) * 4
  const count = head.blocks.reduce((sum, block) => sum + block.count, 0)
  const filterBytes = head.blocks.reduce((sum, { filter }) => sum + filter.sizeBytes, 0)
  if (count * 8 + filterBytes + startsBytes * head.blocks.length !== headAt) return undefined
  const tail = await readBytes(file, count * 8, sizeBytes)
  if (crc32(tail.subarray(0, -4)) !== end.readUInt32LE(4)) return undefined
  const blocks: Segment['blocks'] = []
  let firstId = 0
  let filterAt = 0
  let startsAt = filterBytes
  for (const { count: own, crc, filter: { sizeBytes: length, ...shape } } of head.blocks) {
    if ((await computeCrc(file, firstId * 8, (firstId + own) * 8)) !== crc) return undefined
    const starts = new Uint32Array(startsBytes / 4)
    tail.copy(toBytes(starts), 0, startsAt, startsAt + startsBytes)
    // Copies, so that the rest of the tail can go.
    blocks.push({ firstId, filter: { ...shape, bytes: Uint8Array.from(tail.subarray(filterAt, filterAt + length)) }, starts })
    firstId += own
    filterAt += length
    startsAt += startsBytes
  }
  return toSegment(name, head, blocks, file, sizeBytes)
}

/** Only its checksum says that the head is right; until then nothing that it says may do harm. */
function findHead(text: string): Head | undefined {
  try {
    const head = JSON.parse(text) as Head
    return head.version === 1 && head.order === endianness() && head.blocks.length > 0 && head.bucketBits <= 31 ? head : undefined
  } catch {
    return undefined
  }
}

function toSegment(name: string, { fromMs, toMs, bucketBits, ranges, replaces }: Head, blocks: Segment['blocks'], file: OpenFile, sizeBytes: number): Segment {
  const byType = new Map<string, OffsetRange[]>()
  for (const [type, from, to] of ranges) {
    const list = byType.get(type)
    if (list === undefined) byType.set(type, [{ from, to }])
    else list.push({ from, to })
  }
  const last = blocks.at(-1)
  const count = last === undefined ? 0 : last.firstId + (last.starts.at(-1) ?? 0)
  const memoryBytes = blocks.reduce((sum, { filter, starts }) => sum + filter.bytes.byteLength + starts.byteLength, 0)
  return { name, fromMs, toMs, ranges: byType, replaces, count, sizeBytes, memoryBytes, blockBits: Math.log2(blocks.length), bucketBits, blocks, file }
}

export function segmentMayHold({ blocks, blockBits }: Segment, low: number, high: number): boolean {
  return fuseMayHold((blocks[(low >>> 1) >>> (31 - blockBits)] as Segment['blocks'][number]).filter, low, high)
}

/** Looks on disk. Throws what the disk throws. */
export function segmentHolds(segment: Segment, low: number, high: number): boolean {
  const bucket = (low >>> 1) >>> (31 - segment.bucketBits)
  const from = findStart(segment, bucket)
  const words = new Uint32Array((findStart(segment, bucket + 1) - from) * 2)
  if (segment.file.readNow(toBytes(words), from * 8) < words.byteLength) throw new Error(`The file "${segment.name}" has become shorter.`)
  for (let i = 0; i < words.length; i += 2) if (words[i] === low && words[i + 1] === high) return true
  return false
}

/** All whose first `blockBits` bits, `bucketBits` of the segment at most, are `block`. */
export async function readIds(segment: Segment, block: number, blockBits: number): Promise<Uint32Array<ArrayBuffer>> {
  const shift = segment.bucketBits - blockBits
  const from = findStart(segment, block << shift)
  const words = new Uint32Array((findStart(segment, (block + 1) << shift) - from) * 2)
  if ((await segment.file.read(toBytes(words), from * 8)) < words.byteLength) throw new Error(`The file "${segment.name}" has become shorter.`)
  return words
}

export async function removeFile(fileSystem: FileSystem, path: string): Promise<void> {
  await fileSystem.unlink(path).catch((error: unknown) => {
    if (findErrno(error) !== 'ENOENT') throw error
  })
}

function findStart({ blocks, blockBits, bucketBits, count }: Segment, bucket: number): number {
  const shift = bucketBits - blockBits
  const block = blocks[bucket >>> shift]
  return block === undefined ? count : block.firstId + (block.starts[bucket & ((1 << shift) - 1)] as number)
}

function toBytes(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

async function readBytes(file: OpenFile, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(to - from)
  const count = await file.read(bytes, from)
  return count < bytes.byteLength ? bytes.subarray(0, count) : bytes
}

async function computeCrc(file: OpenFile, from: number, to: number): Promise<number> {
  let crc = 0
  for (let at = from; at < to; at += READ_BYTES) crc = crc32(await readBytes(file, at, Math.min(to, at + READ_BYTES)), crc)
  return crc
}
