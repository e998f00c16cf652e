// Creates a draft, or changes one that has not begun.
import type { Ctx } from '@rondo/context'
import type { ExperimentDefinition } from '../contract.ts'
import type { Room } from '../deps.ts'
import { compileCriterion } from '../domain/flags/criterion.ts'
import { errors } from '../errors.ts'
import { addAudit } from '../store/audit-store.ts'
import { findExperiment, saveExperiment } from '../store/experiment-store.ts'
import { listMetrics } from '../store/metric-store.ts'

/**
 * The same definition again changes nothing, whatever the state. Throws `EXPERIMENT_REFUSED` with the path, `METRIC_NOT_FOUND`,
 * and `EXPERIMENT_STATE` when it has begun.
 */
export async function createExperiment(body: ExperimentDefinition, room: Room, ctx: Ctx): Promise<void> {
  const { kind: _, ...definition } = body
  const known = await findExperiment(room.relational.db, definition.id)
  if (known !== undefined && JSON.stringify(known.definition) === JSON.stringify(definition)) return
  if (known !== undefined && known.state !== 'draft') throw errors.experimentState({ id: definition.id, state: known.state, verb: 'changed' })
  await checkExperiment(definition, room)
  const nowMs = room.clock.now()
  const auditId = room.ids.next()
  await room.relational.transaction(async (tx) => {
    const before = await findExperiment(tx, definition.id)
    if (before !== undefined && before.state !== 'draft') throw errors.experimentState({ id: definition.id, state: before.state, verb: 'changed' })
    await saveExperiment(tx, {
      definition, state: 'draft', createdAtMs: before?.createdAtMs ?? nowMs, startedAtMs: null, stoppedAtMs: null, stoppedBy: null, note: null, shipped: null, shippedInForce: false, shippedAtMs: null, verdict: null, learningClass: null,
    })
    await addAudit(tx, { id: auditId, atMs: nowMs, action: before === undefined ? 'experiment created' : 'experiment changed', subject: `experiment:${definition.id}`, detail: definition }, ctx)
  }, ctx)
}

/** Also asked again at the start: a draft may have waited while its flag changed. */
export async function checkExperiment(definition: ExperimentDefinition, room: Room): Promise<void> {
  const flag = room.flags.find(definition.flag)
  if (flag === undefined) throw refuse('flag', definition.flag, 'is no known flag', 'Put the flag first.')
  const { variants } = flag.stored.definition
  for (const [path, variant] of [['control', definition.control], ...definition.treatments.map((treatment, i) => [`treatments/${i}`, treatment])] as [string, string][]) {
    if (!Object.hasOwn(variants, variant)) throw refuse(path, variant, `is no variant of the flag "${definition.flag}"`, `It has ${Object.keys(variants).join(', ')}.`)
  }
  const arms = [definition.control, ...definition.treatments]
  const twice = arms.find((variant, i) => arms.indexOf(variant) !== i)
  if (twice !== undefined) throw refuse('treatments', twice, 'would be two arms', 'Name each variant once.')
  if (definition.when !== undefined) compileCriterion(definition.when, 'when', room.flags.findSegment)
  const metrics = new Set((await listMetrics(room.relational.db)).map((metric) => metric.definition.name))
  const asked = [
    ...definition.success.map((metric, i) => [`success/${i}`, metric]),
    ...definition.guardrails.map(({ metric }, i) => [`guardrails/${i}/metric`, metric]),
    ...(definition.watched ?? []).map((metric, i) => [`watched/${i}`, metric]),
  ] as [string, string][]
  for (const [path, metric] of asked) if (!metrics.has(metric)) throw errors.metricUnknown({ path, metric })
  const deciding = [...definition.success, ...definition.guardrails.map(({ metric }) => metric)]
  const repeated = deciding.find((metric, i) => deciding.indexOf(metric) !== i)
  if (repeated !== undefined) throw refuse('success', repeated, 'decides twice', 'Let a metric be a success metric or a guardrail.')
}

function refuse(path: string, value: unknown, problem: string, todo: string): Error {
  return errors.experimentRefused({ path, value, problem, todo })
}
