// The table of a bucket file, read by the kernel; the cells that it leaves over are read here, one by one.
import { UNNAMED, type BucketColumn } from '../domain/bucket-columns.ts'
import type { SealedPart } from '../domain/delivered-event.ts'
import { parseInstant } from '../domain/instant.ts'
import { toCoded, toTexts, type Cells, type NumberCells, type TextCells } from '../parquet/cells.ts'
import type { BucketKernel, ReadEvents } from './bucket-kernel.ts'
import { toFileColumn, toSealedColumns, toUnnamed, type BucketTable, type RowFacts } from './bucket-rows.ts'
import { addClient, type ClientRun } from './client-runs.ts'
import type { PackedEvents } from './packed-events.ts'

/** Undefined when an event among them has to be read with care. */
export function readPlainBucket(kernel: BucketKernel, columns: BucketColumn[], startMs: number, events: PackedEvents): BucketTable | undefined {
  const properties = columns.filter((column) => column.property !== undefined)
  const read = kernel.read(properties, columns.some(isUnnamed), events)
  if (read === undefined) return undefined
  const late = readLateCells(read, properties, events)
  settleInstants(read.occurredMs, late.occurredMs, events)
  const toCells = (column: BucketColumn): Cells => {
    if (column.property !== undefined) return late.properties.get(column) ?? (read.properties[properties.indexOf(column)] as Cells)
    switch (column.name) {
      case 'id':
        return read.ids
      case 'userId':
        return read.userIds
      case 'anonymousId':
        return read.anonymousIds
      case 'occurredAt':
        return { kind: 'numbers', values: truncate(read.occurredMs) }
      case 'receivedAt':
        return toCoded(events.timesMs)
      case 'late':
        return { kind: 'flags', values: findLate(read.occurredMs, startMs) }
      default:
        return toTexts(isUnnamed(column) ? late.unnamed : late.contexts)
    }
  }
  return {
    columns: [...columns.map((column) => toFileColumn(column, toCells(column))), ...toSealedColumns(late.sealed)],
    order: orderByUser(read),
    facts: describe(read, late.sealed, startMs),
    clients: late.clients,
  }
}

function findLate(occurredMs: Float64Array, startMs: number): Int32Array {
  const late = new Int32Array(occurredMs.length)
  for (let row = 0; row < late.length; row += 1) late[row] = (occurredMs[row] as number) < startMs ? 1 : 0
  return late
}

function truncate(occurredMs: Float64Array): Float64Array {
  const whole = new Float64Array(occurredMs.length)
  for (let row = 0; row < whole.length; row += 1) whole[row] = Math.trunc(occurredMs[row] as number)
  return whole
}

function isUnnamed({ name, property }: BucketColumn): boolean {
  return name === UNNAMED && property === undefined
}

type LateCells = {
  occurredMs: Map<number, number | undefined>
  contexts: (string | null)[]
  unnamed: (string | null)[]
  sealed: (SealedPart | undefined)[]
  properties: Map<BucketColumn, TextCells>
  clients: Map<string, ClientRun>
}

/** Numbers go where their cells are; texts of JSON columns become cells of their own. */
function readLateCells(read: ReadEvents, properties: BucketColumn[], { values, ends, fresh }: PackedEvents): LateCells {
  const rows = ends.length
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  const named = new Set(properties.flatMap(({ property }) => property ?? []))
  const late: LateCells = { occurredMs: new Map(), contexts: new Array<string | null>(rows).fill(null), unnamed: new Array<string | null>(rows).fill(null), sealed: new Array<SealedPart | undefined>(rows).fill(undefined), properties: new Map(), clients: new Map() }
  const texts = new Map<number, (string | null)[]>()
  for (const [i, { type }] of properties.entries()) if (type === 'json') texts.set(i, new Array<string | null>(rows).fill(null))
  for (const { field, row, from, to } of read.lates) {
    const value = JSON.parse(bytes.toString('utf8', from, to)) as unknown
    if (typeof field === 'number') {
      const own = texts.get(field)
      if (own !== undefined) own[row] = JSON.stringify(value)
      else setNumber(read.properties[field] as NumberCells, row, value as number, properties[field]?.type === 'integer')
    } else if (field === 'occurredAt') late.occurredMs.set(row, parseInstant(value as string))
    else if (field === 'sealed') late.sealed[row] = value as SealedPart
    else if (field === 'unnamed') late.unnamed[row] = toUnnamed(value as Record<string, unknown>, named)
    else {
      late.contexts[row] = JSON.stringify(value)
      if (row >= fresh) addClient(late.clients, value as Record<string, unknown>)
    }
  }
  for (const [i, own] of texts) late.properties.set(properties[i] as BucketColumn, toTexts(own))
  return late
}

