// Sealing keys in the database, wrapped.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { EventsDb } from './tables.ts'

export type WrappedKey = { id: string; owner: string; wrapped: string }
export type NewKey = WrappedKey & { expiresAtMs: number | null }

/** Engines limit the parameters of one statement. */
const RUN = 500
const IN_FORCE = -1
const ERASURES = 'erasures'
const SCRUBBED = 'scrubbed'
/** What stands in place of a destroyed key: of the same length, so that the engine writes it over the old bytes and moves no row. */
const DESTROYED = '!%'
const toDestroyed = (wrapped: string, nowMs: number): string => `!${nowMs}`.padEnd(wrapped.length, '!')

/** Keys in force, by owner. */
export async function findKeysOf(relational: Pick<Relational<EventsDb>, 'db'>, owners: string[]): Promise<WrappedKey[]> {
  const found: WrappedKey[] = []
  for (let at = 0; at < owners.length; at += RUN) {
    found.push(...(await relational.db.selectFrom('sealing_keys').select(['id', 'owner', 'wrapped']).where('owner', 'in', owners.slice(at, at + RUN)).where('wrapped', 'not like', DESTROYED).execute()))
  }
  return found
}

/** Keys that are not destroyed, by their ids. */
export async function findKeys(relational: Relational<EventsDb>, ids: string[]): Promise<WrappedKey[]> {
  const found: WrappedKey[] = []
  for (let at = 0; at < ids.length; at += RUN) {
    found.push(...(await relational.db.selectFrom('sealing_keys').select(['id', 'owner', 'wrapped']).where('id', 'in', ids.slice(at, at + RUN)).where('wrapped', 'not like', DESTROYED).execute()))
  }
  return found
}

/** Of owners without a key in force, durably. An owner for whom another process was faster keeps that key: gives what is in force now. */
export async function addKeys(relational: Relational<EventsDb>, keys: NewKey[], nowMs: number, ctx: Ctx): Promise<WrappedKey[]> {
  return relational.transaction(async (tx) => {
    const owners = keys.map(({ owner }) => owner)
    const generations = new Map<string, number>()
    for (let at = 0; at < owners.length; at += RUN) {
      const rows = await tx.selectFrom('sealing_keys').select(['owner', 'generation', 'wrapped']).where('owner', 'in', owners.slice(at, at + RUN)).orderBy('generation').execute()
      for (const { owner, generation, wrapped } of rows) generations.set(owner, wrapped.startsWith('!') ? Number(generation) + 1 : IN_FORCE)
    }
    const missing = keys.filter(({ owner }) => generations.get(owner) !== IN_FORCE)
    for (let at = 0; at < missing.length; at += RUN) {
      const values = missing.slice(at, at + RUN).map(({ id, owner, wrapped, expiresAtMs }) => ({ id, owner, generation: generations.get(owner) ?? 0, wrapped, made_at: nowMs, expires_at: expiresAtMs }))
      await tx.insertInto('sealing_keys').values(values).onConflict((conflict) => conflict.columns(['owner', 'generation']).doNothing()).execute()
    }
    return findKeysOf({ db: tx }, owners)
  }, ctx)
}

/** Writes over the keys of an owner, or over those past their day, and counts it as an erasure. Gives their ids. */
export async function destroyKeys(relational: Relational<EventsDb>, which: { owner: string } | { expiredBeforeMs: number }, nowMs: number, ctx: Ctx): Promise<string[]> {
  return relational.transaction(async (tx) => {
    const all = tx.selectFrom('sealing_keys').select(['id', 'wrapped']).where('wrapped', 'not like', DESTROYED)
    const rows = await ('owner' in which ? all.where('owner', '=', which.owner) : all.where('expires_at', '<', which.expiredBeforeMs).limit(RUN)).execute()
    for (const { id, wrapped } of rows) await tx.updateTable('sealing_keys').set({ wrapped: toDestroyed(wrapped, nowMs) }).where('id', '=', id).execute()
    if (rows.length > 0) {
      await tx
        .insertInto('progress')
        .values({ name: ERASURES, value: 1 })
        .onConflict((conflict) => conflict.column('name').doUpdateSet((e) => ({ value: e('progress.value', '+', 1) })))
        .execute()
    }
    return rows.map(({ id }) => id)
  }, ctx)
}

/** How often keys were destroyed; changes exactly when remembered keys may be gone. */
export async function countErasures(relational: Relational<EventsDb>): Promise<number> {
  const row = await relational.db.selectFrom('progress').select('value').where('name', '=', ERASURES).executeTakeFirst()
  return Number(row?.value ?? 0)
}

/** Makes the bytes of destroyed keys leave the files of the database; what a crash left undone is done at the next call. */
export async function scrubKeys(relational: Relational<EventsDb>, ctx: Ctx): Promise<void> {
  const erasures = await countErasures(relational)
  const done = await relational.db.selectFrom('progress').select('value').where('name', '=', SCRUBBED).executeTakeFirst()
  if (Number(done?.value ?? 0) === erasures) return
  await relational.scrub('sealing_keys', ctx)
  await relational.transaction(async (tx) => {
    await tx.insertInto('progress').values({ name: SCRUBBED, value: erasures }).onConflict((conflict) => conflict.column('name').doUpdateSet({ value: erasures })).execute()
  }, ctx)
}

/** Ids of all keys an owner ever had, and whether each is still there. */
export async function listKeysOf(relational: Relational<EventsDb>, owner: string): Promise<{ id: string; exists: boolean }[]> {
  const rows = await relational.db.selectFrom('sealing_keys').select(['id', 'wrapped']).where('owner', '=', owner).orderBy('generation').execute()
  return rows.map(({ id, wrapped }) => ({ id, exists: !wrapped.startsWith('!') }))
}
