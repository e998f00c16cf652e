// What the acts of this room work with.
import type { Ctx } from '@rondo/context'
import type { Ids } from '@rondo/ids'
import type { Clock } from '@rondo/time'
import type { FailureLimiter } from './domain/failure-limiter.ts'
import { errors } from './errors.ts'
import type { KeyRing } from './key-ring.ts'
import type { AuditEntry, KeyStore } from './store/key-store.ts'

export type Parts = { clock: Clock; ids: Ids; store: KeyStore; ring: KeyRing; limiter: FailureLimiter }

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

/** Counts a wrong secret. Throws TOO_MANY_FAILURES once its source has tried too many. */
export function noteFailure({ limiter }: Parts, source: string, nowMs: number): void {
  const retryAfterMs = limiter.blockedForMs(source, nowMs)
  if (retryAfterMs > 0) throw errors.tooManyFailures({ source, retryAfterMs })
  limiter.fail(source, nowMs)
}