function setNumber({ values }: NumberCells, row: number, value: number, isInteger: boolean): void {
  values[row] = isInteger && !Number.isSafeInteger(value) ? NaN : value
}

/** An event without a time of its own happened when it was received; one whose client's clock is wrong, when a header says. */
function settleInstants(occurredMs: Float64Array, late: ReadonlyMap<number, number | undefined>, { timesMs, headers }: PackedEvents): void {
  for (const [row, ms] of late) if (ms !== undefined) occurredMs[row] = ms
  for (const [row, { o }] of headers) if (o !== undefined) occurredMs[row] = Number(o)
  for (let row = 0; row < occurredMs.length; row += 1) if (Number.isNaN(occurredMs[row])) occurredMs[row] = timesMs[row] as number
}

function describe({ occurredMs, minId, maxId }: ReadEvents, sealed: (SealedPart | undefined)[], startMs: number): RowFacts {
  let late = 0
  let minOccurredMs = Infinity
  let maxOccurredMs = -Infinity
  for (const ms of occurredMs) {
    if (ms < startMs) late += 1
    if (ms < minOccurredMs) minOccurredMs = ms
    if (ms > maxOccurredMs) maxOccurredMs = ms
  }
  const sealedRows = sealed.reduce((sum, part) => sum + (part === undefined ? 0 : 1), 0)
  return { rows: occurredMs.length, late, ...(sealedRows === 0 ? {} : { sealed: sealedRows }), minOccurredMs, maxOccurredMs, minId, maxId }
}

/** As `sortByUser`: users by code units, nobody last, each user's rows in their order. */
function orderByUser({ userIds, anonymousIds }: ReadEvents): Int32Array {
  const rows = userIds.codes.length
  const places = new Map<string, number>()
  const placeOf = [userIds, anonymousIds].map((cells) => createPlaces(cells, places)) as [(row: number) => number, (row: number) => number]
  const owners = new Int32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const user = placeOf[0](row)
    owners[row] = user >= 0 ? user : placeOf[1](row)
  }
  const nobody = places.size
  const ranks = new Int32Array(nobody + 1)
  ranks[nobody] = nobody
  for (const [rank, name] of [...places.keys()].sort().entries()) ranks[places.get(name) as number] = rank
  const next = new Int32Array(nobody + 2)
  for (let row = 0; row < rows; row += 1) {
    const owner = owners[row] as number
    const rank = ranks[owner < 0 ? nobody : owner] as number
    owners[row] = rank
    next[rank + 1] = (next[rank + 1] as number) + 1
  }
  for (let rank = 1; rank < next.length; rank += 1) next[rank] = (next[rank] as number) + (next[rank - 1] as number)
  const order = new Int32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const rank = owners[row] as number
    const at = next[rank] as number
    order[at] = row
    next[rank] = at + 1
  }
  return order
}

/** The place of a row's text among all texts that were asked for; -1 when it has none. */
function createPlaces({ codes, bytes, starts, sizes }: TextCells, places: Map<string, number>): (row: number) => number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const known = new Int32Array(starts.length).fill(-1)
  return (row) => {
    const code = codes[row] as number
    if (code < 0) return -1
    const found = known[code] as number
    if (found >= 0) return found
    const start = starts[code] as number
    const text = buffer.toString('utf8', start, start + (sizes[code] as number))
    const place = places.get(text) ?? places.size
    places.set(text, place)
    known[code] = place
    return place
  }
}
