// Creates or changes a flag: checked, stored with its audit line, and in force when this returns.
import type { Ctx } from '@rondo/context'
import type { FlagDefinition } from '../contract.ts'
import type { Room } from '../deps.ts'
import { carryRules } from '../domain/flags/carry-rules.ts'
import { checkFlag } from '../domain/flags/check-flag.ts'
import { errors } from '../errors.ts'
import { addAudit } from '../store/audit-store.ts'
import { listExperiments, saveExperiment } from '../store/experiment-store.ts'
import { findFlag, saveFlag } from '../store/flag-store.ts'

export type PutFlagAnswer = { key: string; version: number; created: boolean; changed: boolean }

/** The same definition again changes nothing. Throws `FLAG_REFUSED`, and `FLAG_IN_USE` when a running experiment's variant would go. */
export async function putFlag(key: string, body: FlagDefinition, room: Room, ctx: Ctx): Promise<PutFlagAnswer> {
  const { kind: _, ...definition } = body
  checkFlag(key, definition, room.flags.findSegment)
  const nowMs = room.clock.now()
  const auditId = room.ids.next()
  const answer = await room.relational.transaction(async (tx): Promise<PutFlagAnswer> => {
    const before = await findFlag(tx, key)
    if (before !== undefined && before.archivedAtMs === null && JSON.stringify(before.definition) === JSON.stringify(definition)) {
      return { key, version: before.version, created: false, changed: false }
    }
    for (const experiment of await listExperiments(tx)) {
      if (experiment.definition.flag !== key) continue
      if (experiment.state === 'running') refuseMissingVariants(definition, [experiment.definition.control, ...experiment.definition.treatments], experiment.definition.id)
      // The owner's new rules take over from what an experiment shipped.
      if (experiment.shippedInForce) await saveExperiment(tx, { ...experiment, shippedInForce: false })
    }
    const version = (before?.version ?? 0) + 1
    const rules = carryRules(definition, before?.rules ?? [])
    await saveFlag(tx, { key, version, definition, rules, archivedAtMs: null, createdAtMs: before?.createdAtMs ?? nowMs, updatedAtMs: nowMs })
    await addAudit(tx, { id: auditId, atMs: nowMs, action: before === undefined ? 'flag created' : 'flag changed', subject: `flag:${key}`, detail: { version, before: before?.definition ?? null, after: definition } }, ctx)
    return { key, version, created: before === undefined, changed: true }
  }, ctx)
  if (answer.changed) await room.flags.reload(ctx)
  return answer
}

function refuseMissingVariants(definition: FlagDefinition, variants: readonly string[], experiment: string): void {
  const missing = variants.find((variant) => !Object.hasOwn(definition.variants, variant))
  if (missing !== undefined) throw errors.flagInUse({ flag: definition.key, experiment, problem: `its variant "${missing}" would be gone` })
}
