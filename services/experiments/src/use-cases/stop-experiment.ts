// Stops an experiment and freezes what it taught; ships a variant when asked.
import type { Ctx } from '@rondo/context'
import type { Transaction } from 'kysely'
import type { Verdict } from '../contract.ts'
import type { Room } from '../deps.ts'
import { classify } from '../domain/readout/classify.ts'
import { wordDays } from '../domain/readout/wording.ts'
import { errors } from '../errors.ts'
import { addAudit } from '../store/audit-store.ts'
import { findExperiment, findLastLook, saveExperiment, type StoredExperiment, type StoredLook } from '../store/experiment-store.ts'
import type { ExperimentsDatabase } from '../store/tables.ts'

export type StopOrder = {
  note?: string
  /** Variant that everyone the experiment was for gets from now on. */
  ship?: string
  /** "plan", "bound" or "guardrail" when nobody asked. */
  by?: 'plan' | 'bound' | 'guardrail'
}

/** A stopped one can be shipped once more. Throws `EXPERIMENT_STATE` for a draft, `EXPERIMENT_REFUSED` for a variant that is no arm. */
export async function stopExperiment(id: string, order: StopOrder, room: Room, ctx: Ctx): Promise<void> {
  await room.relational.transaction((tx) => stopWithin(tx, id, order, room, ctx), ctx)
  await room.flags.reload(ctx)
  await room.schedule.reload(ctx)
}

/** The same inside a transaction; the caller has flags and schedule reloaded behind it. */
export async function stopWithin(tx: Transaction<ExperimentsDatabase>, id: string, order: StopOrder, room: Room, ctx: Ctx): Promise<void> {
  const nowMs = room.clock.now()
  const person = ctx.principal.kind === 'anonymous' ? 'somebody' : ctx.principal.name
  const experiment = await findExperiment(tx, id)
  if (experiment === undefined) throw errors.experimentUnknown({ id })
  const { definition, state } = experiment
  if (state === 'draft' || (state === 'stopped' && order.ship === undefined)) throw errors.experimentState({ id, state, verb: 'stopped' })
  const arms = [definition.control, ...definition.treatments]
  if (order.ship !== undefined && !arms.includes(order.ship)) {
    throw errors.experimentRefused({ path: 'ship', value: order.ship, problem: 'is no arm of this experiment', todo: `Ship one of ${arms.join(', ')}.` })
  }
  const shipping = order.ship === undefined ? {} : { shipped: order.ship, shippedInForce: true, shippedAtMs: nowMs }
  const stopping = state === 'stopped' ? {} : freeze(experiment, await findLastLook(tx, id), order, nowMs, person)
  await saveExperiment(tx, { ...experiment, ...stopping, ...shipping, note: order.note ?? experiment.note })
  const action = state === 'stopped' ? 'experiment shipped' : 'experiment stopped'
  await addAudit(tx, { id: room.ids.next(), atMs: nowMs, action, subject: `experiment:${id}`, detail: { by: order.by ?? person, note: order.note ?? null, ship: order.ship ?? null } }, ctx)
}

function freeze(experiment: StoredExperiment, last: StoredLook | undefined, order: StopOrder, nowMs: number, person: string): Partial<StoredExperiment> {
  const { definition } = experiment
  const evidence = last === undefined ? undefined : { definition, ...last.computed }
  const verdict: Verdict = last?.computed.verdict ?? { decision: 'not-yet', sentence: 'Stopped before its first look.', variant: null, reasons: [] }
  const final = verdict.decision === 'not-yet' && last !== undefined ? { ...verdict, sentence: `Stopped after ${wordDays(last.look)} of ${definition.days}, before it could tell.` } : verdict
  return { state: 'stopped', stoppedAtMs: nowMs, stoppedBy: order.by ?? person, verdict: final, learningClass: classify(verdict, evidence) }
}
