// All keys and sessions in memory: authentication is one hash and one look-up, and a revoked key is refused from the next call on.
import type { Principal } from '@rondo/context'
import { isInForce, type StoredKey } from './domain/stored-key.ts'
import type { Session } from './store/key-store.ts'

export type KeyRing = {
  put(key: StoredKey): void
  get(id: string): StoredKey | undefined
  list(): StoredKey[]
  findByHash(hash: string, nowMs: number): StoredKey | undefined
  /** Uses since the last call: key id → latest epoch ms. */
  takeUses(): Map<string, number>
  putSession(session: Session): void
  /** What stands in the store now, read a moment ago: what was revoked here meanwhile stays revoked. */
  take(keys: readonly StoredKey[], sessions: readonly Session[]): void
  findSession(hash: string, nowMs: number): Session | undefined
}

/** Notes the use of every key it finds. */
export function createKeyRing(keys: readonly StoredKey[], sessions: readonly Session[]): KeyRing {
  const byHash = new Map(keys.map((key) => [key.hash, key]))
  const byId = new Map(keys.map((key) => [key.id, key]))
  const sessionByHash = new Map(sessions.map((session) => [session.hash, session]))
  let uses = new Map<string, number>()
  const put = (key: StoredKey): void => {
    byHash.set(key.hash, key)
    byId.set(key.id, key)
  }
  return {
    put,
    get: (id) => byId.get(id),
    list: () => [...byId.values()],
    findByHash(hash, nowMs) {
      const key = byHash.get(hash)
      if (key === undefined || !isInForce(key, nowMs)) return undefined
      key.lastUsedAtMs = nowMs
      uses.set(key.id, nowMs)
      return key
    },
    takeUses() {
      const taken = uses
      uses = new Map()
      return taken
    },
    take(stored, storedSessions) {
      for (const key of stored) {
        const known = byId.get(key.id)
        put({ ...key, revokedAtMs: key.revokedAtMs ?? known?.revokedAtMs ?? null, lastUsedAtMs: Math.max(key.lastUsedAtMs ?? 0, known?.lastUsedAtMs ?? 0) || null })
      }
      for (const session of storedSessions) sessionByHash.set(session.hash, session)
    },
    putSession: (session) => void sessionByHash.set(session.hash, session),
    findSession(hash, nowMs) {
      const session = sessionByHash.get(hash)
      if (session === undefined) return undefined
      if (session.expiresAtMs > nowMs) return session
      sessionByHash.delete(hash)
      return undefined
    },
  }
}

export function toPrincipal(key: Pick<StoredKey, 'kind' | 'name'>): Principal {
  return { kind: key.kind, name: key.name }
}
