// Makes a key and shows its secret for the only time.
import type { Ctx } from '@rondo/context'
import { DAY_MS } from '@rondo/time'
import type { Key, NewKey } from '../contract.ts'
import { isInForce, toKey, type StoredKey } from '../domain/stored-key.ts'
import { errors } from '../errors.ts'
import { createAuditEntry, takeFromStore, toActor, type Parts } from '../parts.ts'
import { createSecret, hashSecret, toPrefix } from '../secret.ts'

/** The only scope: all that the kind may. Another would promise a limit that nobody holds. */
const EVERYTHING = '*'

/** Throws SCOPE_UNSUPPORTED for any scope but "*", KEY_NAME_TAKEN while a key of this kind and name is in force. */
export async function createKey(parts: Parts, input: NewKey, ctx: Ctx): Promise<Key & { secret: string }> {
  if (input.scope !== undefined && input.scope !== EVERYTHING) throw errors.scopeUnsupported({ scope: input.scope })
  const nowMs = parts.clock.now()
  const secret = createSecret(input.kind)
  const expiresAtMs = input.expiresInDays === undefined ? null : nowMs + input.expiresInDays * DAY_MS
  const key = await addKey(parts, { kind: input.kind, name: input.name, scope: EVERYTHING, secret, expiresAtMs }, [], (standing) => !standing.some((other) => other.kind === input.kind && other.name === input.name && isInForce(other, nowMs)), ctx)
  if (key === undefined) throw errors.nameTaken({ kind: input.kind, name: input.name })
  return { ...toKey(key), secret }
}

/** Stores a key with a secret that is already known; `replaced` are revoked in the same transaction. Undefined when `isWanted` says no to the keys that stand by then. */
export async function addKey(
  parts: Parts,
  init: Pick<StoredKey, 'kind' | 'name' | 'scope' | 'expiresAtMs'> & { secret: string },
  replaced: readonly StoredKey[],
  isWanted: (standing: StoredKey[]) => boolean,
  ctx: Ctx,
): Promise<StoredKey | undefined> {
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
  if (!(await parts.store.addKey(key, audit, replaced.map(({ id }) => ({ id, atMs: nowMs })), isWanted, ctx))) {
    await takeFromStore(parts)
    return undefined
  }
  for (const old of replaced) parts.ring.put({ ...old, revokedAtMs: nowMs })
  parts.ring.put(key)
  return key
}
