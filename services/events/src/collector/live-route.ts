// GET /api/events/v1/live: server-sent events, each second the accepted counts by type and a sample of what came.
import { setTimeout as sleep } from 'node:timers/promises'
import type { RawRoute } from '@rondo/contract'
import { toEventRows } from '../use-cases/read-events.ts'
import type { Room } from '../room.ts'

/** Resolves once a second until the signal stops it. */
export type Ticks = (signal: AbortSignal) => AsyncIterable<void>

export async function* everySecond(signal: AbortSignal): AsyncGenerator<void> {
  while (!signal.aborted) {
    await sleep(1000, undefined, { signal, ref: false }).catch(() => undefined)
    if (!signal.aborted) yield
  }
}

export function createLiveRoute(room: Room, ticks: Ticks = everySecond): RawRoute {
  return {
    method: 'GET',
    path: '/api/events/v1/live',
    access: 'read',
    async handle(_request, ctx) {
      return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }, body: watch(room, ticks, ctx.signal) }
    },
  }
}

/** `rates`: {at, rates: {type: accepted since the last one}}; `sample`: one event as `readEvents` gives it, with `type`. */
async function* watch(room: Room, ticks: Ticks, signal: AbortSignal): AsyncGenerator<string> {
  room.live.watchers += 1
  try {
    let before = room.live.totals()
    yield ': live\n\n'
    for await (const _ of ticks(signal)) {
      const now = room.live.totals()
      const rates = Object.fromEntries([...room.flows.keys()].map((type) => [type, (now.get(type) ?? 0) - (before.get(type) ?? 0)]))
      before = now
      yield `event: rates\ndata: ${JSON.stringify({ at: new Date(room.deps.clock.now()).toISOString(), rates })}\n\n`
      for (const { type, receivedAtMs, record } of room.live.takeSamples()) {
        const [found] = await toEventRows(room, type, [{ key: '', ...record, offset: 0, timestampMs: receivedAtMs }])
        if (found === undefined) continue
        const { cursor: _cursor, ...row } = found
        yield `event: sample\ndata: ${JSON.stringify(row)}\n\n`
      }
    }
  } finally {
    room.live.watchers -= 1
  }
}
