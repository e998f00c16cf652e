// Published partitions: read whole at the start, replaced one at a time, dropped by retention.
import type { Ctx } from '@rondo/context'
import { checkValue } from '@rondo/contract'
import type { Relational } from '@rondo/relational'
import { Type } from 'typebox'
import { CheckResult, type CheckResult as Check } from '../contract.ts'
import type { Partition } from '../domain/datasets.ts'
import { bumpRevision } from './revision-store.ts'
import type { PipelinesDatabase } from './tables.ts'

const Checks = Type.Array(CheckResult)

export type StoredPartition = { endpoint: string; partition: Partition }

export async function listAllPartitions(relational: Relational<PipelinesDatabase>): Promise<StoredPartition[]> {
  const rows = await relational.db.selectFrom('partitions').selectAll().orderBy('endpoint').orderBy('start_ms').execute()
  return rows.map((row) => ({
    endpoint: row.endpoint,
    partition: {
      partition: row.partition,
      startMs: Number(row.start_ms),
      version: row.version,
      inputsVersion: row.inputs_version,
      codeVersion: row.code_version,
      provisional: row.provisional === 1,
      file: row.file,
      rows: Number(row.rows),
      bytes: Number(row.bytes),
      runId: row.run_id,
      publishedMs: Number(row.published_ms),
      durationMs: row.duration_ms,
      revision: Number(row.revision),
      checks: parseChecks(row.checks),
    },
  }))
}

/** Removes a partition from sight; its file is listed for deletion in the same transaction. Returns the new revision. */
export async function dropPartition(relational: Relational<PipelinesDatabase>, endpoint: string, partition: Partition, nowMs: number, ctx: Ctx): Promise<number> {
  return relational.transaction(async (tx) => {
    await tx.deleteFrom('partitions').where('endpoint', '=', endpoint).where('start_ms', '=', partition.startMs).execute()
    await tx
      .insertInto('dropped_files')
      .values({ file: partition.file, endpoint, partition: partition.partition, reason: 'retention', dropped_ms: nowMs, deleted_ms: null })
      .onConflict((conflict) => conflict.column('file').doNothing())
      .execute()
    return bumpRevision(tx)
  }, ctx)
}

/** Files that were dropped at or before `untilMs`, are not deleted yet, and that no partition points to. */
export async function listUndeletedFiles(relational: Relational<PipelinesDatabase>, untilMs: number, limit: number): Promise<string[]> {
  const rows = await relational.db
    .selectFrom('dropped_files')
    .select('file')
    .where('deleted_ms', 'is', null)
    .where('dropped_ms', '<=', untilMs)
    .where('file', 'not in', (query) => query.selectFrom('partitions').select('file'))
    .limit(limit)
    .execute()
  return rows.map((row) => row.file)
}

export async function markFilesDeleted(relational: Relational<PipelinesDatabase>, files: string[], nowMs: number): Promise<void> {
  await relational.db.updateTable('dropped_files').set({ deleted_ms: nowMs }).where('file', 'in', files).execute()
}

/** Of files deleted before `beforeMs` no record is left. Returns how many went. */
export async function pruneDroppedFiles(relational: Relational<PipelinesDatabase>, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await relational.db.deleteFrom('dropped_files').where('deleted_ms', '<', beforeMs).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

function parseChecks(text: string): Check[] {
  const value: unknown = JSON.parse(text)
  checkValue(Checks, value, 'checks')
  return value as Check[]
}
