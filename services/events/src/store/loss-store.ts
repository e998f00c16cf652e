// What clients numbered, and what of it never came, by hour.
import type { Relational } from '@rondo/relational'
import type { Kysely } from 'kysely'
import type { EventsDb } from './tables.ts'

export type Loss = { startMs: number; clients: number; numbered: number; lost: number; isWhole: boolean }

/** An hour that was written down before stays as it is: what came of it later is but a part. */
export async function insertLosses(tx: Kysely<EventsDb>, losses: Loss[]): Promise<void> {
  if (losses.length === 0) return
  await tx
    .insertInto('hour_losses')
    .values(losses.map(({ startMs, clients, numbered, lost, isWhole }) => ({ start_ms: startMs, clients, numbered, lost, is_whole: isWhole ? 1 : 0 })))
    .onConflict((conflict) => conflict.column('start_ms').doNothing())
    .execute()
}

/** Hours that begin in [fromMs, toMs), oldest first. */
export async function listLosses(relational: Relational<EventsDb>, fromMs: number, toMs: number): Promise<Loss[]> {
  const rows = await relational.db.selectFrom('hour_losses').selectAll().where('start_ms', '>=', fromMs).where('start_ms', '<', toMs).orderBy('start_ms').execute()
  return rows.map((row) => ({ startMs: Number(row.start_ms), clients: Number(row.clients), numbered: Number(row.numbered), lost: Number(row.lost), isWhole: Number(row.is_whole) === 1 }))
}
