// The compiled scanner of columns and its memory. The layout is in kernel/column-scan.as.
import { isUtf8 } from 'node:buffer'
import { createBufferPool } from '@rondo/files'
import { loadKernel } from '@rondo/wasm'
import type { EventType } from '../domain/event-type.ts'
import type { FlatField } from '../domain/flat-schema.ts'
import type { PackedRecords, PlainGroup, PlainRecords } from '../domain/plain-batch.ts'
import type { RecentIds } from '../domain/recent-ids.ts'
import type { ArrowBatch, ArrowColumn } from './arrow-types.ts'
import { isValid, readFloat, sliceText } from './cells.ts'
import type { ColumnRole, ColumnSegment, Segment } from './column-plan.ts'
import { BadBuffer } from './flat-buffer.ts'
import { encodePackedHead, MAX_PACKED_ROW_BYTES, PACKED_COLUMNS, type ValueForm } from './packed-columns.ts'

const PAGE_BYTES = 65_536
/** 128 MiB: columns may overlap in a request, and are more then than its bytes. */
const MAX_PAGES = 2048
const FIRST_BYTE = 1024
/** The kernel reads and writes 16 bytes at once, also across the end. */
const SPARE_BYTES = 64
const COLUMN_BYTES = 88
/** Rows that are checked, and whose ids are looked up, before any of them is written; of a packed block at most so many. */
const PART_ROWS = 4096
const PACKED_ROWS = 16_384
/** What a packed block may take at the most, as far as it is known before. */
const PACKED_BYTES = 4 * 1024 * 1024
/** Of the values of one block, so that the log writes it as one frame; a row is shorter than an event may be. */
const BLOCK_BYTES = 768 * 1024
const MAX_ROW_BYTES = 65_536
const MAX_KEY_BYTES = 256
const IDLE_COPY_BYTES = 8 * 1024 * 1024
const KINDS = { text: 0, dictionary: 1, integer: 2, boolean: 3, timestamp: 4, written: 5, constant: 6, absent: 7 } as const
const ROLES: Record<ColumnRole | 'opening', number> = { property: 0, id: 1, userId: 2, anonymousId: 3, occurredAt: 4, opening: 5 }
/** What `marks` says of a row. */
export const [DUPLICATE_ROW, CAREFUL_ROW, OTHER_ROW] = [1, 2, 3] as const
const MAX_ENTRY_BYTES = 1500
/** How values of a kind stand in a packed block. */
const FORMS: Record<keyof typeof KINDS, ValueForm | undefined> = { text: 'text', dictionary: 'text', integer: 'integer', boolean: 'boolean', timestamp: 'instant', written: 'bare', constant: undefined, absent: undefined }

const SOURCE = {
  name: 'column-scan',
  folder: new URL('../../kernel/', import.meta.url),
  entry: 'column-scan.as',
  flags: `-O3 --converge --runtime stub --noAssert --importMemory --initialMemory 4 --maximumMemory ${MAX_PAGES} --enable simd`,
}

type Exports = {
  configure(columns: number, count: number, marks: number, prints: number, seed: number, nowMs: number): void
  look(at: number, size: number): number
  judge(offsets: number, entries: number, least: number, most: number, verdicts: number): void
  check(from: number, to: number): void
  render(first: number, from: number, to: number, limit: number, keySizes: number, valueSizes: number, prints: number, keys: number, values: number): number
  pack(columns: number, count: number, marks: number, prints: number, first: number, from: number, to: number, rows: number, scratch: number, outPrints: number, out: number): number
  packedBytes(): number
  writtenRows(): number
  writtenKeyBytes(): number
  writtenValueBytes(): number
}

export type ColumnGroup = PlainGroup<PlainRecords | PackedRecords>

