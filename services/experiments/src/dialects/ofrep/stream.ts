// GET /ofrep/v1/stream: server-sent events that tell clients to evaluate again, as OFREP's event streams want it (ADR 0008 of OFREP, not of this house).
//
//   retry: 3000            how soon to come back
//   id: <revision>         what the client knows; it comes back with it as Last-Event-ID
//   data: {"type":"refetchEvaluation","etag":"<revision>"}      at each change of what is in force
//   : beat                 so that neither side mistakes silence for a broken line
import { setTimeout as sleep } from 'node:timers/promises'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import type { Room } from '../../deps.ts'
import type { StreamRight } from './stream-right.ts'

const PATH = '/ofrep/v1/stream'
/** Each is a socket and a small generator; who finds no place evaluates by polling, as before. */
const MOST_STREAMS = 2000
const BEAT_MS = 20_000
const RETRY_MS = 3000
/** Seconds that a client may be in the background before it lets its stream go. */
const INACTIVITY_SECONDS = 120

/** Resolves when it is time for a beat, or the signal stops it. */
export type Beat = (signal: AbortSignal) => Promise<void>

export type EventStreams = {
  route: RawRoute
  /** What a bulk answer says about the stream. Relative to the client's own base address: the server does not know its name outside. */
  describe(): { type: 'sse'; endpoint: { requestUri: string }; inactivityDelaySec: number }[]
  open(): number
  /** Ends all streams. */
  close(): void
}

export function createEventStreams(flags: Room['flags'], right: StreamRight, beat: Beat = everyBeat, most = MOST_STREAMS): EventStreams {
  const closing = new AbortController()
  let open = 0

  async function* watch(token: string, known: string, signal: AbortSignal): AsyncGenerator<string> {
    open += 1
    let told = known
    let wake = (): void => undefined
    const unwatch = flags.watch(() => wake())
    try {
      yield `retry: ${RETRY_MS}\nid: ${told}\n\n`
      while (!signal.aborted) {
        if (told !== flags.revision) {
          told = flags.revision
          yield `id: ${told}\ndata: ${JSON.stringify({ type: 'refetchEvaluation', etag: told })}\n\n`
          continue
        }
        const enough = new AbortController()
        const changed = new Promise<'changed'>((resolve) => (wake = () => resolve('changed')))
        const why = await Promise.race([changed, beat(AbortSignal.any([signal, enough.signal])).then(() => 'beat' as const)])
        enough.abort()
        if (signal.aborted || !right.isGood(token)) return
        if (why === 'beat') yield ': beat\n\n'
      }
    } finally {
      open -= 1
      unwatch()
    }
  }

  return {
    route: {
      method: 'GET',
      path: PATH,
      access: 'open',
      async handle(request, ctx) {
        const token = request.query.get('right') ?? ''
        if (!right.isGood(token)) return refuse(401, 'This address of an event stream is not, or no longer, good: evaluate all flags again for a new one.')
        if (open >= most) return refuse(503, `All ${most} event streams are taken: evaluate by polling, and come back later.`, { 'retry-after': '60' })
        return {
          status: 200,
          headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
          body: watch(token, readKnown(request) ?? flags.revision, AbortSignal.any([ctx.signal, closing.signal])),
        }
      },
    },
    describe: () => [{ type: 'sse', endpoint: { requestUri: `${PATH}?right=${right.mint()}&since=${encodeURIComponent(flags.revision)}` }, inactivityDelaySec: INACTIVITY_SECONDS }],
    open: () => open,
    close: () => closing.abort(),
  }
}

/** The revision that the client evaluated at: of the last event it got, else of the answer that named the stream. */
function readKnown(request: RawRequest): string | undefined {
  const known = request.headers['last-event-id'] ?? request.query.get('since') ?? undefined
  return known !== undefined && /^[\w-]{1,64}$/.test(known) ? known : undefined
}

function refuse(status: number, errorDetails: string, headers: Record<string, string> = {}): RawResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ errorDetails }) }
}

const everyBeat: Beat = (signal) => sleep(BEAT_MS, undefined, { signal, ref: false }).catch(() => undefined)
