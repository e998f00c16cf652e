// Finds the write key that came with a request, and who holds it.
import type { RawRequest } from '@rondo/contract'
import type { Ctx } from '@rondo/context'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'

/** From Basic user name (Segment), Bearer, or ?writeKey=. Throws WRITE_KEY_WRONG. */
export async function requireWriteKey(room: Room, request: RawRequest, ctx: Ctx): Promise<void> {
  const secret = findSecret(request)
  if (secret === undefined || (await room.deps.authenticate(secret, ['write', 'admin', 'service'], ctx)) === undefined) throw errors.keyWrong({})
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
