// Creates or changes a segment that criteria name; every flag that needs it follows at once.
import type { Ctx } from '@rondo/context'
import type { SegmentDefinition } from '../contract.ts'
import type { Room } from '../deps.ts'
import { compileCriterion } from '../domain/flags/criterion.ts'
import { errors } from '../errors.ts'
import { addAudit } from '../store/audit-store.ts'
import { listSegments, saveSegment } from '../store/flag-store.ts'

/** Throws `FLAG_REFUSED` for a wrong criterion, an unknown segment, or one that would need itself. */
export async function putSegment(name: string, segment: SegmentDefinition, room: Room, ctx: Ctx): Promise<{ created: boolean; changed: boolean }> {
  if (segment.name !== name) throw errors.flagRefused({ path: 'name', value: segment.name, problem: `is not the "${name}" of the address`, todo: 'Make them one.' })
  const nowMs = room.clock.now()
  const auditId = room.ids.next()
  const answer = await room.relational.transaction(async (tx) => {
    const all = await listSegments(tx)
    const before = all.find((known) => known.name === name)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(segment)) return { created: false, changed: false }
    const others = new Map(all.map((known) => [known.name, known.when]))
    compileCriterion(segment.when, 'when', (other) => (other === name ? segment.when : others.get(other)), [name])
    await saveSegment(tx, segment, nowMs)
    await addAudit(tx, { id: auditId, atMs: nowMs, action: before === undefined ? 'segment created' : 'segment changed', subject: `segment:${name}`, detail: { before: before ?? null, after: segment } }, ctx)
    return { created: before === undefined, changed: true }
  }, ctx)
  if (answer.changed) await room.flags.reload(ctx)
  return answer
}
