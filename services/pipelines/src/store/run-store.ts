// The run log, and the one transaction in which a run becomes the partition that everybody reads.
import type { Ctx } from '@rondo/context'
import { checkValue } from '@rondo/contract'
import type { Relational } from '@rondo/relational'
import { toIso } from '@rondo/time'
import { RunRow, type CheckResult, type FailureClass, type RunRow as Run, type RunState } from '../contract.ts'
import type { Partition } from '../domain/datasets.ts'
import { errors } from '../errors.ts'
import { bumpRevision } from './revision-store.ts'
import type { PipelinesDatabase } from './tables.ts'

type Db = Relational<PipelinesDatabase>

export type NewRun = {
  id: string
  pipeline: string
  endpoint: string
  partition: string
  startMs: number
  instance: string
  codeVersion: string
  provisional: boolean
  fence: number
  file: string
  startedMs: number
  inputs: Run['inputs']
}

/** Claims an instance: from here on the run is in the log, whatever happens. */
export async function insertRun(relational: Db, run: NewRun, attempt: number): Promise<void> {
  await relational.db
    .insertInto('runs')
    .values({
      id: run.id,
      pipeline: run.pipeline,
      endpoint: run.endpoint,
      partition: run.partition,
      start_ms: run.startMs,
      instance: run.instance,
      code_version: run.codeVersion,
      provisional: run.provisional ? 1 : 0,
      state: 'running',
      attempt,
      fence: run.fence,
      file: run.file,
      started_ms: run.startedMs,
      ended_ms: null,
      duration_ms: null,
      rows: null,
      bytes: null,
      inputs: JSON.stringify(run.inputs),
      checks: '[]',
      error: null,
      retry_at_ms: null,
    })
    .execute()
}

/**
 * The atomic step: the partition points to the new file, the old file is listed for deletion, the run is closed, the revision grows.
 * Throws `RUN_OVERTAKEN` when a later scheduler has closed this run meanwhile; then nothing has changed.
 */
export async function publishRun(relational: Db, run: NewRun, partition: Omit<Partition, 'revision'>, ctx: Ctx): Promise<number> {
  const checks = JSON.stringify(partition.checks)
  return relational.transaction(async (tx) => {
    const revision = await bumpRevision(tx)
    const old = await tx.selectFrom('partitions').select('file').where('endpoint', '=', run.endpoint).where('start_ms', '=', run.startMs).executeTakeFirst()
    const row = {
      partition: partition.partition,
      version: partition.version,
      inputs_version: partition.inputsVersion,
      code_version: partition.codeVersion,
      provisional: partition.provisional ? 1 : 0,
      file: partition.file,
      rows: partition.rows,
      bytes: partition.bytes,
      run_id: partition.runId,
      published_ms: partition.publishedMs,
      duration_ms: partition.durationMs,
      revision,
      checks,
    }
    await tx
      .insertInto('partitions')
      .values({ endpoint: run.endpoint, start_ms: run.startMs, ...row })
      .onConflict((conflict) => conflict.columns(['endpoint', 'start_ms']).doUpdateSet(row))
      .execute()
    if (old !== undefined) {
      await tx.insertInto('dropped_files').values({ file: old.file, endpoint: run.endpoint, partition: run.partition, reason: 'replaced', dropped_ms: partition.publishedMs, deleted_ms: null }).execute()
    }
    const closed = await tx
      .updateTable('runs')
      .set({ state: 'published', ended_ms: partition.publishedMs, duration_ms: partition.durationMs, rows: partition.rows, bytes: partition.bytes, checks })
      .where('id', '=', run.id)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (Number(closed.numUpdatedRows) !== 1) throw errors.runOvertaken({ run: run.id })
    return revision
  }, ctx)
}

export type RunEnd = { state: 'failed' | 'blocked'; endedMs: number; durationMs: number; rows: number | null; checks: CheckResult[]; error: { class: FailureClass; code: string; message: string }; retryAtMs: number | null }

/** Its file, if it got that far, is listed for deletion. */
export async function failRun(relational: Db, run: NewRun, end: RunEnd, ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    await tx
      .updateTable('runs')
      .set({ state: end.state, ended_ms: end.endedMs, duration_ms: end.durationMs, rows: end.rows, checks: JSON.stringify(end.checks), error: JSON.stringify(end.error), retry_at_ms: end.retryAtMs })
      .where('id', '=', run.id)
      .execute()
    await tx
      .insertInto('dropped_files')
      .values({ file: run.file, endpoint: run.endpoint, partition: run.partition, reason: 'interrupted', dropped_ms: end.endedMs, deleted_ms: null })
      .onConflict((conflict) => conflict.column('file').doNothing())
      .execute()
  }, ctx)
}

