// What the acts of this room work with.
import type { Ctx } from '@rondo/context'
import type { Ids } from '@rondo/ids'
import type { Clock } from '@rondo/time'
import type { FailureLimiter } from './domain/failure-limiter.ts'
import type { KeyRing } from './key-ring.ts'
import type { AuditEntry, KeyStore } from './store/key-store.ts'

export type Parts = { clock: Clock; ids: Ids; store: KeyStore; ring: KeyRing; limiter: FailureLimiter }

/** The line of the audit that an act leaves behind. */
export function createAuditEntry(parts: Parts, ctx: Ctx, action: string, subject: string, detail: string): AuditEntry {
  return { id: parts.ids.next(), atMs: parts.clock.now(), actor: toActor(ctx), action, subject, detail }
}

export function toActor({ principal }: Ctx): string {
  return 'name' in principal ? `${principal.kind}:${principal.name}` : principal.kind
}
