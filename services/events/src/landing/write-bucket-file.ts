// Writes the events of one hour as a Parquet file, sorted by user.
import { createHash } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer'
import { SEALED, SEALED_BY, UNNAMED, type BucketColumn } from '../domain/bucket-columns.ts'
import { findClientRuns, type ClientRun } from './client-runs.ts'
import { unpackEvents, type PackedEvents, type ReceivedEvent } from './packed-events.ts'

/** Below this a compressor costs more than it saves. */
const COMPRESS_FROM_ROWS = 400
const ROW_GROUP_ROWS = 100_000

/** Of the rows of one type in a file. Instants in epoch ms. `sealed`: rows with something sealed; absent when there are none. */
export type RowFacts = { rows: number; late: number; sealed?: number; minOccurredMs: number; maxOccurredMs: number; minId: string; maxId: string }

/** `sha256`: of the bytes, in hex. */
export type BucketBytes = RowFacts & { bytes: Uint8Array<ArrayBuffer>; sha256: string; /** Of the events that are in no file yet. */ clients: Map<string, ClientRun> }

/** `events`: at least one, of one hour that begins at `startMs`. Same events in, same bytes out. */
export function writeBucketFile(columns: BucketColumn[], startMs: number, events: PackedEvents): BucketBytes {
  const received = unpackEvents(events)
  const rows = sortByUser(received)
  const named = new Set(columns.flatMap((column) => column.property ?? []))
  const bytes = writeParquet([...columns.map((column) => toColumn(column, rows, startMs, named)), ...toSealed(rows)], rows.length, ROW_GROUP_ROWS)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), clients: findClientRuns(received.slice(events.fresh)), ...describeRows(rows, startMs) }
}

export function writeParquet(columnData: ColumnSource[], rows: number, rowGroupSize: number): Uint8Array<ArrayBuffer> {
  const written = parquetWriteBuffer({
    columnData,
    codec: rows >= COMPRESS_FROM_ROWS ? 'ZSTD' : 'UNCOMPRESSED',
    compressors: { ZSTD: (input) => zstdCompressSync(input) },
    rowGroupSize,
    createdBy: 'rondo',
  })
  return new Uint8Array(written)
}

export function describeRows(rows: ReceivedEvent[], startMs: number): RowFacts {
  let late = 0
  let sealed = 0
  let minOccurredMs = Infinity
  let maxOccurredMs = -Infinity
  let minId = rows[0]?.id ?? ''
  let maxId = minId
  for (const { id, occurredAtMs, sealed: part } of rows) {
    if (id < minId) minId = id
    if (id > maxId) maxId = id
    if (part !== undefined) sealed += 1
    if (occurredAtMs < startMs) late += 1
    if (occurredAtMs < minOccurredMs) minOccurredMs = occurredAtMs
    if (occurredAtMs > maxOccurredMs) maxOccurredMs = occurredAtMs
  }
  return { rows: rows.length, late, ...(sealed === 0 ? {} : { sealed }), minOccurredMs, maxOccurredMs, minId, maxId }
}

export function toColumn(column: BucketColumn, rows: ReceivedEvent[], startMs: number, named: Set<string>): ColumnSource {
  const { name, property } = column
  const nullable = !(name === 'id' || column.type === 'timestamp' || name === 'late')
  if (property !== undefined) return { name, nullable, type: PARQUET[column.type], data: rows.map((row) => toCell(row.properties[property], column)), ...(column.type === 'integer' ? { encoding: 'PLAIN' } : {}) }
  switch (name) {
    case 'id':
      return { name, nullable, type: 'STRING', encoding: 'PLAIN', statistics: false, data: rows.map((row) => Buffer.from(row.id)) }
    case 'userId':
      return { name, nullable, type: 'STRING', data: rows.map((row) => row.userId) }
    case 'anonymousId':
      return { name, nullable, type: 'STRING', data: rows.map((row) => row.anonymousId) }
    case 'occurredAt':
      return { name, nullable, type: 'TIMESTAMP', encoding: 'PLAIN', data: rows.map((row) => BigInt(Math.trunc(row.occurredAtMs))) }
    case 'receivedAt':
      return { name, nullable, type: 'TIMESTAMP', data: toInstants(rows.map((row) => row.receivedAtMs)) }
    case 'late':
      return { name, nullable, type: 'BOOLEAN', data: rows.map((row) => row.occurredAtMs < startMs) }
    case 'context':
      return { name, nullable, type: 'STRING', statistics: false, data: rows.map((row) => (row.context === null ? null : JSON.stringify(row.context))) }
    case UNNAMED:
      return { name, nullable, type: 'STRING', statistics: false, data: rows.map((row) => toUnnamed(row.properties, named)) }
    default:
      throw new TypeError(`No value is known for the column "${name}".`)
  }
}

/** Unless `always`, only where there is something: files of types without personal fields are as they always were. */
export function toSealed(rows: ReceivedEvent[], always = false): ColumnSource[] {
  if (!always && !rows.some(({ sealed }) => sealed !== undefined)) return []
  return [
    { name: SEALED, nullable: true, type: 'BYTE_ARRAY', encoding: 'PLAIN', statistics: false, data: rows.map(({ sealed }) => (sealed === undefined ? null : Buffer.from(sealed.data, 'base64'))) },
    { name: SEALED_BY, nullable: true, type: 'STRING', data: rows.map(({ sealed }) => sealed?.key ?? null) },
  ]
}

const PARQUET = { string: 'STRING', integer: 'INT64', number: 'DOUBLE', boolean: 'BOOLEAN', timestamp: 'TIMESTAMP', json: 'STRING' } as const

/** Events of one request share their receive time: one integer for all of them. */
function toInstants(times: number[]): bigint[] {
  let last = 0
  let instant = 0n
  return times.map((time) => {
    if (time !== last) {
      last = time
      instant = BigInt(time)
    }
    return instant
  })
}

/** A value of another type than its column's can only come from an older model; it is left out rather than bent. */
export function toCell(value: unknown, { type }: BucketColumn): string | number | bigint | boolean | null {
  if (value === undefined || value === null) return null
  if (type === 'json') return JSON.stringify(value)
  if (type === 'integer') return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null
  return typeof value === type ? (value as string | number | boolean) : null
}

export function toUnnamed(properties: Record<string, unknown>, named: Set<string>): string | null {
  const rest = Object.entries(properties).filter(([name]) => !named.has(name))
  return rest.length === 0 ? null : JSON.stringify(Object.fromEntries(rest))
}

/** Users by code units, nobody last; events of one user stay in order of receipt. There are far fewer users than events: only they are sorted. */
export function sortByUser(rows: ReceivedEvent[]): ReceivedEvent[] {
  const byUser = new Map<string | null, ReceivedEvent[]>()
  for (const row of rows) {
    const user = row.userId ?? row.anonymousId
    const own = byUser.get(user)
    if (own === undefined) byUser.set(user, [row])
    else own.push(row)
  }
  const nobody = byUser.get(null) ?? []
  byUser.delete(null)
  const users = ([...byUser.keys()] as string[]).sort((a, b) => (a < b ? -1 : 1))
  return [...users.flatMap((user) => byUser.get(user) as ReceivedEvent[]), ...nobody]
}