/** Runs that a scheduler before `fence` left behind: marked as failed, free to be tried at once; their files are listed for deletion. */
export async function closeInterruptedRuns(relational: Db, fence: number, nowMs: number, ctx: Ctx): Promise<string[]> {
  const left = await relational.db.selectFrom('runs').selectAll().where('state', '=', 'running').where('fence', '<', fence).execute()
  if (left.length === 0) return []
  const error: NonNullable<Run['error']> = { class: 'transient', code: 'RUN_INTERRUPTED', message: 'The process ended during the run.' }
  await relational.transaction(async (tx) => {
    for (const run of left) {
      await tx.updateTable('runs').set({ state: 'failed', ended_ms: nowMs, error: JSON.stringify(error), retry_at_ms: nowMs }).where('id', '=', run.id).execute()
      await tx
        .insertInto('dropped_files')
        .values({ file: run.file, endpoint: run.endpoint, partition: run.partition, reason: 'interrupted', dropped_ms: nowMs, deleted_ms: null })
        .onConflict((conflict) => conflict.column('file').doNothing())
        .execute()
    }
  }, ctx)
  return left.map((run) => run.id)
}

export type RunFilter = { pipeline?: string; partition?: string; state?: RunState; limit: number }

/** Newest first. */
export async function listRuns(relational: Db, filter: RunFilter): Promise<Run[]> {
  let query = relational.db.selectFrom('runs').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.pipeline !== undefined) query = query.where('pipeline', '=', filter.pipeline)
  if (filter.partition !== undefined) query = query.where('partition', '=', filter.partition)
  if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  return (await query.execute()).map(toRun)
}

export async function findRun(relational: Db, id: string): Promise<Run | undefined> {
  const row = await relational.db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : toRun(row)
}

/** The last run of every partition whose last run did not publish: what the planner must hold back or retry. */
export async function listStandingFailures(relational: Db): Promise<{ run: Run; startMs: number }[]> {
  const rows = await relational.db
    .selectFrom('runs')
    .selectAll()
    .where('state', 'in', ['failed', 'blocked'])
    .where('id', 'in', (query) => query.selectFrom('runs').select((expression) => expression.fn.max('id').as('id')).groupBy(['pipeline', 'start_ms']))
    .execute()
  return rows.map((row) => ({ run: toRun(row), startMs: Number(row.start_ms) }))
}

export type RunsKept = { /** Of each pipeline, the newest. */ newest: number; /** Failed and blocked ones that ended since. */ failedSinceMs: number }

/**
 * Deletes older runs. Beside what `kept` names stay: runs under way, the run behind each partition that stands, and the last run of each
 * partition when it did not publish, which the planner holds back by. Returns how many went.
 */
export async function pruneRuns(relational: Db, { newest, failedSinceMs }: RunsKept): Promise<number> {
  const placed = relational.db.selectFrom('runs').select((e) => [
    'id',
    'state',
    'ended_ms',
    e.fn.agg<number>('row_number').over((over) => over.partitionBy('pipeline').orderBy('id', 'desc')).as('place'),
    e.fn.agg<number>('row_number').over((over) => over.partitionBy(['pipeline', 'start_ms']).orderBy('id', 'desc')).as('try'),
  ])
  const gone = relational.db
    .selectFrom(placed.as('placed'))
    .select('id')
    .where('place', '>', newest)
    .where('state', '<>', 'running')
    .where((e) => e.or([e('state', '=', 'published'), e.and([e('try', '>', 1), e('ended_ms', '<', failedSinceMs)])]))
    .where('id', 'not in', relational.db.selectFrom('partitions').select('run_id'))
  const { numDeletedRows } = await relational.db.deleteFrom('runs').where('id', 'in', gone).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

function toRun(row: PipelinesDatabase['runs']): Run {
  const run: unknown = {
    id: row.id,
    pipeline: row.pipeline,
    endpoint: row.endpoint,
    partition: row.partition,
    state: row.state,
    provisional: row.provisional === 1,
    codeVersion: row.code_version,
    instance: row.instance,
    attempt: row.attempt,
    startedAt: toIso(Number(row.started_ms)),
    endedAt: row.ended_ms === null ? null : toIso(Number(row.ended_ms)),
    durationMs: row.duration_ms,
    rows: row.rows === null ? null : Number(row.rows),
    bytes: row.bytes === null ? null : Number(row.bytes),
    inputs: JSON.parse(row.inputs),
    checks: JSON.parse(row.checks),
    error: row.error === null ? null : JSON.parse(row.error),
    retryAt: row.retry_at_ms === null ? null : toIso(Number(row.retry_at_ms)),
  }
  checkValue(RunRow, run, `run ${row.id}`)
  return run as Run
}
