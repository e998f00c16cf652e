// Who shows this secret, or this cookie.
import type { Ctx, Principal } from '@rondo/context'
import { toPrincipal } from '../key-ring.ts'
import { noteFailure, type Parts } from '../parts.ts'
import { hashSecret, longestSecret } from '../secret.ts'

/**
 * Undefined for a secret that is unknown, revoked, expired or of another kind. With a `source` (an address), unknown secrets are counted:
 * throws TOO_MANY_FAILURES for the next unknown one once it has tried too many. A key in force always passes, since many may share an address.
 */
export async function authenticate(parts: Parts, secret: string, kinds: readonly Principal['kind'][], _ctx: Ctx, source?: string): Promise<Principal | undefined> {
  const nowMs = parts.clock.now()
  const key = secret.length > longestSecret ? undefined : parts.ring.findByHash(hashSecret(secret), nowMs)
  if (key !== undefined) return kinds.includes(key.kind) ? toPrincipal(key) : undefined
  if (source !== undefined) noteFailure(parts, source, nowMs)
  return undefined
}

/** The person of a portal session; undefined when it is unknown or over. */
export async function authenticateSession(parts: Parts, cookie: string, _ctx: Ctx): Promise<Principal | undefined> {
  const session = cookie.length > longestSecret ? undefined : parts.ring.findSession(hashSecret(cookie), parts.clock.now())
  return session === undefined ? undefined : { kind: 'admin', name: session.name }
}
