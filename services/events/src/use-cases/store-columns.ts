// Makes the events of an Arrow stream durable: good rows go to the log as blocks, without an object a row; all others the careful way.
import { isUtf8 } from 'node:buffer'
import { readArrowStream } from '../columns/arrow-stream.ts'
import type { ArrowBatch, ArrowColumn, ArrowStream } from '../columns/arrow-types.ts'
import { isValid, sliceText } from '../columns/cells.ts'
import { CAREFUL_ROW, DUPLICATE_ROW, OTHER_ROW, type ColumnGroup, type ColumnKernel } from '../columns/column-kernel.ts'
import { planColumns } from '../columns/column-plan.ts'
import { BadBuffer } from '../columns/flat-buffer.ts'
import { MAX_PACKED_ROW_BYTES, PACKED_COLUMNS } from '../columns/packed-columns.ts'
import { writeRow } from '../columns/row-text.ts'
import { ACCEPTED, DEAD, DUPLICATE, listResults } from '../collector/write-results.ts'
import type { EventType } from '../domain/event-type.ts'
import type { RecentIds } from '../domain/recent-ids.ts'
import { errors } from '../errors.ts'
import { receiveTime, type Room } from '../room.ts'
import { storeEvents, storePlain } from './store-events.ts'

/** `results`: rows, counted over all batches, that are dead, with their reasons. */
export type StoredColumns = { accepted: number; duplicate: number; dead: number; results: { row: number; id: string | null; status: string; reason?: string }[] }

/** An Arrow IPC stream whose rows have ids and types. Throws COLUMNS_UNREADABLE. */
export function readColumns(body: Buffer, typeName: string | undefined): ArrowStream {
  const stream = readStream(body)
  const wholeType = typeName ?? stream.type
  if (!stream.fields.some(({ name }) => name === 'id')) throw errors.columnsUnreadable({ reason: 'it has no column "id"' })
  if (wholeType === undefined && !stream.fields.some(({ name }) => name === 'type')) throw errors.columnsUnreadable({ reason: 'neither ?type=, nor "type" in the metadata of its schema, nor a column "type" tells the type of its events' })
  return { ...stream, type: wholeType }
}

/** Throws COLUMNS_UNREADABLE for what is too much at once; then nothing of it was taken. */
export async function storeColumns(room: Room, stream: ArrowStream, kernel: ColumnKernel | undefined): Promise<StoredColumns> {
  const receivedAtMs = receiveTime(room)
  const wholeType = stream.type
  const marks = stream.batches.map(({ rows }) => new Uint8Array(rows))
  const count = countRows(stream)
  const settle = (recent: RecentIds): { groups: ColumnGroup[]; duplicates: Map<string, number> | undefined; answer: string } => {
    const groups: ColumnGroup[] = []
    const duplicates = new Map<string, number>()
    for (const [i, batch] of stream.batches.entries()) groups.push(...takeBatch(room, stream, batch, marks[i] as Uint8Array, { wholeType, kernel, receivedAtMs, recent, duplicates }))
    return { groups, duplicates: duplicates.size > 0 ? duplicates : undefined, answer: '' }
  }
  // Both note their ids before anything else may run, and wait for the disk together.
  const [plain, careful] = await Promise.allSettled([storePlain(room, { count, settle }, receivedAtMs), storeCareful(room, stream, marks, wholeType, receivedAtMs)])
  if (plain.status === 'rejected') throw plain.reason
  if (careful.status === 'rejected') throw careful.reason
  const stored = careful.value
  for (const part of marks) {
    const [good = 0, duplicate = 0] = countMarks(part)
    stored.accepted += good
    stored.duplicate += duplicate
  }
  return stored
}

export function countRows({ batches }: ArrowStream): number {
  return batches.reduce((sum, { rows }) => sum + rows, 0)
}

function readStream(body: Buffer): ArrowStream {
  try {
    return readArrowStream(body)
  } catch (error) {
    if (error instanceof BadBuffer) throw errors.columnsUnreadable({ reason: error.message }, error)
    throw error
  }
}

type Taking = { wholeType: string | undefined; kernel: ColumnKernel | undefined; receivedAtMs: number; recent: RecentIds; duplicates: Map<string, number> }

