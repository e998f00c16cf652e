// Finds the secret in a request, wherever its dialect puts it, and asks who holds it.
import { hash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { Access, Authenticate } from '@rondo/contract'
import type { Ctx, Principal } from '@rondo/context'
import { errors } from './errors.ts'

export type CredentialSource = { path: string; query: URLSearchParams; headers: Record<string, string | undefined>; /** The caller's address. */ peer?: string }

/** Kinds of key that an access level accepts. */
const KINDS: Record<Exclude<Access, 'public'>, Principal['kind'][]> = {
  write: ['write', 'admin', 'service'],
  client: ['client', 'admin', 'service'],
  read: ['admin', 'service'],
  admin: ['admin', 'service'],
}

const ALL: Principal['kind'][] = ['write', 'client', 'admin', 'service']

export const SESSION_COOKIE = 'rondo_session'

/** Bearer token, Basic user name, `X-API-Key`, or `?writeKey=`. */
export function findSecret(source: CredentialSource): string | undefined {
  const authorization = source.headers['authorization']
  if (authorization !== undefined) {
    const [scheme, value] = [authorization.slice(0, authorization.indexOf(' ')).toLowerCase(), authorization.slice(authorization.indexOf(' ') + 1).trim()]
    if (scheme === 'bearer') return value
    if (scheme === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0]
  }
  return source.headers['x-api-key'] ?? source.query.get('writeKey') ?? undefined
}

export function findCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

/** Compares in a time that tells a guesser nothing about the known one: by SHA-256, which is as long for either. */
export function isSameSecret(given: string, known: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', known, 'buffer'))
}

/** What a front passes on beside a request: a key of its own, and the address of the caller it speaks for. */
export const FRONT_HEADERS = { key: 'x-rondo-front', caller: 'x-rondo-caller' } as const

/**
 * The caller's address: that of the connection, or the one that a front names, who shows an admin's or a service's key with it. Keys shown so are counted like
 * all others, for the address of the connection, so that this is no way to guess.
 */
export async function findCaller(address: string, headers: Record<string, string | undefined>, authenticate: Authenticate, ctx: Ctx): Promise<string> {
  const { [FRONT_HEADERS.key]: key, [FRONT_HEADERS.caller]: caller } = headers
  if (key === undefined || caller === undefined || isIP(caller) === 0) return address
  try {
    return (await authenticate(key, KINDS.admin, ctx, address)) === undefined ? address : caller
  } catch {
    // One that guessed too often is told so where it asks with its own key.
    return address
  }
}

export type SessionCheck = (cookie: string, ctx: Ctx) => Promise<Principal | undefined>

/** The principal of a request to a route of this access level. Throws UNAUTHENTICATED, FORBIDDEN, FOREIGN_ORIGIN. */
export async function identify(
  source: CredentialSource & { method: string },
  access: Exclude<Access, 'public'>,
  checks: { authenticate: Authenticate; session: SessionCheck; publicUrl?: string },
  ctx: Ctx,
): Promise<Principal> {
  const secret = findSecret(source)
  if (secret !== undefined) {
    const principal = await checks.authenticate(secret, ALL, ctx, source.peer)
    if (principal === undefined) throw errors.noCredentials({ path: source.path })
    if (!KINDS[access].includes(principal.kind)) throw errors.wrongKind({ path: source.path, kind: principal.kind })
    return principal
  }
  const cookie = findCookie(source.headers['cookie'], SESSION_COOKIE)
  const principal = cookie === undefined ? undefined : await checks.session(cookie, ctx)
  if (principal === undefined) throw errors.noCredentials({ path: source.path })
  refuseForeignOrigin(source, checks.publicUrl)
  return principal
}

/** A cookie travels by itself, so a page of another site must not be able to act with it. */
function refuseForeignOrigin(source: CredentialSource & { method: string }, publicUrl: string | undefined): void {
  if (source.method === 'GET' || source.method === 'HEAD') return
  const origin = source.headers['origin']
  if (origin === undefined && (source.headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin') return
  if (origin !== undefined && URL.canParse(origin) && (new URL(origin).host === source.headers['host'] || (publicUrl !== undefined && new URL(origin).origin === new URL(publicUrl).origin))) return
  throw errors.foreignOrigin({ origin: origin ?? 'another site' })
}
