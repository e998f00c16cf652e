// Cells of some rows, in their order in the file, as the bytes of a column: encoded, not yet compressed.
import type { Cells, CodedCells, FlagCells, NumberCells, TextCells } from './cells.ts'
import { countBits, encodeRuns } from './encode-runs.ts'

export type Page = { rows: number; nulls: number; levels: Uint8Array; body: Uint8Array }
export type Bound = Uint8Array | number | bigint | boolean

export type EncodedColumn = {
  encoding: 'PLAIN' | 'RLE' | 'RLE_DICTIONARY'
  /** Absent unless values are places in it. */
  dictionary: { entries: number; body: Uint8Array } | undefined
  pages: Page[]
  nulls: number
  /** Smallest and largest; undefined when all is null. */
  low: Bound | undefined
  high: Bound | undefined
}

export type CellsForm = { nullable: boolean; isDouble: boolean; /** Without a dictionary. */ plain: boolean; statistics: boolean }

/** Of a page of texts that are not in a dictionary. */
const PAGE_BYTES = 1024 * 1024
const NO_BYTES = new Uint8Array(0)

/** Room to work in, the same for all columns of a file: arrays that are made anew for each would cost more in garbage than they hold. */
export type Scratch = { entries: Int32Array; places: Int32Array; levels: Int32Array; renumbered: Int32Array }

export function createScratch(rows: number): Scratch {
  return { entries: new Int32Array(rows), places: new Int32Array(rows), levels: new Int32Array(rows), renumbered: new Int32Array(rows) }
}

/** Rows `order[from]` to `order[to - 1]`. */
export function encodeCells(cells: Cells, order: Int32Array, from: number, to: number, form: CellsForm, scratch: Scratch): EncodedColumn {
  const rows = order.subarray(from, to)
  switch (cells.kind) {
    case 'texts':
      return encodeTexts(cells, rows, form, scratch)
    case 'numbers':
      return encodeNumbers(cells, rows, form, scratch)
    case 'coded':
      return encodeCoded(cells, rows, form, scratch)
    case 'flags':
      return encodeFlags(cells, rows, form, scratch)
  }
}

/** Of the places that the rows have: which are there at all, in order of first mention, and each row's place among those. */
type Used = { entries: Int32Array; places: Int32Array; levels: Int32Array }

function findUsed(codes: Int32Array, entryCount: number, rows: Int32Array, scratch: Scratch): Used {
  if (scratch.renumbered.length < entryCount) scratch.renumbered = new Int32Array(entryCount)
  const { renumbered, entries, places } = scratch
  const levels = scratch.levels.subarray(0, rows.length)
  renumbered.fill(-1, 0, entryCount)
  levels.fill(0)
  let count = 0
  let used = 0
  for (let i = 0; i < rows.length; i += 1) {
    const code = codes[rows[i] as number] as number
    if (code < 0) continue
    levels[i] = 1
    let place = renumbered[code] as number
    if (place < 0) {
      place = used
      renumbered[code] = used
      entries[used++] = code
    }
    places[count++] = place
  }
  return { entries: entries.subarray(0, used), places: places.subarray(0, count), levels }
}

function encodeTexts(cells: TextCells, rows: Int32Array, { nullable, plain, statistics }: CellsForm, scratch: Scratch): EncodedColumn {
  const { codes, starts, sizes } = cells
  const { entries, places, levels } = findUsed(codes, starts.length, rows, scratch)
  const nulls = rows.length - places.length
  let dictionaryBytes = entries.length * 4
  for (const code of entries) dictionaryBytes += sizes[code] as number
  let plainBytes = places.length * 4
  for (const place of places) plainBytes += sizes[entries[place] as number] as number
  const bits = countBits(entries.length)
  const { low, high } = statistics ? findTextBounds(cells, entries) : { low: undefined, high: undefined }
  // As a dictionary when that halves it.
  if (!plain && 2 * (dictionaryBytes + (places.length * bits) / 8) <= plainBytes) {
    const body = joinTexts(cells, entries, 0, entries.length, undefined, dictionaryBytes)
    return { encoding: 'RLE_DICTIONARY', dictionary: { entries: entries.length, body }, pages: [toPlacePage(places, bits, levels, nullable)], nulls, low, high }
  }
  return { encoding: 'PLAIN', dictionary: undefined, pages: cutTexts(cells, entries, places, levels, nullable), nulls, low, high }
}

/** Texts each behind its size, in pages of about `PAGE_BYTES`. */
function cutTexts(cells: TextCells, entries: Int32Array, places: Int32Array, levels: Int32Array, nullable: boolean): Page[] {
  const pages: Page[] = []
  let fromPlace = 0
  let fromRow = 0
  let bytes = 0
  let place = 0
  const cut = (toRow: number): void => {
    const own = levels.subarray(fromRow, toRow)
    pages.push({ rows: own.length, nulls: own.length - (place - fromPlace), levels: toLevels(own, nullable), body: joinTexts(cells, entries, fromPlace, place, places, bytes) })
    fromRow = toRow
    fromPlace = place
    bytes = 0
  }
  for (let row = 0; row < levels.length; row += 1) {
    if (levels[row] === 0) continue
    const size = 4 + (cells.sizes[entries[places[place] as number] as number] as number)
    if (bytes > 0 && bytes + size > PAGE_BYTES) cut(row)
    bytes += size
    place += 1
  }
  cut(levels.length)
  return pages
}

