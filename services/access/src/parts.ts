// What the acts of this room work with.
import type { Ctx } from '@rondo/context'
import type { Ids } from '@rondo/ids'
import type { Clock } from '@rondo/time'
import type { FailureLimiter } from './domain/failure-limiter.ts'
import { errors } from './errors.ts'
import type { KeyRing } from './key-ring.ts'
import type { AuditEntry, KeyStore } from './store/key-store.ts'

export type Parts = {
  clock: Clock
  ids: Ids
  store: KeyStore
  ring: KeyRing
  limiter: FailureLimiter
  /** Other processes make keys in the same store: what is unknown here is looked up there. */
  isShared: boolean
}

/** The ring knows what the store holds now, whoever wrote it. */
export async function takeFromStore({ store, ring, clock }: Parts): Promise<void> {
  ring.take(await store.listKeys(), await store.listSessions(clock.now()))
}

/** The line of the audit that an act leaves behind. */
export function createAuditEntry(parts: Parts, ctx: Ctx, action: string, subject: string, detail: string): AuditEntry {
  return { id: parts.ids.next(), atMs: parts.clock.now(), actor: toActor(ctx), action, subject, detail }
}

/** Who may decide about access: an admin key, a session, and who holds the data folder. A service may not, or it could make itself an admin. Throws ADMIN_KEY_NEEDED. */
export function refuseUnlessAdmin({ principal }: Ctx, act: string): void {
  if (principal.kind !== 'admin') throw errors.adminOnly({ act, kind: principal.kind })
}

export function toActor({ principal }: Ctx): string {
  return 'name' in principal ? `${principal.kind}:${principal.name}` : principal.kind
}

/** Throws TOO_MANY_FAILURES while the source has tried too many. */
export function refuseIfBlocked({ limiter }: Parts, source: string, nowMs: number): void {
  const retryAfterMs = limiter.blockedForMs(source, nowMs)
  if (retryAfterMs > 0) throw errors.tooManyFailures({ source, retryAfterMs })
}

/** Counts a wrong secret. Throws TOO_MANY_FAILURES once its source has tried too many. */
export function noteFailure(parts: Parts, source: string, nowMs: number): void {
  refuseIfBlocked(parts, source, nowMs)
  parts.limiter.fail(source, nowMs)
}
