// Creates or changes a metric of the catalog.
import type { Ctx } from '@rondo/context'
import { toIso } from '@rondo/time'
import type { MetricDefinition } from '../contract.ts'
import type { Room } from '../deps.ts'
import { errors } from '../errors.ts'
import { addAudit } from '../store/audit-store.ts'
import { listExperiments } from '../store/experiment-store.ts'
import { listMetrics as listStored, saveMetric } from '../store/metric-store.ts'

export async function putMetric(name: string, body: MetricDefinition, room: Room, ctx: Ctx): Promise<{ created: boolean; changed: boolean }> {
  const { kind: _, ...metric } = body
  if (metric.name !== name) throw errors.experimentRefused({ path: 'name', value: metric.name, problem: `is not the "${name}" of the address`, todo: 'Make them one.' })
  const nowMs = room.clock.now()
  const auditId = room.ids.next()
  return room.relational.transaction(async (tx) => {
    const before = (await listStored(tx)).find((known) => known.definition.name === name)
    if (before !== undefined && JSON.stringify(before.definition) === JSON.stringify(metric)) return { created: false, changed: false }
    await saveMetric(tx, metric, nowMs)
    await addAudit(tx, { id: auditId, atMs: nowMs, action: before === undefined ? 'metric created' : 'metric changed', subject: `metric:${name}`, detail: { before: before?.definition ?? null, after: metric } }, ctx)
    return { created: before === undefined, changed: true }
  }, ctx)
}

export async function listMetrics(room: Room) {
  const [metrics, experiments] = [await listStored(room.relational.db), await listExperiments(room.relational.db)]
  return {
    rows: metrics.map(({ definition, updatedAtMs }) => ({
      ...definition,
      usedBy: experiments.filter((experiment) => metricNames(experiment.definition).includes(definition.name)).map((experiment) => experiment.definition.id),
      updatedAt: toIso(updatedAtMs),
    })),
  }
}

export function metricNames(definition: { success: string[]; guardrails: { metric: string }[]; watched?: string[] }): string[] {
  return [...new Set([...definition.success, ...definition.guardrails.map((guardrail) => guardrail.metric), ...(definition.watched ?? [])])]
}
