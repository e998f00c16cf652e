// A platform that only remembers: collector, flags and weekly lists behind a `fetch`, with faults on demand.
import type { Timers, WireEvent } from '@rondo/js'
import type { RealTime } from '../src/world/real-time.ts'

export type Fault = (path: string, call: number) => number | 'down' | undefined

export type StubPlatform = {
  fetch: typeof globalThis.fetch
  /** As taken, once each, in order. */
  events: Map<string, { event: WireEvent; receivedMs: number }>
  /** Ids that came again. */
  duplicates: string[]
  /** Ids that came again with other bytes. */
  changed: string[]
  calls: Map<string, number>
  requests: string[]
  nowMs: number
  /** Statuses to give instead of answers. */
  fault: Fault | undefined
  /** What the collector says of one event. */
  judge: ((event: WireEvent) => 'dead' | undefined) | undefined
  /** First instant with lists. */
  listsFromMs: number
}

export function createStubPlatform(listsFromMs: number): StubPlatform {
  const bytes = new Map<string, string>()
  const stub: StubPlatform = { fetch: answer, events: new Map(), duplicates: [], changed: [], calls: new Map(), requests: [], nowMs: 0, fault: undefined, judge: undefined, listsFromMs }

  async function answer(input: Parameters<typeof globalThis.fetch>[0], init?: RequestInit): Promise<Response> {
    const url = new URL(String(input))
    const call = (stub.calls.get(url.pathname) ?? 0) + 1
    stub.calls.set(url.pathname, call)
    stub.requests.push(url.pathname + url.search)
    const fault = stub.fault?.(url.pathname, call)
    if (fault === 'down') throw new TypeError('fetch failed')
    if (fault !== undefined) return new Response('{}', { status: fault })
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    if (url.pathname === '/v1/events') return Response.json({ results: (body as WireEvent[]).map(collect) }, { status: 202 })
    if (url.pathname === '/ofrep/v1/evaluate/flags/weekly-shelf') return Response.json(evaluate((body as { context: { targetingKey: string } }).context.targetingKey))
    const user = /^\/api\/recommendations\/v1\/users\/([^/]+)\/weekly$/.exec(url.pathname)?.[1]
    if (user === undefined) return new Response('{}', { status: 404 })
    return Response.json({ user, shelf: url.searchParams.get('shelf'), tracks: stub.nowMs < stub.listsFromMs ? [] : listTracks(user) })
  }

  function collect(event: WireEvent): { id: string; status: string; reason?: string } {
    const text = JSON.stringify(event)
    if (stub.judge?.(event) === 'dead') return { id: event.id, status: 'dead', reason: 'said so' }
    const known = bytes.get(event.id)
    if (known === undefined) {
      bytes.set(event.id, text)
      stub.events.set(event.id, { event, receivedMs: stub.nowMs })
      return { id: event.id, status: 'accepted' }
    }
    stub.duplicates.push(event.id)
    if (known !== text) stub.changed.push(event.id)
    return { id: event.id, status: 'duplicate' }
  }

  return stub
}

function evaluate(unit: string): object {
  const shelf = Number(unit.slice(-1)) % 2 === 0 ? 'popularity' : 'discover-weekly'
  return { key: 'weekly-shelf', value: { shelf }, variant: shelf, reason: 'SPLIT', metadata: { rule: 'discover-weekly-vs-popularity' } }
}

/** Thirty tracks that differ by listener. */
function listTracks(user: string): { trackId: string; position: number }[] {
  const first = Number(user.slice('listener-'.length)) % 50
  return Array.from({ length: 30 }, (_, i) => ({ trackId: `track-${String(first + i + 1).padStart(5, '0')}`, position: i + 1 }))
}

/** Real time that stands still but for pauses. */
export function createStubTime(startMs = 0): RealTime & { pauses: number[] } {
  let nowMs = startMs
  const pauses: number[] = []
  return {
    pauses,
    now: () => nowMs,
    async pause(ms) {
      pauses.push(ms)
      nowMs += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** The SDK's pauses take no time. */
export const instantTimers: Timers = {
  set: (work, afterMs) => (afterMs > 1_000_000 ? undefined : setImmediate(work)),
  clear: () => {},
}
