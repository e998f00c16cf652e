// Who shows this secret, or this cookie.
import type { Ctx, Principal } from '@rondo/context'
import { toPrincipal } from '../key-ring.ts'
import { noteFailure, refuseIfBlocked, type Parts } from '../parts.ts'
import { hashSecret, longestSecret } from '../secret.ts'

/**
 * Undefined for a secret that is unknown, revoked, expired or of another kind. With a `source` (an address), unknown secrets are counted:
 * throws TOO_MANY_FAILURES for the next unknown one once it has tried too many. A key in force always passes, since many may share an address.
 */
export async function authenticate(parts: Parts, secret: string, kinds: readonly Principal['kind'][], _ctx: Ctx, source?: string): Promise<Principal | undefined> {
  const nowMs = parts.clock.now()
  const hash = secret.length > longestSecret ? undefined : hashSecret(secret)
  let key = hash === undefined ? undefined : parts.ring.findByHash(hash, nowMs)
  if (key === undefined && hash !== undefined && parts.isShared) {
    if (source !== undefined) refuseIfBlocked(parts, source, nowMs)
    const stored = await parts.store.findKey(hash)
    if (stored !== undefined) parts.ring.take([stored], [])
    key = parts.ring.findByHash(hash, nowMs)
  }
  if (key !== undefined) return kinds.includes(key.kind) ? toPrincipal(key) : undefined
  if (source !== undefined) noteFailure(parts, source, nowMs)
  return undefined
}

/** The person of a portal session; undefined when it is unknown or over. */
export async function authenticateSession(parts: Parts, cookie: string, _ctx: Ctx): Promise<Principal | undefined> {
  if (cookie.length > longestSecret) return undefined
  const [hash, nowMs] = [hashSecret(cookie), parts.clock.now()]
  let session = parts.ring.findSession(hash, nowMs)
  if (session === undefined && parts.isShared) {
    const stored = await parts.store.findSession(hash)
    if (stored !== undefined) parts.ring.putSession(stored)
    session = parts.ring.findSession(hash, nowMs)
  }
  return session === undefined ? undefined : { kind: 'admin', name: session.name }
}
