// Finds the write key that came with a request, and who holds it.
import type { RawRequest } from '@rondo/contract'
import type { Ctx, Principal } from '@rondo/context'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'

const KINDS: Principal['kind'][] = ['write', 'client', 'admin', 'service']
const WRITERS: ReadonlySet<Principal['kind']> = new Set(['write', 'admin', 'service'])

/**
 * From Basic user name (Segment), Bearer, or ?writeKey=. Throws WRITE_KEY_WRONG, and KEY_KIND_WRONG for a key that is known here and may not write;
 * whatever `authenticate` throws, TOO_MANY_FAILURES for an address that guesses, passes.
 */
export async function requireWriteKey(room: Room, request: RawRequest, ctx: Ctx): Promise<void> {
  const secret = findSecret(request)
  const principal = secret === undefined ? undefined : await room.deps.authenticate(secret, KINDS, ctx, request.peer)
  if (principal === undefined) throw errors.keyWrong({})
  if (!WRITERS.has(principal.kind)) throw errors.keyKindWrong({ kind: principal.kind })
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
