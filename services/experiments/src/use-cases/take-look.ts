// One look at a running experiment, once the day and its metrics are complete; stops it when the look decides.
import { createCtx, type Ctx } from '@rondo/context'
import { toAppError } from '@rondo/errors'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { DAY_MS, toIso, toIsoDate } from '@rondo/time'
import type { ExperimentDefinition, MetricDefinition } from '../contract.ts'
import type { Room } from '../deps.ts'
import { computeLook, type ComputedLook } from '../domain/readout/compute-look.ts'
import { fewestDays } from '../domain/readout/decide.ts'
import { buildSampleQuery, readSample } from '../domain/readout/sample-query.ts'
import type { DueLook } from '../look-schedule.ts'
import { addLook, findExperiment } from '../store/experiment-store.ts'
import { listMetrics } from '../store/metric-store.ts'
import { metricNames } from './put-metric.ts'
import { stopWithin, type StopOrder } from './stop-experiment.ts'

/** Takes the looks that are due and whose data are there; returns how many. */
export async function takeDueLooks(room: Room, ctx: Ctx): Promise<number> {
  const dues = room.schedule.due(room.clock.now())
  if (dues.length === 0) return 0
  const self = createCtx({ signal: ctx.signal, traceId: ctx.traceId, principal: { kind: 'service', name: 'experiments' } })
  let taken = 0
  for (const due of dues) if (await takeLook(due, room, self)) taken += 1
  return taken
}

async function takeLook(due: DueLook, room: Room, ctx: Ctx): Promise<boolean> {
  const experiment = await findExperiment(room.relational.db, due.experiment)
  if (experiment === undefined || experiment.startedAtMs === null) return false
  const { definition } = experiment
  const metrics = await findMetrics(definition, room)
  const day = toIsoDate(due.dayMs)
  for (const endpoint of new Set([...metrics.values()].map((metric) => metric.endpoint))) if (!(await isPublished(endpoint, due.dayMs, room, ctx))) return false

  const list = [...metrics.values()]
  const query = buildSampleQuery(definition, list, { startedAt: toIso(experiment.startedAtMs), end: toIso(due.dayMs + DAY_MS), day })
  const { rows } = await room.peer(pipelinesContract).sql({ body: { ...query, maxRows: 1000, provisional: false } }, ctx)
  const sample = readSample(list, rows)
  const computed = computeLook(definition, metrics, sample, due.look, room.findBounds)
  const order = decideToStop(definition, computed)
  // Together: a look that decides, kept without its decision, would leave the experiment running a day too long.
  await room.relational.transaction(async (tx) => {
    await addLook(tx, { experiment: definition.id, day, look: due.look, takenAtMs: room.clock.now(), sample, computed })
    if (order !== undefined) await stopWithin(tx, definition.id, order, room, ctx)
  }, ctx)
  if (order !== undefined) await room.flags.reload(ctx)
  await room.schedule.reload(ctx)
  return true
}

/** At the plan's end; before it when something got worse, or when the win stands after a whole week. */
function decideToStop(definition: ExperimentDefinition, { look, verdict }: ComputedLook): StopOrder | undefined {
  if (look >= definition.days) return { by: 'plan', note: `The plan of ${definition.days} days is over. ${verdict.sentence}` }
  if (verdict.decision === 'do-not-ship') return { by: 'guardrail', note: `Stopped on day ${look} of ${definition.days}. ${verdict.sentence}` }
  if (verdict.decision === 'ship' && look >= fewestDays(definition)) return { by: 'bound', note: `The bound was crossed on day ${look} of ${definition.days}. ${verdict.sentence}` }
  return undefined
}

async function findMetrics(definition: ExperimentDefinition, room: Room): Promise<Map<string, MetricDefinition>> {
  const names = metricNames(definition)
  const all = await listMetrics(room.relational.db)
  return new Map(all.filter((metric) => names.includes(metric.definition.name)).map((metric) => [metric.definition.name, metric.definition]))
}

/** An endpoint that pipelines does not know yet is one that is not published. */
async function isPublished(name: string, dayMs: number, room: Room, ctx: Ctx): Promise<boolean> {
  const partition = toIsoDate(dayMs)
  try {
    const { rows } = await room.peer(pipelinesContract).listPartitions({ name, from: partition, to: toIsoDate(dayMs + DAY_MS) }, ctx)
    return rows.some((row) => row.partition === partition && row.state === 'published' && !row.provisional)
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.kind !== 'not-found') throw error
    room.log.debug('the metrics of a look have no endpoint', { endpoint: name, code: error.code })
    return false
  }
}
