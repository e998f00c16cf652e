// Refuses a key from now on.
import type { Ctx } from '@rondo/context'
import type { Key } from '../contract.ts'
import { toKey } from '../domain/stored-key.ts'
import { errors } from '../errors.ts'
import { createAuditEntry, type Parts } from '../parts.ts'

/** Throws KEY_NOT_FOUND. Refused in memory before it is durable, so that no call slips through between. */
export async function revokeKey(parts: Parts, id: string, ctx: Ctx): Promise<Key> {
  const key = parts.ring.get(id)
  if (key === undefined) throw errors.keyUnknown({ id })
  if (key.revokedAtMs !== null) return toKey(key)
  const revoked = { ...key, revokedAtMs: parts.clock.now() }
  parts.ring.put(revoked)
  try {
    await parts.store.revokeKey(id, revoked.revokedAtMs, createAuditEntry(parts, ctx, 'revoke-key', id, `${key.kind} key "${key.name}"`), ctx)
  } catch (thrown) {
    parts.ring.put(key)
    throw thrown
  }
  return toKey(revoked)
}
