// Makes a key and shows its secret for the only time.
import type { Ctx } from '@rondo/context'
import { DAY_MS } from '@rondo/time'
import type { Key, NewKey } from '../contract.ts'
import { isInForce, toKey, type StoredKey } from '../domain/stored-key.ts'
import { errors } from '../errors.ts'
import { createAuditEntry, toActor, type Parts } from '../parts.ts'
import { createSecret, hashSecret, toPrefix } from '../secret.ts'

/** The only scope: all that the kind may. Another would promise a limit that nobody holds. */
const EVERYTHING = '*'

/** Throws SCOPE_UNSUPPORTED for any scope but "*", KEY_NAME_TAKEN while a key of this kind and name is in force. */
export async function createKey(parts: Parts, input: NewKey, ctx: Ctx): Promise<Key & { secret: string }> {
  if (input.scope !== undefined && input.scope !== EVERYTHING) throw errors.scopeUnsupported({ scope: input.scope })
  const nowMs = parts.clock.now()
  if (parts.ring.list().some((key) => key.kind === input.kind && key.name === input.name && isInForce(key, nowMs))) {
    throw errors.nameTaken({ kind: input.kind, name: input.name })
  }
  const secret = createSecret(input.kind)
  const expiresAtMs = input.expiresInDays === undefined ? null : nowMs + input.expiresInDays * DAY_MS
  const key = await addKey(parts, { kind: input.kind, name: input.name, scope: EVERYTHING, secret, expiresAtMs }, [], ctx)
  return { ...toKey(key), secret }
}

/** Stores a key with a secret that is already known; `replaced` are revoked in the same transaction. */
export async function addKey(
  parts: Parts,
  init: Pick<StoredKey, 'kind' | 'name' | 'scope' | 'expiresAtMs'> & { secret: string },
  replaced: readonly StoredKey[],
  ctx: Ctx,
): Promise<StoredKey> {
  const nowMs = parts.clock.now()
  const { secret, ...rest } = init
  const key: StoredKey = {
    id: parts.ids.next(),
    ...rest,
    prefix: toPrefix(init.kind, secret),
    hash: hashSecret(secret),
    createdAtMs: nowMs,
    createdBy: toActor(ctx),
    lastUsedAtMs: null,
    revokedAtMs: null,
  }
  const audit = [
    ...replaced.map((old) => createAuditEntry(parts, ctx, 'revoke-key', old.id, `${old.kind} key "${old.name}", replaced`)),
    createAuditEntry(parts, ctx, 'create-key', key.id, `${key.kind} key "${key.name}", scope "${key.scope}"`),
  ]
  await parts.store.addKey(key, audit, replaced.map(({ id }) => ({ id, atMs: nowMs })), ctx)
  for (const old of replaced) parts.ring.put({ ...old, revokedAtMs: nowMs })
  parts.ring.put(key)
  return key
}
