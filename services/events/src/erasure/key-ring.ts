// Keys of users: made at their first personal event, remembered within a bound, destroyed once and for all.
//
//   owner := "user:" user or anonymous id | "day:" type or "dead" ":" day       (for what names nobody)
//
// A key is durable before anything is sealed under it. Every look into the memory is preceded by a look at the count of erasures in the
// database, so that a key that any process has destroyed is used by none.
import { randomBytes } from 'node:crypto'
import type { Ctx } from '@rondo/context'
import type { Ids } from '@rondo/ids'
import type { Relational } from '@rondo/relational'
import { readKey, type SealKey } from '@rondo/sealing'
import type { Clock } from '@rondo/time'
import { addKeys, countErasures, destroyKeys, findKeys, findKeysOf, scrubKeys, type WrappedKey } from '../store/key-store.ts'
import type { EventsDb } from '../store/tables.ts'
import { createMasterKey } from './master-key.ts'

/** `expiresAtMs`: when what a day's key seals has passed its retention; null for a user's. */
export type Owner = { name: string; expiresAtMs: number | null }
/** `seals`: the last contexts that were sealed under it, one of a type; see seal-contexts.ts. They go with the key. */
export type SealingKey = { id: string; key: SealKey; seals: ContextSeal[] }
/** `text` is the end of a record, from `,"sealed":` on. */
export type ContextSeal = { type: string; context: string; text: string; atMs: number }
/** Characters of a key's id. */
export const KEY_ID_CHARS = 32

export type KeyRing = {
  /** Those in force of these owners, when all are remembered: nothing is awaited, nothing is asked. */
  recall(owners: readonly Owner[]): ReadonlyMap<string, SealingKey> | undefined
  /** The same of single users; undefined when what is remembered may be too old. To be used at once. */
  recollect(): ((user: string) => SealingKey | undefined) | undefined
  /** Those in force of these owners; made, durably, for owners without. */
  provide(owners: readonly Owner[]): Promise<ReadonlyMap<string, SealingKey>>
  /** By their ids; those that were destroyed are absent. */
  find(ids: Iterable<string>): Promise<ReadonlyMap<string, SealKey>>
  /** Destroys the keys of an owner durably; they are gone from the database's files when it resolves. Gives how many there were. */
  erase(owner: string): Promise<number>
  /** Destroys day keys past their day; gives how many. */
  expire(nowMs: number): Promise<number>
}

/** `ctx`: of the room itself, since keys outlive the patience of one caller. */
export type KeyRingDeps = { relational: Relational<EventsDb>; clock: Clock; ids: Ids; masterKey: Uint8Array; ctx: Ctx }

/** About 300 bytes each; and for each of up to four types whose last seal is remembered with it 600 more as clients are, 2,600 at most. */
const MOST_REMEMBERED = 50_000
/** So long a remembered key may go on sealing after another process destroyed it; what it seals then nobody can ever read. */
const RECALL_MS = 250

const USER = 'user:'

export function userOwner(user: string): string {
  return USER + user
}

export function createKeyRing({ relational, clock, ids, masterKey, ctx }: KeyRingDeps): KeyRing {
  const master = createMasterKey(masterKey)
  const byOwner = new Map<string, SealingKey>()
  /** Those of `byOwner` that are users', by the user alone: looked up for every event with a context. */
  const byUser = new Map<string, SealingKey>()
  const byId = new Map<string, SealKey>()
  let erasures = -1
  let lookedAtMs = -Infinity
  /** Owners whose keys are being made, together in one transaction. */
  let making: { owners: Map<string, Owner>; done: Promise<WrappedKey[]> } | undefined

  function remember({ id, owner, wrapped }: WrappedKey): SealingKey {
    const known = byId.get(id)
    const key = known ?? readKey(master.unwrap(wrapped, owner))
    const sealing: SealingKey = { id, key, seals: [] }
    bound(byId)
    bound(byOwner)
    byId.set(id, key)
    byOwner.set(owner, sealing)
    if (owner.startsWith(USER)) {
      bound(byUser)
      byUser.set(owner.slice(USER.length), sealing)
    }
    return sealing
  }

  async function look(): Promise<void> {
    const count = await countErasures(relational)
    if (count !== erasures) forget()
    erasures = count
    lookedAtMs = performance.now()
  }

  function forget(): void {
    byOwner.clear()
    byUser.clear()
    byId.clear()
  }

  function make(owners: Owner[]): Promise<WrappedKey[]> {
    if (making === undefined) {
      const batch = new Map<string, Owner>()
      // Whoever asks before the database gets to it comes along.
      const done = Promise.resolve().then(() => {
        making = undefined
        const keys = [...batch.values()].map(({ name, expiresAtMs }) => ({ id: ids.next().replaceAll('-', ''), owner: name, wrapped: master.wrap(randomBytes(32), name), expiresAtMs }))
        return addKeys(relational, keys, clock.now(), ctx)
      })
      making = { owners: batch, done }
    }
    for (const owner of owners) making.owners.set(owner.name, owner)
    return making.done
  }

  return {
    recall(owners) {
      if (performance.now() - lookedAtMs > RECALL_MS) return undefined
      const found = new Map<string, SealingKey>()
      for (const { name } of owners) {
        const key = byOwner.get(name)
        if (key === undefined) return undefined
        found.set(name, key)
      }
      return found
    },
    recollect: () => (performance.now() - lookedAtMs > RECALL_MS ? undefined : (user) => byUser.get(user)),
    async provide(owners) {
      await look()
      const found = new Map<string, SealingKey>()
      const take = (rows: WrappedKey[]): void => {
        for (const row of rows) if (wanted.delete(row.owner)) found.set(row.owner, remember(row))
      }
      const wanted = new Map<string, Owner>()
      for (const owner of owners) {
        const key = byOwner.get(owner.name)
        if (key === undefined) wanted.set(owner.name, owner)
        else found.set(owner.name, key)
      }
      if (wanted.size > 0) take(await findKeysOf(relational, [...wanted.keys()]))
      if (wanted.size > 0) take(await make([...wanted.values()]))
      return found
    },
    async find(asked) {
      await look()
      const found = new Map<string, SealKey>()
      const missing = new Set<string>()
      for (const id of asked) {
        const key = byId.get(id)
        if (key === undefined) missing.add(id)
        else found.set(id, key)
      }
      if (missing.size > 0) for (const row of await findKeys(relational, [...missing])) found.set(row.id, remember(row).key)
      return found
    },
    async erase(owner) {
      const gone = await destroyKeys(relational, { owner }, clock.now(), ctx)
      forget()
      await scrubKeys(relational, ctx)
      return gone.length
    },
    async expire(nowMs) {
      const gone = await destroyKeys(relational, { expiredBeforeMs: nowMs }, clock.now(), ctx)
      if (gone.length > 0) forget()
      await scrubKeys(relational, ctx)
      return gone.length
    },
  }
}

/** Who was put in first goes first. */
function bound(kept: Map<string, unknown>): void {
  if (kept.size < MOST_REMEMBERED) return
  const [first] = kept.keys()
  if (first !== undefined) kept.delete(first)
}
