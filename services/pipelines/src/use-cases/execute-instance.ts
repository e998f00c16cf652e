// Runs one instance: claim, write aside, check, publish. A crash at any instant leaves the old partition or the new one.
import type { Column, Sealed } from '@rondo/analytics'
import type { Ctx } from '@rondo/context'
import { toAppError } from '@rondo/errors'
import { toIso, toPartition } from '@rondo/time'
import type { CheckResult, RunRow } from '../contract.ts'
import { castToColumns, toEngineColumns } from '../domain/column-types.ts'
import type { Partition } from '../domain/datasets.ts'
import { classify, computeRetryAt } from '../domain/failure-class.ts'
import { toRange } from '../domain/partition-windows.ts'
import type { Instance } from '../domain/planner.ts'
import { STAGED, readChecks, toChecksSql } from '../domain/quality-checks.ts'
import type { ResolvedInput } from '../domain/resolve-inputs.ts'
import { typeParameters } from '../domain/sql-text.ts'
import type { Room } from '../room.ts'
import { failRun, insertRun, publishRun, type NewRun, type RunEnd } from '../store/run-store.ts'
import { locateFiles } from './locate-files.ts'
import { findSealed } from './open-personal.ts'
import { getEventType } from './read-event-types.ts'

const RUN_TIMEOUT_MS = 600_000

/** Only inside `room.serial`, with the lease. Resolves with the run's id also when it failed: the run log says how it ended. */
export async function executeInstance(room: Room, instance: Instance, fence: number, ctx: Ctx): Promise<string> {
  const { deps } = room
  const { pipeline, startMs } = instance
  const startedMs = deps.clock.now()
  const began = performance.now()
  const id = deps.ids.next()
  const run: NewRun = {
    id,
    pipeline: pipeline.definition.name,
    endpoint: pipeline.output.name,
    partition: instance.partition,
    startMs,
    instance: instance.id,
    codeVersion: pipeline.codeVersion,
    provisional: instance.provisional,
    fence,
    file: `endpoints/${pipeline.output.name}/partition=${instance.partition}/v-${id}.parquet`,
    startedMs,
    inputs: instance.resolution.inputs.map((input) => toInputRow(room, input)),
  }
  const before = room.picture.planner.findFailure(run.pipeline, startMs)
  const attempt = before?.instance === instance.id ? before.attempts + 1 : 1
  await insertRun(deps.relational, run, attempt)
  room.running = run.endpoint
  try {
    const outcome = await produce(room, instance, run, began, ctx)
    if ('blocked' in outcome) {
      const failed = outcome.blocked.filter((check) => !check.passed && check.action === 'block')
      const message = failed.map((check) => `Check ${check.rule}${check.subject === '' ? '' : ` on ${check.subject}`}: ${check.found}.`).join(' ')
      await end(room, instance, run, attempt, ctx, { state: 'blocked', endedMs: deps.clock.now(), durationMs: performance.now() - began, rows: outcome.rows, checks: outcome.blocked, error: { class: 'checks', code: 'CHECK_FAILED', message }, retryAtMs: null })
    }
  } catch (thrown) {
    const error = toAppError(thrown)
    const failure = classify(error)
    const endedMs = deps.clock.now()
    await end(room, instance, run, attempt, ctx, {
      state: 'failed',
      endedMs,
      durationMs: performance.now() - began,
      rows: null,
      checks: [],
      error: { class: failure, code: error.code, message: error.message },
      retryAtMs: computeRetryAt(failure, attempt, endedMs) ?? null,
    })
  } finally {
    room.running = undefined
  }
  return id
}

