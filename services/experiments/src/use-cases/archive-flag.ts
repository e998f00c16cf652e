// Archives a flag: clients get their own default from now on; its history stays.
import type { Ctx } from '@rondo/context'
import type { Room } from '../deps.ts'
import { errors } from '../errors.ts'
import { addAudit } from '../store/audit-store.ts'
import { listExperiments } from '../store/experiment-store.ts'
import { findFlag, saveFlag } from '../store/flag-store.ts'

export async function archiveFlag(key: string, room: Room, ctx: Ctx): Promise<{ key: string; archived: boolean }> {
  const nowMs = room.clock.now()
  const auditId = room.ids.next()
  const archived = await room.relational.transaction(async (tx) => {
    const flag = await findFlag(tx, key)
    if (flag === undefined) throw errors.flagUnknown({ flag: key })
    if (flag.archivedAtMs !== null) return false
    const running = (await listExperiments(tx)).find((experiment) => experiment.definition.flag === key && experiment.state === 'running')
    if (running !== undefined) throw errors.flagInUse({ flag: key, experiment: running.definition.id, problem: 'it would be archived' })
    await saveFlag(tx, { ...flag, version: flag.version + 1, archivedAtMs: nowMs, updatedAtMs: nowMs })
    await addAudit(tx, { id: auditId, atMs: nowMs, action: 'flag archived', subject: `flag:${key}`, detail: {} }, ctx)
    return true
  }, ctx)
  if (archived) await room.flags.reload(ctx)
  return { key, archived: true }
}
