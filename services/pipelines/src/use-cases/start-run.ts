// Runs one partition on request; provisionally: what it reads first, over all that has landed so far.
import type { Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import { toIso, toPartition } from '@rondo/time'
import type { RunRow } from '../contract.ts'
import type { GraphPipeline } from '../domain/definition-graph.ts'
import { findClosure } from '../domain/lineage.ts'
import { computeWindow, floorTo, getLengthMs, toRange, type Range } from '../domain/partition-windows.ts'
import { toInstanceId } from '../domain/planner.ts'
import { parsePartition, resolveInputs } from '../domain/resolve-inputs.ts'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'
import { findRun } from '../store/run-store.ts'
import { executeInstance } from './execute-instance.ts'
import { syncEvents } from './sync-events.ts'

export type StartRunInput = { pipeline: string; partition: string; provisional?: boolean }

/** Throws `PIPELINE_NOT_FOUND`, `BAD_PARTITION`, `PARTITION_AHEAD`, `INPUTS_OPEN`, `INPUTS_EXPIRED`, `SCHEDULER_ELSEWHERE`; a run that fails is a result. */
export async function startRun(room: Room, input: StartRunInput, ctx: Ctx): Promise<RunRow & { skipped: boolean }> {
  return room.serial(async () => {
    await room.refresh()
    const lease = await room.holdLease(ctx)
    if (lease === undefined) throw errors.schedulerElsewhere({})
    const { graph, adjacency } = room.picture
    const pipeline = graph.pipelines.get(input.pipeline)
    if (pipeline === undefined) throw errors.pipelineUnknown({ pipeline: input.pipeline })
    const range = parsePartition(pipeline, input.partition)
    if (range === undefined) throw errors.badPartition({ partition: input.partition, kind: pipeline.output.partition })
    const nowMs = room.deps.clock.now()
    if (range.startMs > nowMs) throw errors.partitionAhead({ partition: input.partition, begins: toIso(range.startMs) })
    for (const name of findClosure(pipeline.output.name, adjacency.up)) if (!graph.producers.has(name)) await syncEvents(room, name, true, ctx, findFirstHour(pipeline, name, range))
    const { runId, skipped } = await ensurePartition({ room, fence: lease.fence, nowMs, done: new Map() }, pipeline, range.startMs, input.provisional ?? false, ctx)
    const run = await findRun(room.deps.relational, runId)
    if (run === undefined) throw errors.runUnknown({ run: runId })
    return { ...run, skipped }
  })
}

/** From where the partition itself reads an event type; Infinity when only its inputs do. */
function findFirstHour(pipeline: GraphPipeline, type: string, range: Range): number {
  return Math.min(Infinity, ...pipeline.inputs.filter((input) => input.endpoint === type).map((input) => computeWindow(input.reach, input.kind, range).startMs))
}

type Ensured = { runId: string; skipped: boolean }
type Work = { room: Room; fence: number; nowMs: number; done: Map<string, Ensured> }

async function ensurePartition(work: Work, pipeline: GraphPipeline, startMs: number, provisional: boolean, ctx: Ctx): Promise<Ensured> {
  const { room, nowMs, done } = work
  const place = `${pipeline.definition.name} ${startMs}`
  const before = done.get(place)
  if (before !== undefined) return before
  const context = { graph: room.picture.graph, datasets: room.picture.datasets, hash: room.hash }
  const partition = toPartition(pipeline.output.partition, startMs)
  let resolution = resolveInputs(pipeline, startMs, false, nowMs, context)
  const isFinal = resolution.missing.length === 0
  if (!isFinal) {
    if (!provisional) throw errors.inputsOpen({ pipeline: pipeline.definition.name, partition, missing: resolution.missing })
    await ensureInputs(work, pipeline, startMs, ctx)
    resolution = resolveInputs(pipeline, startMs, true, nowMs, context)
  }
  const id = toInstanceId(pipeline, startMs, resolution, !isFinal, room.hash)
  const own = room.picture.datasets.getDerived(pipeline.output.name).partitions.get(startMs)
  const stands = own?.version === id
  if (!stands && resolution.expired.length > 0) throw errors.inputsExpired({ pipeline: pipeline.definition.name, partition, expired: resolution.expired })
  const ensured = stands
    ? { runId: own.runId, skipped: true }
    : { runId: await executeInstance(room, { id, pipeline, partition, startMs, provisional: !isFinal, resolution }, work.fence, ctx), skipped: false }
  done.set(place, ensured)
  return ensured
}

/** Every partition of a derived input that has begun and is not final is made from what there is, producers first. */
async function ensureInputs(work: Work, pipeline: GraphPipeline, startMs: number, ctx: Ctx): Promise<void> {
  const { graph, datasets } = work.room.picture
  for (const input of pipeline.inputs) {
    const producer = graph.producers.get(input.endpoint)
    if (producer === undefined) continue
    if (input.kind === 'none') {
      await ensurePartition(work, producer, 0, true, ctx)
      continue
    }
    const beginMs = datasets.findBegin(input.endpoint)
    if (beginMs === undefined) continue
    const window = computeWindow(input.reach, input.kind, toRange(pipeline.output.partition, startMs))
    const endMs = Math.min(window.endMs, work.nowMs + 1)
    for (let at = floorTo(input.kind, Math.max(window.startMs, beginMs)); at < endMs; at += getLengthMs(input.kind)) {
      const own = datasets.getDerived(input.endpoint).partitions.get(at)
      if (own === undefined || own.provisional) await ensureInput(work, producer, at, ctx)
    }
  }
}

/** One whose own inputs have expired is left out: it cannot be made any more, and what reads it takes what is kept. */
async function ensureInput(work: Work, producer: GraphPipeline, startMs: number, ctx: Ctx): Promise<void> {
  try {
    await ensurePartition(work, producer, startMs, true, ctx)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'INPUTS_EXPIRED') throw thrown
  }
}
