// Starts a draft: its split stands before the flag's own rules from now on.
import type { Ctx } from '@rondo/context'
import type { Room } from '../deps.ts'
import { errors } from '../errors.ts'
import { addAudit } from '../store/audit-store.ts'
import { findExperiment, listExperiments, saveExperiment } from '../store/experiment-store.ts'
import { checkExperiment } from './create-experiment.ts'

/** Throws `EXPERIMENT_STATE` when it has begun, `FLAG_IN_USE` while another one runs on its flag. */
export async function startExperiment(id: string, room: Room, ctx: Ctx): Promise<void> {
  const draft = await findExperiment(room.relational.db, id)
  if (draft === undefined) throw errors.experimentUnknown({ id })
  await checkExperiment(draft.definition, room)
  const nowMs = room.clock.now()
  const auditId = room.ids.next()
  await room.relational.transaction(async (tx) => {
    const experiment = await findExperiment(tx, id)
    if (experiment === undefined) throw errors.experimentUnknown({ id })
    if (experiment.state !== 'draft') throw errors.experimentState({ id, state: experiment.state, verb: 'started' })
    const { flag } = experiment.definition
    const other = (await listExperiments(tx)).find((known) => known.state === 'running' && known.definition.flag === flag)
    if (other !== undefined) throw errors.flagInUse({ flag, experiment: other.definition.id, problem: `"${id}" would split it too` })
    await saveExperiment(tx, { ...experiment, state: 'running', startedAtMs: nowMs })
    await addAudit(tx, { id: auditId, atMs: nowMs, action: 'experiment started', subject: `experiment:${id}`, detail: { flag, share: experiment.definition.share } }, ctx)
  }, ctx)
  await room.flags.reload(ctx)
  await room.schedule.reload(ctx)
}