export type ColumnKernel = {
  /**
   * Takes what is good and new of a batch, as groups for the log. `marks`, a byte a row: rows whose mark is not 0 are passed by; those that are not taken
   * get DUPLICATE_ROW or CAREFUL_ROW. `packs`: as packed blocks, else as JSON.
   */
  take(batch: ArrowBatch, segments: Segment[], type: EventType, receivedAtMs: number, marks: Uint8Array, recent: RecentIds, packs: boolean): ColumnGroup[]
}

/** Throws `KERNEL_NOT_COMPILED`. */
export async function openColumnKernel(): Promise<ColumnKernel> {
  const module = await loadKernel(SOURCE)
  const memory = new WebAssembly.Memory({ initial: 4, maximum: MAX_PAGES })
  const kernel = (await WebAssembly.instantiate(module, { env: { memory } })).exports as Exports
  const copies = createBufferPool(IDLE_COPY_BYTES)
  let used = FIRST_BYTE
  let bytes = new Uint8Array(memory.buffer)
  let view = new DataView(memory.buffer)
  let words = new Int32Array(memory.buffer)

  /** Address of so many bytes with anything in them, a multiple of 16. */
  function take(sizeBytes: number): number {
    const at = used
    used = Math.ceil((used + sizeBytes + SPARE_BYTES) / 16) * 16
    if (used > bytes.length) {
      if (used > MAX_PAGES * PAGE_BYTES) throw new BadBuffer(`the columns of a batch take more than ${(MAX_PAGES * PAGE_BYTES) >> 20} MiB; send fewer rows at once`)
      memory.grow(Math.ceil((used - bytes.length) / PAGE_BYTES))
      bytes = new Uint8Array(memory.buffer)
      view = new DataView(memory.buffer)
      words = new Int32Array(memory.buffer)
    }
    return at
  }

  function put(part: Uint8Array): number {
    const at = take(part.byteLength)
    bytes.set(part, at)
    return at
  }

  /** Only here is `view` looked at: making a value may have replaced it. */
  function word(at: number, value: number): void {
    view.setInt32(at, value, true)
  }

  function layOut(segments: Segment[], batch: ArrowBatch, marks: Uint8Array): number {
    const columnsAt = take(segments.length * COLUMN_BYTES)
    bytes.fill(0, columnsAt, columnsAt + segments.length * COLUMN_BYTES)
    for (const [i, segment] of segments.entries()) {
      const at = columnsAt + i * COLUMN_BYTES
      const prefix = Buffer.from(segment.prefix)
      word(at + 40, put(prefix))
      word(at + 44, prefix.byteLength)
      if ('at' in segment) layColumn(at, batch.columns[segment.at] as ArrowColumn, segment, marks)
      else {
        word(at, KINDS.constant)
        word(at + 4, segment.opening === true ? ROLES.opening : ROLES.property)
      }
    }
    return columnsAt
  }

  function layColumn(at: number, column: ArrowColumn, { role, required, field }: ColumnSegment, marks: Uint8Array): void {
    const kind = chooseKind(column, role, field)
    word(at, KINDS[kind])
    word(at + 4, ROLES[role])
    word(at + 8, column.type.kind === 'null' ? put(new Uint8Array(Math.ceil(column.rows / 8))) : column.valid === undefined ? 0 : put(column.valid))
    word(at + 48, required ? 1 : 0)
    view.setFloat64(at + 64, field?.minimum ?? -Infinity, true)
    view.setFloat64(at + 72, field?.maximum ?? Infinity, true)
    if (kind === 'absent') return
    if (kind === 'text') {
      layText(at, column, marks)
      const { oneOf = [] } = field ?? {}
      const ones = take(oneOf.length * 8)
      word(at + 52, oneOf.length)
      word(at + 56, ones)
      for (const [i, one] of oneOf.entries()) {
        // As they stand in a column, without their quotes.
        word(ones + i * 8, put(one.subarray(1, -1)))
        word(ones + i * 8 + 4, one.byteLength - 2)
      }
    } else if (kind === 'written') {
      const { offsets, texts } = writeFloats(column, field as FlatField, marks)
      word(at + 12, put(texts))
      word(at + 16, put(new Uint8Array(offsets.buffer)))
    } else {
      word(at + 12, put(column.places === undefined ? column.values : new Uint8Array(column.places.buffer)))
      if (column.type.kind === 'integer') word(at + 20, column.type.signed ? -column.type.bytes : column.type.bytes)
      if (column.type.kind === 'timestamp') view.setFloat64(at + 80, column.type.perMs, true)
      if (kind === 'dictionary') layEntries(at, column.dictionary as ArrowColumn, role, field)
    }
  }

  function layText(at: number, column: ArrowColumn, marks: Uint8Array): void {
    const offsets = column.offsets as Uint32Array
    const from = offsets[0] as number
    const size = (offsets[column.rows] as number) - from
    const texts = column.values.subarray(from, from + size)
    const isText = isUtf8(texts)
    if (!isText) for (let row = 0; row < column.rows; row += 1) if (isValid(column, row) && !isUtf8(sliceText(column, row))) marks[row] ||= CAREFUL_ROW
    const textsAt = put(texts)
    word(at + 12, textsAt - from)
    word(at + 16, put(new Uint8Array(offsets.buffer)))
    word(at + 60, kernel.look(textsAt, size))
  }

  function layEntries(at: number, dictionary: ArrowColumn, role: ColumnRole, field: FlatField | undefined): void {
    const offsets = dictionary.offsets as Uint32Array
    const textsAt = put(dictionary.values)
    const from = offsets[0] as number
    const size = (offsets[dictionary.rows] as number) - from
    // Without escapes and in ASCII, only sizes tell them apart.
    const isPlain = kernel.look(textsAt + from, size) === 0
    const offsetsAt = put(new Uint8Array(offsets.buffer))
    word(at + 24, textsAt)
    word(at + 28, offsetsAt)
    if (isPlain && dictionary.valid === undefined && field?.oneOf === undefined) {
      const [least, most] = role === 'property' ? [field?.minimum ?? -Infinity, Math.min(field?.maximum ?? Infinity, MAX_ENTRY_BYTES)] : [1, role === 'id' ? 64 : MAX_KEY_BYTES]
      const verdictsAt = take(dictionary.rows)
      kernel.judge(offsetsAt, dictionary.rows, least, most, verdictsAt)
      word(at + 32, verdictsAt)
    } else word(at + 32, put(Uint8Array.from({ length: dictionary.rows }, (_, i) => (isValid(dictionary, i) && fitsEntry(dictionary, i, isPlain, role, field) ? 1 : 0))))
    word(at + 36, dictionary.rows)
    word(at + 56, take(dictionary.rows * 4))
  }

  function copyOut(parts: readonly (readonly [at: number, size: number])[]): { copy: Buffer; parts: Buffer[] } {
    const copy = copies.take(parts.reduce((sum, [, size]) => sum + size, 0))
    let end = 0
    return {
      copy,
      parts: parts.map(([at, size]) => {
        copy.set(bytes.subarray(at, at + size), end)
        end += size
        return copy.subarray(end - size, end)
      }),
    }
  }

  /** Gives the writer of good rows of a part as JSON. */
  function openRender(type: EventType): Write {
    const keySizesAt = take(PART_ROWS * 4)
    const valueSizesAt = take(PART_ROWS * 4)
    const outPrintsAt = take(PART_ROWS * 8)
    const keysAt = take(PART_ROWS * MAX_KEY_BYTES)
    const valuesAt = take(BLOCK_BYTES + MAX_ROW_BYTES)
    return (first, to, into) => {
      for (let from = first; from < to; ) {
        from = kernel.render(first, from, to, BLOCK_BYTES - MAX_ROW_BYTES, keySizesAt, valueSizesAt, outPrintsAt, keysAt, valuesAt)
        const count = kernel.writtenRows()
        if (count === 0) continue
        const { copy, parts } = copyOut([[keySizesAt, count * 4], [valueSizesAt, count * 4], [outPrintsAt, count * 8], [keysAt, kernel.writtenKeyBytes()], [valuesAt, kernel.writtenValueBytes()]])
        const [keySizes, valueSizes, prints, keys, values] = parts as [Buffer, Buffer, Buffer, Buffer, Buffer]
        into.push({ type, prints: toWords(prints), records: { keys, keyBytes: toWords(keySizes), values, valueBytes: toWords(valueSizes) }, release: () => copies.give(copy) })
      }
    }
  }

  /** Gives the writer of good rows of a part as packed blocks. */
  function openPack(type: EventType, batch: ArrowBatch, segments: Segment[], columnsAt: number, marksAt: number, printsAt: number): Write {
    const head = encodePackedHead(segments, segments.map((segment) => ('at' in segment ? FORMS[chooseKind(batch.columns[segment.at] as ArrowColumn, segment.role, segment.field)] : undefined)))
    const headAt = put(head)
    const rowsAt = take(PACKED_ROWS * 4)
    const scratchAt = take(PACKED_ROWS * 8 + 16)
    const outPrintsAt = take(PACKED_ROWS * 8)
    const columns = segments.flatMap((segment) => ('at' in segment ? [batch.columns[segment.at] as ArrowColumn] : []))
    const outFrom = used
    return (first, to, into) => {
      for (let from = first; from < to; ) {
        let end = to
        while (end - from > 1 && boundPacked(columns, from, end) > PACKED_BYTES) end = from + ((end - from) >> 1)
        used = outFrom
        const outAt = take(boundPacked(columns, from, end))
        const count = kernel.pack(columnsAt, segments.length, marksAt, printsAt, first, from, end, rowsAt, scratchAt, outPrintsAt, outAt)
        from = end
        if (count === 0) continue
        const { copy, parts } = copyOut([[outPrintsAt, count * 8], [headAt, head.byteLength], [outAt, kernel.packedBytes()]])
        const body = copy.subarray(count * 8, count * 8 + head.byteLength + kernel.packedBytes())
        into.push({ type, prints: toWords(parts[0] as Buffer), records: { encoding: PACKED_COLUMNS, count, largestBytes: MAX_PACKED_ROW_BYTES, body }, release: () => copies.give(copy) })
      }
    }
  }

  return {
    take(batch, segments, type, receivedAtMs, marks, recent, packs) {
      used = FIRST_BYTE
      const partRows = packs ? PACKED_ROWS : PART_ROWS
      const columnsAt = layOut(segments, batch, marks)
      const marksAt = take(partRows)
      const printsAt = take(partRows * 8)
      kernel.configure(columnsAt, segments.length, marksAt, printsAt, type.seed | 0, receivedAtMs)
      const write = packs ? openPack(type, batch, segments, columnsAt, marksAt, printsAt) : openRender(type)
      const groups: ColumnGroup[] = []
      for (let first = 0; first < batch.rows; first += partRows) {
        const to = Math.min(batch.rows, first + partRows)
        bytes.set(marks.subarray(first, to), marksAt)
        kernel.check(first, to)
        recent.addAll(words, printsAt >> 2, 2, to - first, bytes, marksAt)
        write(first, to, groups)
        marks.set(bytes.subarray(marksAt, marksAt + to - first), first)
      }
      return groups
    },
  }
}

