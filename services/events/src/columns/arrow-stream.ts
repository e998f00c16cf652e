// Reads an Arrow IPC stream out of a request: its fields, and its batches as views of the request. The grammar is
// https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc:
//
//   stream  := message* [0xffffffff 0x00000000]
//   message := 0xffffffff | metadataBytes i32 | metadata (FlatBuffer "Message", padded to 8) | body (bodyLength bytes)
//
// Everything is checked against the bytes that are there. What was read points only inside of the request, and offsets of texts never go back.
import type { ArrowBatch, ArrowColumn, ArrowField, ArrowStream, ArrowType } from './arrow-types.ts'
import { isValid } from './cells.ts'
import { BadBuffer, FlatBuffer } from './flat-buffer.ts'

const CONTINUATION = 0xffffffff
const [SCHEMA, DICTIONARY_BATCH, RECORD_BATCH] = [1, 2, 3] as const
const MAX_FIELDS = 1_000
/** Of all batches: rows of nothing but nulls cost no bytes. */
const MAX_ROWS = 1_000_000
/** Texts of all rows, in those of a dictionary its longest entry: a short stream may stand for very long ones. */
const MAX_TEXT_BYTES = 128 * 1024 * 1024

/** Throws BadBuffer. */
export function readArrowStream(bytes: Uint8Array): ArrowStream {
  let fields: ArrowField[] | undefined
  let type: string | undefined
  const dictionaries = new Map<number, ArrowColumn>()
  const batches: ArrowBatch[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let rows = 0
  let textBytes = 0
  let at = 0
  while (at < bytes.byteLength) {
    if (at + 8 > bytes.byteLength) throw new BadBuffer(`it ends inside of a message, at byte ${at}`)
    if (view.getUint32(at, true) !== CONTINUATION) throw new BadBuffer(`no message begins at byte ${at} (an IPC stream is wanted, not an IPC file)`)
    const metadataBytes = view.getUint32(at + 4, true)
    if (metadataBytes === 0) break
    const bodyAt = at + 8 + metadataBytes
    if (bodyAt > bytes.byteLength) throw new BadBuffer(`it ends inside of the metadata of the message at byte ${at}`)
    const message = new FlatBuffer(bytes.subarray(at + 8, bodyAt))
    const root = message.root()
    const lengthAt = message.field(root, 3)
    const bodyBytes = lengthAt === undefined ? 0 : message.size(lengthAt)
    if (bodyAt + bodyBytes > bytes.byteLength) throw new BadBuffer(`the message at byte ${at} says that its body has ${bodyBytes} bytes, and ${bytes.byteLength - bodyAt} follow`)
    const body = bytes.subarray(bodyAt, bodyAt + bodyBytes)
    const kindAt = message.field(root, 1)
    const kind = kindAt === undefined ? 0 : message.u8(kindAt)
    const header = message.target(root, 2)
    if (header === undefined) throw new BadBuffer(`the message at byte ${at} has no header`)
    if (kind === SCHEMA) {
      if (fields !== undefined) throw new BadBuffer('it has two schemas')
      fields = readFields(message, header)
      type = findTypeName(message, header)
    } else if (fields === undefined) throw new BadBuffer('it does not begin with its schema')
    else if (kind === DICTIONARY_BATCH) readDictionary(message, header, body, fields, dictionaries)
    else if (kind === RECORD_BATCH) {
      const batch = readBatch(message, header, body, fields, dictionaries)
      rows += batch.rows
      textBytes += batch.columns.reduce((sum, column) => sum + countTextBytes(column), 0)
      if (rows > MAX_ROWS || textBytes > MAX_TEXT_BYTES) throw new BadBuffer(`it has more than ${MAX_ROWS} rows, or texts of more than ${MAX_TEXT_BYTES} bytes; send fewer rows at once`)
      batches.push(batch)
    }
    at = bodyAt + bodyBytes
  }
  if (fields === undefined) throw new BadBuffer('it has no schema')
  return { fields, type, batches }
}

function readFields(message: FlatBuffer, schema: number): ArrowField[] {
  const endianness = message.field(schema, 0)
  if (endianness !== undefined && message.i16(endianness) !== 0) throw new BadBuffer('its numbers are big-endian')
  const tables = message.tables(schema, 1)
  if (tables.length > MAX_FIELDS) throw new BadBuffer(`it has ${tables.length} columns; at most ${MAX_FIELDS} are read`)
  const fields = tables.map((table): ArrowField => {
    const name = message.text(table, 0) ?? ''
    const type = readType(message, table, name)
    const encoding = message.target(table, 4)
    if (encoding === undefined) return { name, type, dictionary: undefined }
    const idAt = message.field(encoding, 0)
    const indexTable = message.target(encoding, 1)
    const index = indexTable === undefined ? ({ kind: 'integer', bytes: 4, signed: true } as const) : readIntegerType(message, indexTable, name)
    return { name, type, dictionary: { id: idAt === undefined ? 0 : message.size(idAt), index } }
  })
  const names = new Set<string>()
  for (const { name } of fields) {
    if (names.has(name)) throw new BadBuffer(`two columns are called "${name}"`)
    names.add(name)
  }
  return fields
}

/** Other entries may be long (pandas writes its own) and are not read. */
function findTypeName(message: FlatBuffer, schema: number): string | undefined {
  const pairs = message.tables(schema, 2)
  if (pairs.length > MAX_FIELDS) throw new BadBuffer(`its schema has ${pairs.length} entries of metadata`)
  const pair = pairs.find((entry) => message.text(entry, 0) === 'type')
  return pair === undefined ? undefined : message.text(pair, 1)
}

/** By their numbers in the union `Type` of Arrow's Schema.fbs, as pyarrow calls them. */
const UNREAD: Readonly<Record<number, string>> = {
  3: 'float16',
  4: 'binary',
  7: 'decimal',
  8: 'date',
  9: 'time',
  11: 'interval',
  12: 'list',
  13: 'struct',
  14: 'union',
  15: 'fixed_size_binary',
  16: 'fixed_size_list',
  17: 'map',
  18: 'duration',
  19: 'large_binary',
  21: 'large_list',
  22: 'run_end_encoded',
  23: 'binary_view',
  24: 'string_view',
  25: 'list_view',
  26: 'large_list_view',
}

/** The numbers are those of the union `Type` in Arrow's Schema.fbs. */
function readType(message: FlatBuffer, field: number, name: string): ArrowType {
  const kindAt = message.field(field, 2)
  const kind = kindAt === undefined ? 0 : message.u8(kindAt)
  const type = message.target(field, 3)
  const read = (id: number, otherwise: number): number => {
    const at = type === undefined ? undefined : message.field(type, id)
    return at === undefined ? otherwise : message.i16(at)
  }
  switch (kind) {
    case 1:
      return { kind: 'null' }
    case 2:
      if (type === undefined) break
      return readIntegerType(message, type, name)
    case 3:
      if (read(0, 0) === 0) break
      return { kind: 'float', bytes: read(0, 0) === 1 ? 4 : 8 }
    case 5:
      return { kind: 'text', large: false }
    case 6:
      return { kind: 'boolean' }
    case 10:
      return { kind: 'timestamp', perMs: [0.001, 1, 1e3, 1e6][read(0, 0)] ?? 1 }
    case 20:
      return { kind: 'text', large: true }
  }
  throw new BadBuffer(`column "${name}" is of a type that is not read (${UNREAD[kind] ?? `number ${kind}`}); texts (utf8), integers, floats, booleans and timestamps are, also as dictionaries`)
}

function readIntegerType(message: FlatBuffer, type: number, name: string): ArrowType & { kind: 'integer' } {
  const widthAt = message.field(type, 0)
  const signedAt = message.field(type, 1)
  const bytes = (widthAt === undefined ? 0 : message.i32(widthAt)) / 8
  if (bytes !== 1 && bytes !== 2 && bytes !== 4 && bytes !== 8) throw new BadBuffer(`column "${name}" has integers of ${bytes * 8} bits`)
  return { kind: 'integer', bytes, signed: signedAt !== undefined && message.u8(signedAt) !== 0 }
}

function readDictionary(message: FlatBuffer, header: number, body: Uint8Array, fields: ArrowField[], into: Map<number, ArrowColumn>): void {
  const idAt = message.field(header, 0)
  const id = idAt === undefined ? 0 : message.size(idAt)
  const deltaAt = message.field(header, 2)
  if (deltaAt !== undefined && message.u8(deltaAt) !== 0) throw new BadBuffer('it extends a dictionary (a delta); send dictionaries whole')
  const field = fields.find(({ dictionary }) => dictionary?.id === id)
  const data = message.target(header, 1)
  if (field === undefined || data === undefined) throw new BadBuffer(`no column has the dictionary ${id}`)
  const { columns } = readBatch(message, data, body, [{ ...field, dictionary: undefined }], into)
  into.set(id, columns[0] as ArrowColumn)
}

function readBatch(message: FlatBuffer, header: number, body: Uint8Array, fields: ArrowField[], dictionaries: Map<number, ArrowColumn>): ArrowBatch {
  if (message.target(header, 3) !== undefined) throw new BadBuffer('its buffers are compressed; send them plain (the request as a whole may be gzip or zstd)')
  const lengthAt = message.field(header, 0)
  const rows = lengthAt === undefined ? 0 : message.size(lengthAt)
  if (rows > MAX_ROWS) throw new BadBuffer(`a batch says that it has ${rows} rows; at most ${MAX_ROWS} are taken at once`)
  const nodes = message.list(header, 1, 16)
  const buffers = message.list(header, 2, 16)
  if (nodes.count !== fields.length) throw new BadBuffer(`a batch has ${nodes.count} columns and the schema ${fields.length}`)
  let next = 0
  const take = (): Uint8Array => {
    if (next >= buffers.count) throw new BadBuffer('a batch has fewer buffers than its columns need')
    const at = buffers.at + next * 16
    next += 1
    const from = message.size(at)
    const size = message.size(at + 8)
    if (from + size > body.byteLength) throw new BadBuffer(`a buffer lies at bytes ${from} to ${from + size} of a body that has ${body.byteLength}`)
    return body.subarray(from, from + size)
  }
  const columns = fields.map((field, i): ArrowColumn => {
    const count = message.size(nodes.at + i * 16)
    if (count !== rows) throw new BadBuffer(`column "${field.name}" has ${count} rows and its batch ${rows}`)
    return readColumn(field, rows, message.size(nodes.at + i * 16 + 8), take, dictionaries)
  })
  return { rows, columns }
}

function readColumn({ name, type, dictionary }: ArrowField, rows: number, nulls: number, take: () => Uint8Array, dictionaries: Map<number, ArrowColumn>): ArrowColumn {
  const need = (bytes: Uint8Array, sizeBytes: number, what: string): Uint8Array => {
    if (bytes.byteLength < sizeBytes) throw new BadBuffer(`the ${what} of column "${name}" have ${bytes.byteLength} bytes; ${rows} rows need ${sizeBytes}`)
    return bytes
  }
  if (type.kind === 'null' && dictionary === undefined) return { type, rows, valid: undefined, values: new Uint8Array(0), offsets: undefined, dictionary: undefined, places: undefined }
  const bits = Math.ceil(rows / 8)
  const validity = take()
  const valid = nulls === 0 || validity.byteLength === 0 ? undefined : need(validity, bits, 'null marks')
  if (dictionary !== undefined) {
    const known = dictionaries.get(dictionary.id)
    if (known === undefined) throw new BadBuffer(`column "${name}" is sent before its dictionary`)
    const values = need(take(), rows * dictionary.index.bytes, 'values')
    const column: ArrowColumn = { type: dictionary.index, rows, valid, values, offsets: undefined, dictionary: known, places: readPlaces(values, rows, dictionary.index) }
    const places = column.places as Int32Array
    for (let row = 0; row < rows; row += 1) {
      const place = places[row] as number
      if ((place < 0 || place >= known.rows) && isValid(column, row)) throw new BadBuffer(`row ${row} of column "${name}" is entry ${place} of a dictionary that has ${known.rows}`)
    }
    return column
  }
  if (type.kind !== 'text') {
    const width = type.kind === 'timestamp' ? 8 : type.kind === 'integer' || type.kind === 'float' ? type.bytes : 0
    return { type, rows, valid, values: need(take(), width === 0 ? bits : rows * width, 'values'), offsets: undefined, dictionary: undefined, places: undefined }
  }
  const offsets = rows === 0 ? (take(), new Uint32Array(1)) : readOffsets(need(take(), (rows + 1) * (type.large ? 8 : 4), 'offsets'), rows + 1, type.large)
  const values = take()
  let before = 0
  for (let i = 0; i <= rows; i += 1) {
    const offset = offsets[i] as number
    if (offset < before || offset > values.byteLength) throw new BadBuffer(`the texts of column "${name}" lie out of order or outside of their ${values.byteLength} bytes`)
    before = offset
  }
  return { type, rows, valid, values, offsets, dictionary: undefined, places: undefined }
}

/** At most what the texts of a column are as they are written: of a dictionary the longest entry in each row. */
function countTextBytes({ dictionary, offsets, rows }: ArrowColumn): number {
  if (dictionary === undefined) return offsets === undefined ? 0 : (offsets[rows] as number) - (offsets[0] as number)
  const entries = dictionary.offsets
  let longest = 0
  for (let i = 0; entries !== undefined && i < dictionary.rows; i += 1) longest = Math.max(longest, (entries[i + 1] as number) - (entries[i] as number))
  return longest * rows
}

/** Places beyond what a request can hold become -1. */
function readPlaces(bytes: Uint8Array, rows: number, { bytes: width, signed }: { bytes: 1 | 2 | 4 | 8; signed: boolean }): Int32Array {
  // Of its own, so that it begins where numbers may.
  const { buffer } = Uint8Array.from(bytes.subarray(0, rows * width))
  if (width === 4) return new Int32Array(buffer)
  if (width === 8) return Int32Array.from(new BigInt64Array(buffer), (place) => (place < 0 || place > MAX_ROWS * 16 ? -1 : Number(place)))
  if (width === 2) return Int32Array.from(signed ? new Int16Array(buffer) : new Uint16Array(buffer))
  return Int32Array.from(signed ? new Int8Array(buffer) : new Uint8Array(buffer))
}

function readOffsets(bytes: Uint8Array, count: number, large: boolean): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const offsets = new Uint32Array(count)
  // Of a large one, whatever does not fit is outside of any request.
  if (large) for (let i = 0; i < count; i += 1) offsets[i] = view.getUint32(i * 8 + 4, true) === 0 ? view.getUint32(i * 8, true) : 0xffffffff
  else new Uint8Array(offsets.buffer).set(bytes.subarray(0, count * 4))
  return offsets
}