async function produce(room: Room, instance: Instance, run: NewRun, began: number, ctx: Ctx): Promise<{ revision: number } | { blocked: CheckResult[]; rows: number }> {
  const { analytics, objects, relational, clock } = room.deps
  const { pipeline, resolution } = instance
  const tables = await Promise.all(
    resolution.inputs.map(async (input) => ({ name: input.alias, ...locateFiles(input.endpoint, input.files, (key) => objects.locate(key)), ...(await getInputTable(room, input.endpoint, ctx)) })),
  )
  const range = toRange(pipeline.output.partition, instance.startMs)
  const endMs = pipeline.output.partition === 'none' ? Math.max(0, ...resolution.inputs.map((input) => input.range?.endMs ?? 0)) : range.endMs
  const params = { start: toIso(range.startMs), end: toIso(endMs), partition: instance.partition }
  const staged = await objects.stage(run.file, ctx)
  try {
    const sql = castToColumns(typeParameters(pipeline.definition.sql), pipeline.output.columns)
    const { rows } = await analytics.writeParquet(sql, staged.path, { tables, params, timeoutMs: RUN_TIMEOUT_MS }, ctx)
    const checks = await runChecks(room, instance, staged.path, rows, ctx)
    if (checks.some((check) => !check.passed && check.action === 'block')) {
      await staged.discard()
      return { blocked: checks, rows }
    }
    const { sizeBytes } = await staged.publish()
    const partition: Omit<Partition, 'revision'> = {
      partition: instance.partition,
      startMs: instance.startMs,
      version: instance.id,
      inputsVersion: resolution.inputsVersion,
      codeVersion: pipeline.codeVersion,
      provisional: instance.provisional,
      file: run.file,
      rows,
      bytes: sizeBytes,
      runId: run.id,
      publishedMs: clock.now(),
      durationMs: performance.now() - began,
      checks,
    }
    const revision = await publishRun(relational, run, partition, ctx)
    notePublished(room, run.endpoint, { ...partition, revision })
    return { revision }
  } catch (thrown) {
    await staged.discard().catch(() => undefined)
    throw thrown
  }
}

function notePublished(room: Room, endpoint: string, partition: Partition): void {
  const { datasets, planner } = room.picture
  // Another number between means that somebody else wrote too: the next refresh reads it all.
  if (partition.revision === room.revision + 1) room.revision = partition.revision
  datasets.putPartition(endpoint, partition)
  planner.notePublished(endpoint, partition.startMs, partition.provisional)
  room.counters.published += 1
  room.counters.rows += partition.rows
  room.counters.bytes += partition.bytes
  room.counters.runMs += partition.durationMs
}

async function runChecks(room: Room, instance: Instance, path: string, rows: number, ctx: Ctx): Promise<CheckResult[]> {
  const checks = instance.pipeline.output.checks ?? []
  const sql = toChecksSql(checks)
  if (sql === undefined) return readChecks(checks, {}, rows)
  const result = await room.deps.analytics.query(sql, { tables: [{ name: STAGED, files: [path] }], timeoutMs: RUN_TIMEOUT_MS }, ctx)
  return readChecks(checks, result.rows[0] ?? {}, rows)
}

async function end(room: Room, instance: Instance, run: NewRun, attempt: number, ctx: Ctx, runEnd: RunEnd): Promise<void> {
  const { deps, picture, counters } = room
  await failRun(deps.relational, run, runEnd, ctx)
  counters[runEnd.state] += 1
  picture.planner.noteFailure(run.pipeline, instance.startMs, {
    instance: instance.id,
    attempts: attempt,
    retryAtMs: runEnd.retryAtMs ?? undefined,
    state: runEnd.state,
    message: runEnd.error.message,
    sinceMs: runEnd.endedMs,
  })
  // What we remember of an event type's files may be old.
  if (runEnd.error.class === 'missing-input') for (const input of instance.pipeline.inputs) if (input.isEvent) picture.datasets.forgetEvents(input.endpoint)
  deps.log.warn('run ended without publishing', { run: run.id, pipeline: run.pipeline, partition: run.partition, state: runEnd.state, error: runEnd.error })
}

async function getInputTable(room: Room, endpoint: string, ctx: Ctx): Promise<{ columns: Column[]; sealed?: Sealed }> {
  const own = room.picture.graph.endpoints.get(endpoint)
  if (own !== undefined) return { columns: toEngineColumns(own.columns) }
  const type = await getEventType(room, endpoint, ctx)
  const sealed = findSealed(room, type, true)
  return { columns: toEngineColumns(type.columns), ...(sealed === undefined ? {} : { sealed }) }
}

function toInputRow(room: Room, input: ResolvedInput): RunRow['inputs'][number] {
  const kind = room.picture.graph.endpoints.get(input.endpoint)?.partition ?? 'hourly'
  const name = (epochMs: number): string => toPartition(kind, epochMs)
  return {
    alias: input.alias,
    endpoint: input.endpoint,
    from: input.range === undefined ? null : name(input.range.startMs),
    to: input.range === undefined ? null : name(Math.max(input.range.startMs, input.range.endMs - 1)),
    partitions: input.partitions,
    files: input.files.length,
    version: input.version,
  }
}