/** Writes what is good of rows [first, to), the part that was just checked. */
type Write = (first: number, to: number, into: ColumnGroup[]) => void

function toWords(part: Buffer): Uint32Array {
  return new Uint32Array(part.buffer, part.byteOffset, part.byteLength / 4)
}

/** Most bytes that rows [from, to) take in a packed block. */
function boundPacked(columns: ArrowColumn[], from: number, to: number): number {
  const rows = to - from
  let bytes = 0
  for (const { type, offsets, dictionary } of columns) {
    const ends = dictionary === undefined ? offsets : dictionary.offsets
    // Of a UUID 16 bytes, also where there is none; of a number 8, a length 2, a float 25 as it is written; and a bit.
    bytes += 64 + Math.ceil(rows / 8) + rows * (dictionary !== undefined ? 6 : ends !== undefined ? 18 : type.kind === 'float' ? 27 : 8)
    if (ends === undefined) continue
    if (dictionary === undefined) bytes += (ends[to] as number) - (ends[from] as number)
    else bytes += Math.min((ends[dictionary.rows] as number) - (ends[0] as number), rows * MAX_ENTRY_BYTES)
  }
  return bytes
}

function chooseKind({ type, dictionary }: ArrowColumn, role: ColumnRole, field: FlatField | undefined): keyof typeof KINDS {
  const isText = role !== 'property' || field?.kind === 'string'
  if (dictionary !== undefined) return isText && role !== 'occurredAt' && dictionary.type.kind === 'text' ? 'dictionary' : 'absent'
  if (type.kind === 'text') return isText ? 'text' : 'absent'
  if (type.kind === 'timestamp') return role === 'occurredAt' ? 'timestamp' : 'absent'
  if (role !== 'property' || field === undefined) return 'absent'
  if (type.kind === 'integer') return field.kind === 'integer' || field.kind === 'number' ? 'integer' : 'absent'
  if (type.kind === 'float') return field.kind === 'integer' || field.kind === 'number' ? 'written' : 'absent'
  return type.kind === 'boolean' && field.kind === 'boolean' ? 'boolean' : 'absent'
}

