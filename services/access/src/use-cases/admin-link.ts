// One-time links: how a person gets from the terminal into the portal without a password.
import type { Ctx } from '@rondo/context'
import { DAY_MS } from '@rondo/time'
import { createAuditEntry, noteFailure, type Parts } from '../parts.ts'
import { createSecret, hashSecret, longestSecret } from '../secret.ts'

const linkLifeMs = DAY_MS
const sessionLifeMs = 30 * DAY_MS
const SESSION_NAME = 'portal'

/** A token that `redeemAdminLink` takes once within a day. */
export async function createAdminLink(parts: Parts, ctx: Ctx): Promise<{ token: string; expiresAtMs: number }> {
  const nowMs = parts.clock.now()
  const token = createSecret('link')
  const expiresAtMs = nowMs + linkLifeMs
  await parts.store.addLink(hashSecret(token), nowMs, expiresAtMs, createAuditEntry(parts, ctx, 'create-link', 'portal', 'one-time admin link'), ctx)
  return { token, expiresAtMs }
}

/**
 * The value of a session cookie that is good for 30 days; undefined for a link that is unknown, spent or too old. With a `source` (an address),
 * wrong links are counted: throws TOO_MANY_FAILURES for the next wrong one once it has tried too many. A right link always passes.
 */
export async function redeemAdminLink(parts: Parts, token: string, ctx: Ctx, source?: string): Promise<{ cookie: string; maxAgeSeconds: number } | undefined> {
  const nowMs = parts.clock.now()
  const cookie = createSecret('session')
  const session = { hash: hashSecret(cookie), name: SESSION_NAME, expiresAtMs: nowMs + sessionLifeMs }
  const audit = createAuditEntry(parts, ctx, 'sign-in', 'portal', 'by one-time admin link')
  if (token.length <= longestSecret && (await parts.store.exchangeLink(hashSecret(token), session, nowMs, audit, ctx))) {
    parts.ring.putSession(session)
    return { cookie, maxAgeSeconds: sessionLifeMs / 1000 }
  }
  if (source !== undefined) noteFailure(parts, source, nowMs)
  return undefined
}
