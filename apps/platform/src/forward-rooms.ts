// A house of several processes has one front: what is asked here of a room that runs elsewhere is passed on to it, and its answer back.
import type { Ctx } from '@rondo/context'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import { findSecret, FRONT_HEADERS, identify, isSameSecret, toDescribedAccess, type HostOptions } from '@rondo/host'
import { errors } from './errors.ts'
import { rooms, type RoomName } from './rooms.ts'

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const
const BODY_LIMIT_BYTES = 16 * 1024 * 1024
/** Of one connection, or no longer true once the body was read, or what only a front says. */
const NOT_PASSED_ON: string[] = [...Object.values(FRONT_HEADERS), 'connection', 'content-encoding', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']

export type Front = {
  /** Tools of this machine carry a token that only this process knows; elsewhere they are known by the one that rooms call each other with. */
  localToken?: string
  peerToken?: string
  /** Where this front can be asked: a room that trusts its own machine must not be described by it to others. */
  bind: string
  checks: Pick<HostOptions, 'authenticate' | 'session' | 'publicUrl'>
}

/** Routes of every room that has an address and does not run here. The room itself finds out who asks; the answer streams. */
export function createForwardRoutes(addresses: Record<string, string>, lit: ReadonlySet<RoomName>, front: Front): RawRoute[] {
  return rooms.flatMap(({ name, paths }) => {
    const address = addresses[name]
    if (address === undefined || lit.has(name)) return []
    return paths.flatMap((path) => {
      const handle: RawRoute['handle'] = (request, ctx) => forward({ room: name, address, path }, front, request, ctx)
      return METHODS.map((method): RawRoute => ({ method, path: `${path}{rest...}`, access: 'open', bodyLimitBytes: BODY_LIMIT_BYTES, handle }))
    })
  })
}

async function forward({ room, address, path }: { room: string; address: string; path: string }, front: Front, request: RawRequest, ctx: Ctx): Promise<RawResponse> {
  const { localToken, peerToken } = front
  const { signal } = ctx
  const target = toTarget(address, request.url)
  // "/api/events/../../metrics" is no path of the room; what its server says to this machine alone stays there.
  if (!target.pathname.startsWith(path)) return { status: 404 }
  const described = toDescribedAccess(front.bind)
  if (described !== 'public' && isDescription(target.pathname)) await identify({ ...request, path: target.pathname }, described, front.checks, ctx)
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined && !NOT_PASSED_ON.includes(name)) headers.set(name, value)
  // A page of ours asks there as it asks here; another site's page stays another site's.
  const origin = request.headers['origin']
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.headers['host']) headers.set('origin', target.origin)
  if (localToken !== undefined && peerToken !== undefined && isSameSecret(findSecret({ path: '', query: request.query, headers: request.headers }) ?? '', localToken)) headers.set('authorization', `Bearer ${peerToken}`)
  // Wrong keys are counted there for who sent them, not for us.
  if (peerToken !== undefined && request.peer !== undefined) {
    headers.set(FRONT_HEADERS.key, peerToken)
    headers.set(FRONT_HEADERS.caller, request.peer)
  }
  const hasBody = request.method !== 'GET' && request.body.byteLength > 0
  let response: Response
  try {
    response = await fetch(target, { method: request.method, headers, redirect: 'manual', signal, ...(hasBody ? { body: new Uint8Array(request.body) } : {}) })
  } catch (thrown) {
    if (signal.aborted) throw thrown
    throw errors.roomAway({ room, address }, thrown)
  }
  const passed = [...response.headers].filter(([name]) => !NOT_PASSED_ON.includes(name))
  return { status: response.status, headers: Object.fromEntries(passed), ...(response.body === null ? {} : { body: response.body as AsyncIterable<Uint8Array> }) }
}

/** An OpenAPI page, however its letters are written. */
function isDescription(pathname: string): boolean {
  const plain = pathname.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  return plain.endsWith('/openapi.json')
}

/** Path and query as they were asked, at the room's own address: a request line may name another host (RFC 9112, absolute-form), and we are nobody's way there. */
function toTarget(address: string, asked: string): URL {
  const { pathname, search } = new URL(asked, 'http://asked')
  const target = new URL(address)
  target.pathname = pathname
  target.search = search
  return target
}
