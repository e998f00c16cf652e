// Writes the few events of many types of one hour as one Parquet file: 1,800 types must not make 1,800 files an hour.
//
//   type | id | userId | anonymousId | occurredAt | receivedAt | late | context | cells | _sealed | _sealedBy
//
// sorted by type, then user. `cells`: JSON text, a row's other columns by their names in the type's own files.
import { createHash } from 'node:crypto'
import { UNNAMED, type BucketColumn } from '../domain/bucket-columns.ts'
import { findClientRuns, type ClientRun } from './client-runs.ts'
import { toTexts } from '../parquet/cells.ts'
import { toIdentity, writeParquet, type FileColumn } from '../parquet/write-parquet.ts'
import { describeRows, sortByUser, toCell, toFileColumns, toSealedColumns, toUnnamed, type RowFacts } from './bucket-rows.ts'
import { unpackEvents, type PackedEvents, type ReceivedEvent } from './packed-events.ts'

export type Piece = { type: string; columns: BucketColumn[]; events: PackedEvents }

/** `parts`: of each piece, in order. */
export type PackedBytes = { bytes: Uint8Array<ArrayBuffer>; sha256: string; parts: RowFacts[]; /** Of the events that are in no file yet. */ clients: Map<string, ClientRun> }

const ROW_GROUP_ROWS = 10_000

/** `pieces`: of one hour that begins at `startMs`, by type name, each with one event at least. Same events in, same bytes out. */
export function writePackedFile(startMs: number, pieces: Piece[]): PackedBytes {
  const received = pieces.map(({ events }) => unpackEvents(events))
  const rows = received.map(sortByUser)
  const all = rows.flat()
  const envelope = (pieces[0]?.columns ?? []).filter((column) => column.property === undefined && column.name !== UNNAMED)
  const columns: FileColumn[] = [
    { name: 'type', nullable: false, type: 'STRING', cells: toTexts(rows.flatMap((own, i) => own.map(() => pieces[i]?.type ?? ''))) },
    ...toFileColumns(envelope, all, startMs),
    { name: 'cells', nullable: false, type: 'STRING', statistics: false, cells: toTexts(rows.flatMap((own, i) => own.map((row) => toCellsText(pieces[i]?.columns ?? [], row)))) },
    ...toSealedColumns(all.map(({ sealed }) => sealed), true),
  ]
  const clients = findClientRuns(received.flatMap((own, i) => own.slice(pieces[i]?.events.fresh ?? 0)))
  const bytes = writeParquet(columns, toIdentity(all.length), ROW_GROUP_ROWS)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), clients, parts: rows.map((own) => describeRows(own, startMs)) }
}

function toCellsText(columns: BucketColumn[], { properties }: ReceivedEvent): string {
  const cells: Record<string, unknown> = {}
  let named: Set<string> | undefined
  for (const column of columns) {
    if (column.name === UNNAMED && column.property === undefined) {
      named ??= new Set(columns.flatMap(({ property }) => property ?? []))
      const rest = toUnnamed(properties, named)
      if (rest !== null) cells[column.name] = rest
    } else if (column.property !== undefined) {
      const cell = toCell(properties, column.property, column)
      if (cell !== null) cells[column.name] = cell
    }
  }
  return JSON.stringify(cells)
}