function joinTexts({ bytes, starts, sizes }: TextCells, entries: Int32Array, from: number, to: number, places: Int32Array | undefined, sizeBytes: number): Uint8Array {
  const out = new Uint8Array(sizeBytes)
  const view = new DataView(out.buffer)
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (let i = from; i < to; i += 1) {
    const code = entries[places === undefined ? i : (places[i] as number)] as number
    const size = sizes[code] as number
    const start = starts[code] as number
    view.setInt32(at, size, true)
    at += 4
    // A call for so few bytes would cost more than they do.
    if (size < 128) {
      let j = 0
      for (; j + 4 <= size; j += 4) view.setInt32(at + j, source.getInt32(start + j, true), true)
      for (; j < size; j += 1) out[at + j] = bytes[start + j] as number
    } else out.set(bytes.subarray(start, start + size), at)
    at += size
  }
  return out
}

function findTextBounds({ bytes, starts, sizes }: TextCells, entries: Int32Array): { low: Bound | undefined; high: Bound | undefined } {
  const [first] = entries
  if (first === undefined) return { low: undefined, high: undefined }
  let low = first
  let high = first
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isBefore = (a: number, b: number): boolean => {
    const aAt = starts[a] as number
    const bAt = starts[b] as number
    const aSize = sizes[a] as number
    const bSize = sizes[b] as number
    const size = Math.min(aSize, bSize)
    let i = 0
    while (i + 4 <= size && view.getInt32(aAt + i) === view.getInt32(bAt + i)) i += 4
    for (; i < size; i += 1) {
      const difference = (bytes[aAt + i] as number) - (bytes[bAt + i] as number)
      if (difference !== 0) return difference < 0
    }
    return aSize < bSize
  }
  for (const code of entries) {
    if (isBefore(code, low)) low = code
    else if (isBefore(high, code)) high = code
  }
  const toBytes = (code: number): Uint8Array => bytes.slice(starts[code] as number, (starts[code] as number) + (sizes[code] as number))
  return { low: toBytes(low), high: toBytes(high) }
}

function encodeNumbers({ values }: NumberCells, rows: Int32Array, { nullable, isDouble }: CellsForm, scratch: Scratch): EncodedColumn {
  const kept = new Float64Array(rows.length)
  const levels = scratch.levels.subarray(0, rows.length)
  levels.fill(0)
  let count = 0
  for (let i = 0; i < rows.length; i += 1) {
    const value = values[rows[i] as number] as number
    // NaN is nothing.
    if (value !== value) continue
    levels[i] = 1
    kept[count++] = value
  }
  const own = kept.subarray(0, count)
  const nulls = rows.length - count
  const pages = [{ rows: rows.length, nulls, levels: toLevels(levels, nullable), body: toPlain(own, isDouble) }]
  return { encoding: 'PLAIN', dictionary: undefined, pages, nulls, ...findBounds(own, isDouble) }
}

function encodeCoded({ codes, values }: CodedCells, rows: Int32Array, { nullable, isDouble }: CellsForm, scratch: Scratch): EncodedColumn {
  const { entries, places, levels } = findUsed(codes, values.length, rows, scratch)
  const used = Float64Array.from(entries, (code) => values[code] as number)
  const dictionary = { entries: used.length, body: toPlain(used, isDouble) }
  return { encoding: 'RLE_DICTIONARY', dictionary, pages: [toPlacePage(places, countBits(used.length), levels, nullable)], nulls: rows.length - places.length, ...findBounds(used, isDouble) }
}

function encodeFlags({ values }: FlagCells, rows: Int32Array, { nullable }: CellsForm, scratch: Scratch): EncodedColumn {
  const { entries, places, levels } = findUsed(values, 2, rows, scratch)
  const bits = encodeRuns(places.map((place) => entries[place] as number), 1)
  const body = new Uint8Array(4 + bits.byteLength)
  new DataView(body.buffer).setUint32(0, bits.byteLength, true)
  body.set(bits, 4)
  const nulls = rows.length - places.length
  const found = [...entries].sort((a, b) => a - b)
  const pages = [{ rows: rows.length, nulls, levels: toLevels(levels, nullable), body }]
  return { encoding: 'RLE', dictionary: undefined, pages, nulls, low: found.length === 0 ? undefined : found[0] === 1, high: found.length === 0 ? undefined : found.at(-1) === 1 }
}

function toPlacePage(places: Int32Array, bits: number, levels: Int32Array, nullable: boolean): Page {
  const runs = encodeRuns(places, bits)
  const body = new Uint8Array(1 + runs.byteLength)
  body[0] = bits
  body.set(runs, 1)
  return { rows: levels.length, nulls: levels.length - places.length, levels: toLevels(levels, nullable), body }
}

function toLevels(levels: Int32Array, nullable: boolean): Uint8Array {
  return nullable ? encodeRuns(levels, 1) : NO_BYTES
}

/** Little-endian, 8 bytes each; integers are exact up to 2^53. */
function toPlain(values: Float64Array, isDouble: boolean): Uint8Array {
  const out = new Uint8Array(values.length * 8)
  const view = new DataView(out.buffer)
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number
    if (isDouble) view.setFloat64(i * 8, value, true)
    else {
      view.setInt32(i * 8, value, true)
      view.setInt32(i * 8 + 4, Math.floor(value / 4_294_967_296), true)
    }
  }
  return out
}

function findBounds(values: Float64Array, isDouble: boolean): { low: Bound | undefined; high: Bound | undefined } {
  if (values.length === 0) return { low: undefined, high: undefined }
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  // A bound of zero has both signs (parquet.thrift, ColumnOrder).
  if (isDouble) return { low: low === 0 ? -0 : low, high: high === 0 ? 0 : high }
  return { low: BigInt(low), high: BigInt(high) }
}