/** Written as JSON writes them; whatever does not fit is marked. */
function writeFloats(column: ArrowColumn, field: FlatField, marks: Uint8Array): { offsets: Uint32Array; texts: Buffer } {
  const offsets = new Uint32Array(column.rows + 1)
  let texts = ''
  for (let row = 0; row < column.rows; row += 1) {
    if (isValid(column, row)) {
      const value = readFloat(column, row)
      const fits = Number.isFinite(value) && value >= field.minimum && value <= field.maximum && !(Number.isInteger(value) && !Number.isSafeInteger(value)) && (field.kind === 'number' || Number.isInteger(value))
      if (fits) texts += String(value)
      else marks[row] ||= CAREFUL_ROW
    }
    offsets[row + 1] = texts.length
  }
  return { offsets, texts: Buffer.from(texts, 'latin1') }
}

/** Whether rows may have this entry of a dictionary; if not, the careful path says why. `isPlain`: it is ASCII without escapes. */
function fitsEntry(dictionary: ArrowColumn, i: number, isPlain: boolean, role: ColumnRole, field: FlatField | undefined): boolean {
  const offsets = dictionary.offsets as Uint32Array
  const sizeBytes = (offsets[i + 1] as number) - (offsets[i] as number)
  if (sizeBytes > MAX_ENTRY_BYTES) return false
  if (!isPlain) {
    const bytes = sliceText(dictionary, i)
    if (!isUtf8(bytes) || JSON.stringify(bytes.toString('utf8')).length !== bytes.toString('utf8').length + 2) return false
  }
  if (role !== 'property') return sizeBytes > 0 && sizeBytes <= (role === 'id' ? 64 : MAX_KEY_BYTES)
  const { minimum = -Infinity, maximum = Infinity, oneOf } = field ?? {}
  if (oneOf !== undefined) return oneOf.some((one) => Buffer.compare(one.subarray(1, -1), sliceText(dictionary, i)) === 0)
  // As in a column: a character takes up to four bytes.
  return sizeBytes <= maximum && (isPlain || minimum <= 1 ? sizeBytes >= minimum : sizeBytes >= minimum * 4)
}
