// Positions of named readers in the database.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { EventsDb } from './tables.ts'

export type ReaderPosition = { type: string; reader: string; offset: number; askedAtMs: number }

export async function listReaderPositions(relational: Relational<EventsDb>): Promise<ReaderPosition[]> {
  const rows = await relational.db.selectFrom('readers').selectAll().execute()
  return rows.map((row) => ({ type: row.type, reader: row.reader, offset: Number(row.next_offset), askedAtMs: Number(row.asked_at) }))
}

export async function saveReaderPositions(relational: Relational<EventsDb>, positions: ReaderPosition[], ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    for (const { type, reader, offset, askedAtMs } of positions) {
      await tx
        .insertInto('readers')
        .values({ type, reader, next_offset: offset, asked_at: askedAtMs })
        .onConflict((conflict) => conflict.columns(['type', 'reader']).doUpdateSet({ next_offset: offset, asked_at: askedAtMs }))
        .execute()
    }
  }, ctx)
}

export async function deleteReaderPosition(relational: Relational<EventsDb>, type: string, reader: string, ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    await tx.deleteFrom('readers').where('type', '=', type).where('reader', '=', reader).execute()
  }, ctx)
}