function takeBatch(room: Room, { fields }: ArrowStream, batch: ArrowBatch, marks: Uint8Array, { wholeType, kernel, receivedAtMs, recent, duplicates }: Taking): ColumnGroup[] {
  const groups: ColumnGroup[] = []
  const [names, typeOf] = wholeType === undefined ? listTypes(batch.columns[fields.findIndex(({ name }) => name === 'type')] as ArrowColumn) : [[wholeType], undefined]
  for (const [index, name] of names.entries()) {
    const type = name === undefined ? undefined : room.flows.get(name)?.type
    const segments = type === undefined || kernel === undefined ? undefined : planColumns(fields, type)
    if (type === undefined || kernel === undefined || segments === undefined) {
      for (let row = 0; row < batch.rows; row += 1) if (typeOf === undefined || typeOf[row] === index) marks[row] = CAREFUL_ROW
      continue
    }
    const mine = typeOf === undefined ? marks : Uint8Array.from(typeOf, (one) => (one === index ? 0 : OTHER_ROW))
    groups.push(...kernel.take(batch, segments, type, receivedAtMs, mine, recent, packs(room, type)))
    if (mine !== marks) for (let row = 0; row < batch.rows; row += 1) if (mine[row] !== OTHER_ROW) marks[row] = mine[row] as number
    const known = countMarks(mine)[DUPLICATE_ROW] ?? 0
    if (known > 0) duplicates.set(type.name, (duplicates.get(type.name) ?? 0) + known)
  }
  return groups
}

/** How many rows have each mark. */
function countMarks(marks: Uint8Array): number[] {
  const counts = [0, 0, 0, 0]
  for (let row = 0; row < marks.length; row += 1) counts[marks[row] as number] = (counts[marks[row] as number] as number) + 1
  return counts
}

/** What is personal is sealed a row at a time, and no block of it is kept. */
function packs({ deps }: Room, { personal }: EventType): boolean {
  const { packed, maxRecordBytes } = deps.eventLog.capabilities
  return !personal.holds && packed.includes(PACKED_COLUMNS) && maxRecordBytes >= MAX_PACKED_ROW_BYTES
}

/** The types of a column, undefined for what is none, and which of them each row has. */
function listTypes(column: ArrowColumn): [names: (string | undefined)[], typeOf: Int32Array] {
  const places = new Map<string | undefined, number>()
  const typeOf = new Int32Array(column.rows)
  const texts = column.dictionary ?? column
  for (let row = 0; row < column.rows; row += 1) {
    const at = column.places === undefined ? row : (column.places[row] as number)
    const name = isValid(column, row) && texts.type.kind === 'text' && isValid(texts, at) ? sliceText(texts, at).toString('utf8') : undefined
    const place = places.get(name) ?? places.size
    places.set(name, place)
    typeOf[row] = place
  }
  return [[...places.keys()], typeOf]
}

/** Rows marked CAREFUL_ROW, as the lines that they would have been. */
async function storeCareful(room: Room, { fields, batches }: ArrowStream, marks: Uint8Array[], wholeType: string | undefined, receivedAtMs: number): Promise<StoredColumns> {
  const rows: number[] = []
  const lines: Buffer[] = []
  let before = 0
  for (const [i, batch] of batches.entries()) {
    const mine = marks[i] as Uint8Array
    for (let row = mine.indexOf(CAREFUL_ROW); row >= 0; row = mine.indexOf(CAREFUL_ROW, row + 1)) {
      rows.push(before + row)
      lines.push(writeRow(fields, batch, row, wholeType), NEWLINE)
    }
    before += batch.rows
  }
  const stored: StoredColumns = { accepted: 0, duplicate: 0, dead: 0, results: [] }
  if (rows.length === 0) return stored
  const bytes = Buffer.concat(lines)
  const { outcomes, answer } = await storeEvents(room, bytes, room.scanner.scanLines(bytes, receivedAtMs, isUtf8), receivedAtMs)
  const results = listResults(answer)
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome === ACCEPTED) stored.accepted += 1
    else if (outcome === DUPLICATE) stored.duplicate += 1
    else if (outcome === DEAD) stored.dead += 1
    if (outcome === DEAD) stored.results.push({ row: rows[i] as number, ...(results[i] as { id: string | null; status: string; reason?: string }) })
  }
  return stored
}

const NEWLINE = Buffer.from('\n')
