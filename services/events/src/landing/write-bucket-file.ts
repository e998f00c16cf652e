// Writes the events of one hour as a Parquet file, sorted by user.
import { createHash } from 'node:crypto'
import type { BucketColumn } from '../domain/bucket-columns.ts'
import { toIdentity, writeParquet } from '../parquet/write-parquet.ts'
import type { BucketKernel } from './bucket-kernel.ts'
import { describeRows, sortByUser, toFileColumns, toSealedColumns, type BucketTable, type RowFacts } from './bucket-rows.ts'
import { findClientRuns, type ClientRun } from './client-runs.ts'
import { unpackEvents, type PackedEvents } from './packed-events.ts'
import { readPlainBucket } from './read-plain-bucket.ts'

const ROW_GROUP_ROWS = 100_000

/** `sha256`: of the bytes, in hex. */
export type BucketBytes = RowFacts & { bytes: Uint8Array<ArrayBuffer>; sha256: string; clients: Map<string, ClientRun> }

/** `events`: at least one, of one hour that begins at `startMs`. Same events in, same bytes out, with a kernel and without. */
export function writeBucketFile(columns: BucketColumn[], startMs: number, events: PackedEvents, kernel?: BucketKernel): BucketBytes {
  const table = (kernel === undefined ? undefined : readPlainBucket(kernel, columns, startMs, events)) ?? readCarefully(columns, startMs, events)
  const bytes = writeParquet(table.columns, table.order, ROW_GROUP_ROWS)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), clients: table.clients, ...table.facts }
}

function readCarefully(columns: BucketColumn[], startMs: number, events: PackedEvents): BucketTable {
  const received = unpackEvents(events)
  const rows = sortByUser(received)
  const all = [...toFileColumns(columns, rows, startMs), ...toSealedColumns(rows.map(({ sealed }) => sealed))]
  return { columns: all, order: toIdentity(rows.length), facts: describeRows(rows, startMs), clients: findClientRuns(received.slice(events.fresh)) }
}
