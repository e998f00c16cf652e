// Keys that the room makes for itself, once.
import type { Kysely } from 'kysely'
import type { ExperimentsDatabase } from './tables.ts'

/** The key of this name; `made` becomes it when there is none yet, whichever process comes first. */
export async function ensureRoomKey(db: Kysely<ExperimentsDatabase>, name: string, made: string): Promise<string> {
  await db.insertInto('room_keys').values({ name, value: made }).onConflict((conflict) => conflict.column('name').doNothing()).execute()
  return (await db.selectFrom('room_keys').select('value').where('name', '=', name).executeTakeFirstOrThrow()).value
}
