// Rows of a bucket as objects: what is in them, in which order they stand in a file, and their cells.
import { SEALED, SEALED_BY, UNNAMED, type BucketColumn } from '../domain/bucket-columns.ts'
import { toBinaries, toCoded, toFlags, toNumbers, toTexts, type Cells, type TextCells } from '../parquet/cells.ts'
import type { FileColumn } from '../parquet/write-parquet.ts'
import type { ClientRun } from './client-runs.ts'
import type { ReceivedEvent } from './packed-events.ts'

/** Of the rows of one type in a file. Instants in epoch ms. `sealed`: rows with something sealed; absent when there are none. */
export type RowFacts = { rows: number; late: number; sealed?: number; minOccurredMs: number; maxOccurredMs: number; minId: string; maxId: string }

/** What a file is made of. `order`: places of the cells, row by row. */
export type BucketTable = { columns: FileColumn[]; order: Int32Array; facts: RowFacts; /** Of the events that are in no file yet. */ clients: Map<string, ClientRun> }

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

/** The columns of rows that stand in the order of the file. */
export function toFileColumns(columns: BucketColumn[], rows: ReceivedEvent[], startMs: number): FileColumn[] {
  const named = new Set(columns.flatMap((column) => column.property ?? []))
  return columns.map((column) => toFileColumn(column, toCells(column, rows, startMs, named)))
}

const PARQUET = { string: 'STRING', integer: 'INT64', number: 'DOUBLE', boolean: 'BOOLEAN', timestamp: 'TIMESTAMP', json: 'STRING' } as const

/** How a column stands in a file. */
export function toFileColumn({ name, type, property }: BucketColumn, cells: Cells): FileColumn {
  const isText = property === undefined && type === 'json'
  const nullable = property !== undefined || !(name === 'id' || type === 'timestamp' || name === 'late')
  return { name, type: property === undefined && name === 'late' ? 'BOOLEAN' : PARQUET[type], nullable, cells, ...(property === undefined && name === 'id' ? { plain: true } : {}), ...(isText || (property === undefined && name === 'id') ? { statistics: false } : {}) }
}

function toCells(column: BucketColumn, rows: ReceivedEvent[], startMs: number, named: Set<string>): Cells {
  const { name, property, type } = column
  if (property !== undefined) {
    const cells = rows.map(({ properties }) => toCell(properties, property, column))
    if (type === 'boolean') return toFlags(cells.map((cell) => cell as boolean | null))
    return type === 'string' || type === 'json' ? toTexts(cells as (string | null)[]) : toNumbers(cells as (number | null)[])
  }
  switch (name) {
    case 'id':
      return toBinaries(rows.map((row) => Buffer.from(row.id)))
    case 'userId':
      return toTexts(rows.map((row) => row.userId))
    case 'anonymousId':
      return toTexts(rows.map((row) => row.anonymousId))
    case 'occurredAt':
      return toNumbers(rows.map((row) => Math.trunc(row.occurredAtMs)))
    case 'receivedAt':
      return toCoded(rows.map((row) => row.receivedAtMs))
    case 'late':
      return toFlags(rows.map((row) => row.occurredAtMs < startMs))
    case 'context':
      return toTexts(rows.map((row) => (row.context === null ? null : JSON.stringify(row.context))))
    case UNNAMED:
      return toTexts(rows.map((row) => toUnnamed(row.properties, named)))
    default:
      throw new TypeError(`No value is known for the column "${name}".`)
  }
}

/** Unless `always`, only where there is something: files of types without personal fields are as they always were. */
export function toSealedColumns(sealed: ReceivedEvent['sealed'][], always = false): FileColumn[] {
  if (!always && !sealed.some((part) => part !== undefined)) return []
  const keys: TextCells = toTexts(sealed.map((part) => part?.key ?? null))
  return [
    { name: SEALED, nullable: true, type: 'BYTE_ARRAY', plain: true, statistics: false, cells: toBinaries(sealed.map((part) => (part === undefined ? null : Buffer.from(part.data, 'base64')))) },
    { name: SEALED_BY, nullable: true, type: 'STRING', cells: keys },
  ]
}

/** A value of another type than its column's can only come from an older model; it is left out rather than bent. */
export function toCell(properties: Record<string, unknown>, property: string, { type }: BucketColumn): string | number | boolean | null {
  const value = Object.hasOwn(properties, property) ? properties[property] : null
  if (value === undefined || value === null) return null
  if (type === 'json') return JSON.stringify(value)
  if (type === 'integer') return Number.isSafeInteger(value) ? (value as number) : null
  return typeof value === type ? (value as string | number | boolean) : null
}

export function toUnnamed(properties: Record<string, unknown>, named: ReadonlySet<string>): string | null {
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
