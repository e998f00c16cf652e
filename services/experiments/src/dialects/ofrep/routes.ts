// OpenFeature Remote Evaluation Protocol 0.3: single and bulk evaluation, and the event stream, for OpenFeature's published providers.
import type { Ctx, Principal } from '@rondo/context'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import { createHasher, fingerprint } from '@rondo/hash'
import type { Room } from '../../deps.ts'
import type { CompiledFlag } from '../../domain/flags/compile-flag.ts'
import { createAnswers } from './answers.ts'
import { readContext, readSecret } from './read-request.ts'
import type { EventStreams } from './stream.ts'

const BODY_LIMIT_BYTES = 1_000_000
const KINDS: Principal['kind'][] = ['client', 'write', 'admin', 'service']
const CALLERS: ReadonlySet<Principal['kind']> = new Set(['client', 'admin', 'service'])

export function createOfrepRoutes(room: Pick<Room, 'flags' | 'authenticate'>, streams: EventStreams): RawRoute[] {
  const answerOf = createAnswers()
  const hasher = createHasher()

  const guard = (handle: (request: RawRequest, caller: Principal) => RawResponse) => async (request: RawRequest, ctx: Ctx): Promise<RawResponse> => {
    const secret = readSecret(request.headers)
    const caller = secret === undefined ? undefined : await room.authenticate(secret, KINDS, ctx, request.peer)
    if (caller === undefined) return toResponse(401, JSON.stringify({ errorDetails: 'Send a client secret as "Authorization: Bearer" or as "X-API-Key".' }), { 'www-authenticate': 'Bearer' })
    if (!CALLERS.has(caller.kind)) return toResponse(403, JSON.stringify({ errorDetails: `A ${caller.kind} key may not evaluate flags.` }))
    return handle(request, caller)
  }

  const evaluateOne = (request: RawRequest, caller: Principal): RawResponse => {
    const key = request.params['key'] ?? ''
    const context = readContext(request.body)
    if ('errorCode' in context) return toResponse(400, JSON.stringify({ key, ...context }))
    const flag = room.flags.find(key)?.compiled
    if (flag === undefined || !isVisible(flag, caller)) return toResponse(404, JSON.stringify({ key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `No flag is called "${key}" for this client.` }))
    const answer = answerOf(flag, flag.evaluate(context.unit, context.attributes))
    return toResponse(answer.status, answer.json)
  }

  const evaluateAll = (request: RawRequest, caller: Principal): RawResponse => {
    const context = readContext(request.body)
    if ('errorCode' in context) return toResponse(400, JSON.stringify(context))
    // The tag names what the answer depends on, so that an unchanged one costs no evaluation.
    const name = caller.kind === 'client' ? caller.name : ''
    const eventStreams = JSON.stringify(streams.describe())
    const etag = `"${fingerprint(`${room.flags.revision}\n${eventStreams}\n${caller.kind}\n${name}\n${toCanonical(context.attributes)}`, hasher)}"`
    if (matches(request.headers['if-none-match'], etag)) return { status: 304, headers: { etag } }
    const parts: string[] = []
    for (const { compiled } of room.flags.list()) if (isVisible(compiled, caller)) parts.push(answerOf(compiled, compiled.evaluate(context.unit, context.attributes)).json)
    return toResponse(200, `{"flags":[${parts.join(',')}],"eventStreams":${eventStreams},"metadata":{"revision":"${room.flags.revision}"}}`, { etag })
  }

  const common = { method: 'POST', access: 'open', bodyLimitBytes: BODY_LIMIT_BYTES } as const
  return [
    { ...common, path: '/ofrep/v1/evaluate/flags/{key}', handle: guard(evaluateOne) },
    { ...common, path: '/ofrep/v1/evaluate/flags', handle: guard(evaluateAll) },
    streams.route,
  ]
}

/** A client sees its own flags; admins and services see all. */
function isVisible(flag: CompiledFlag, caller: Principal): boolean {
  return flag.clients === 'all' || caller.kind !== 'client' || flag.clients.has(caller.name)
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === etag.slice(1, -1) || tag.trim() === '*')
}

/** The same text for the same context, whatever the order of its keys. */
function toCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${toCanonical(part)}`).join(',')}}`
}

function toResponse(status: number, body: string, headers: Record<string, string> = {}): RawResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body }
}
