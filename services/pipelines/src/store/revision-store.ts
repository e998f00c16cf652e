// One counter that grows with every publication and every new set: whoever holds an older number has an old picture.
import type { Relational } from '@rondo/relational'
import type { Kysely } from 'kysely'
import type { PipelinesDatabase } from './tables.ts'

export async function getRevision(relational: Relational<PipelinesDatabase>): Promise<number> {
  const row = await relational.db.selectFrom('revisions').select('value').where('id', '=', 1).executeTakeFirstOrThrow()
  return Number(row.value)
}

/** Only inside the transaction of the change that it counts. */
export async function bumpRevision(tx: Kysely<PipelinesDatabase>): Promise<number> {
  const row = await tx
    .updateTable('revisions')
    .set((expression) => ({ value: expression('value', '+', 1) }))
    .where('id', '=', 1)
    .returning('value')
    .executeTakeFirstOrThrow()
  return Number(row.value)
}
