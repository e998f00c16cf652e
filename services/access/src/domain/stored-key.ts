// A key as the room holds it: everything but the secret, of which only the hash is known.
import type { Key, KeyKind } from '../contract.ts'

export type StoredKey = {
  id: string
  kind: KeyKind
  name: string
  scope: string
  prefix: string
  /** SHA-256 of the secret, hexadecimal. */
  hash: string
  createdAtMs: number
  createdBy: string
  expiresAtMs: number | null
  lastUsedAtMs: number | null
  revokedAtMs: number | null
}

export function isInForce(key: StoredKey, nowMs: number): boolean {
  return key.revokedAtMs === null && (key.expiresAtMs === null || key.expiresAtMs > nowMs)
}

/** What the contract shows: no hash. */
export function toKey(key: StoredKey): Key {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
  return {
    id: key.id,
    kind: key.kind,
    name: key.name,
    scope: key.scope,
    prefix: key.prefix,
    createdAt: new Date(key.createdAtMs).toISOString(),
    createdBy: key.createdBy,
    expiresAt: iso(key.expiresAtMs),
    lastUsedAt: iso(key.lastUsedAtMs),
    revokedAt: iso(key.revokedAtMs),
  }
}
