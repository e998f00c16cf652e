// Finds the write key that came with a request, and who holds it.
import type { RawRequest } from '@rondo/contract'
import type { Ctx, Principal } from '@rondo/context'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'

const KINDS: Principal['kind'][] = ['write', 'client', 'admin', 'service']
const WRITERS: ReadonlySet<Principal['kind']> = new Set(['write', 'admin', 'service'])
/** Confidence's clients send events with the secret with which they ask for flags. */
const CLIENTS: ReadonlySet<Principal['kind']> = new Set([...WRITERS, 'client'])

/** The name of a key, and the body that came with it. */
export type Keyed<T> = { key: string; body: T }

/**
 * The name of the key: from Basic user name (Segment), Bearer, or ?writeKey=. Throws WRITE_KEY_WRONG, and KEY_KIND_WRONG for a key that is known
 * here and may not write; whatever `authenticate` throws, TOO_MANY_FAILURES for an address that guesses, passes.
 */
export function requireWriteKey(room: Room, request: RawRequest, ctx: Ctx): Promise<string> {
  return requireKey(room, findSecret(request), WRITERS, request, ctx)
}

/** The same for dialects that may carry the key in the body. A key outside of it is looked at first: nothing is read for whoever has a wrong one. */
export async function requireKeyed<T>(room: Room, request: RawRequest, ctx: Ctx, { read, find, clients = false }: { read: () => T; find: (body: T) => unknown; clients?: boolean }): Promise<Keyed<T>> {
  const kinds = clients ? CLIENTS : WRITERS
  if (hasKeyOutside(request)) return { key: await requireKey(room, findSecret(request), kinds, request, ctx), body: read() }
  const body = read()
  const secret = find(body)
  return { key: await requireKey(room, typeof secret === 'string' && secret !== '' ? secret : undefined, kinds, request, ctx), body }
}

/** Some key came with the request and not in its body, be it a wrong one. */
export function hasKeyOutside({ headers, query }: RawRequest): boolean {
  return (headers['authorization'] ?? '') !== '' || query.has('writeKey')
}

async function requireKey(room: Room, secret: string | undefined, kinds: ReadonlySet<Principal['kind']>, request: RawRequest, ctx: Ctx): Promise<string> {
  const principal = secret === undefined ? undefined : await room.deps.authenticate(secret, KINDS, ctx, request.peer)
  if (principal === undefined || principal.kind === 'anonymous') throw errors.keyWrong({})
  if (!kinds.has(principal.kind)) throw errors.keyKindWrong({ kind: principal.kind })
  return principal.name
}

function findSecret(request: RawRequest): string | undefined {
  const header = request.headers['authorization']
  if (header !== undefined && header !== '') {
    const [, scheme, value] = /^(\w+)\s+(\S+)\s*$/.exec(header) ?? []
    if (value === undefined) return undefined
    if (scheme?.toLowerCase() === 'bearer') return value
    if (scheme?.toLowerCase() !== 'basic') return undefined
    const [user] = Buffer.from(value, 'base64').toString('utf8').split(':')
    return user === '' ? undefined : user
  }
  return request.query.get('writeKey') ?? undefined
}
