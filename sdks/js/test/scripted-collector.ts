// A client against a scripted network and a time that stands still until it is moved.
import { createRondo, type EventResult, type Rondo, type RondoError, type RondoOptions, type Timers, type WireEvent } from '../src/index.ts'

export type Sent = { url: string; headers: Record<string, string>; body: unknown; atMs: number }
export type Scripted = { status: number; body?: unknown; headers?: Record<string, string> } | 'down' | 'silent'

export type Music = { 'track-played': { trackId: string; note?: string } }

export const START_MS = Date.parse('2026-09-21T09:00:00Z')

export type VirtualTime = { timers: Timers; now(): number; pauses: number[]; pending(): number; settle(): Promise<void>; advance(ms: number): Promise<void> }

export function createVirtualTime(): VirtualTime {
  let nowMs = START_MS
  const pauses: number[] = []
  let pending: { work: () => void; afterMs: number; atMs: number }[] = []
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    pauses,
    now: () => nowMs,
    pending: () => pending.length,
    timers: {
      set(work, afterMs) {
        const timer = { work, afterMs, atMs: nowMs + afterMs }
        pending.push(timer)
        return timer
      },
      clear: (timer) => void (pending = pending.filter((one) => one !== timer)),
    },
    settle,
    /** Timers fire at their time, in order, and promises run between them. */
    async advance(ms) {
      const endMs = nowMs + ms
      for (;;) {
        await settle()
        const next = pending.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (next === undefined) break
        pending = pending.filter((one) => one !== next)
        nowMs = next.atMs
        pauses.push(next.afterMs)
        next.work()
      }
      nowMs = endMs
    },
  }
}

export type Scene = { rondo: Rondo<Music>; sent: Sent[]; results: EventResult[]; errors: RondoError[]; time: VirtualTime; options: RondoOptions }

export function open(script: (sent: Sent) => Scripted, more: Partial<RondoOptions> = {}, time: VirtualTime = createVirtualTime()): Scene {
  const sent: Sent[] = []
  const results: EventResult[] = []
  const errors: RondoError[] = []
  let ids = 0
  const options: RondoOptions = {
    url: 'http://rondo.test/',
    writeKey: 'wk',
    clientSecret: 'cs',
    now: time.now,
    uuid: () => `id-${(ids += 1)}`,
    random: () => 1,
    numbered: false,
    correctSkew: false,
    onResult: (result) => results.push(result),
    onError: (error) => errors.push(error),
    timers: time.timers,
    fetch: async (url, init) => {
      const request = { url: String(url), headers: init?.headers as Record<string, string>, body: init?.body === undefined ? undefined : (JSON.parse(String(init.body)) as unknown), atMs: time.now() }
      sent.push(request)
      const answer = script(request)
      if (answer === 'down') throw new TypeError('fetch failed')
      if (answer === 'silent') return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
      const { status, body, headers = {} } = answer
      return new Response(status === 304 ? null : typeof body === 'string' ? body : JSON.stringify(body ?? {}), { status, headers })
    },
    ...more,
  }
  return { rondo: createRondo<Music>(options), sent, results, errors, time, options }
}

export const events = (sent: Sent): WireEvent[] => sent.body as WireEvent[]
export const accepted = (sent: Sent): Scripted => ({ status: 202, body: { results: events(sent).map(({ id }) => ({ id, status: 'accepted' })) } })

/** A collector that knows ids, as the real one does. */
export function createCollector(): { take(sent: Sent): Scripted; delivered: Map<string, WireEvent>; duplicates: number } {
  const collector = {
    delivered: new Map<string, WireEvent>(),
    duplicates: 0,
    take(sent: Sent): Scripted {
      const results = events(sent).map((event) => {
        const isKnown = collector.delivered.has(event.id)
        if (isKnown) collector.duplicates += 1
        else collector.delivered.set(event.id, event)
        return { id: event.id, status: isKnown ? 'duplicate' : 'accepted' }
      })
      return { status: 202, body: { results } }
    },
  }
  return collector
}
