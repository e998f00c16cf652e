// Which dead letters were replayed, in the database.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { EventsDb } from './tables.ts'

export async function markReplayed(relational: Relational<EventsDb>, type: string, offsets: number[], ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    for (let at = 0; at < offsets.length; at += 1000) {
      const values = offsets.slice(at, at + 1000).map((offset) => ({ type, dead_offset: offset }))
      await tx.insertInto('replayed').values(values).onConflict((conflict) => conflict.columns(['type', 'dead_offset']).doNothing()).execute()
    }
  }, ctx)
}

/** Replayed offsets in [from, to). */
export async function listReplayed(relational: Relational<EventsDb>, type: string, from: number, to: number): Promise<Set<number>> {
  const rows = await relational.db.selectFrom('replayed').select('dead_offset').where('type', '=', type).where('dead_offset', '>=', from).where('dead_offset', '<', to).execute()
  return new Set(rows.map((row) => Number(row.dead_offset)))
}

export async function countReplayed(relational: Relational<EventsDb>): Promise<Map<string, number>> {
  const rows = await relational.db.selectFrom('replayed').select((e) => ['type', e.fn.count<number>('dead_offset').as('count')]).groupBy('type').execute()
  return new Map(rows.map((row) => [row.type, Number(row.count)]))
}
