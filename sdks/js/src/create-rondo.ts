// The client that a product's code holds: events out, flags in.
import { createEventQueue } from './event-queue.ts'
import { createFlagClient } from './flag-client.ts'
import { RondoClientError } from './rondo-error.ts'
import type { EventMap, Rondo, RondoOptions, Timers } from './types.ts'

/** `createRondo<{ 'track-played': { trackId: string } }>({ url, writeKey })`; type parameters make `track` know the events. */
export function createRondo<Events extends EventMap = EventMap>(options: RondoOptions): Rondo<Events> {
  const url = options.url.replace(/\/+$/, '')
  const send = options.fetch ?? globalThis.fetch.bind(globalThis)
  const now = options.now ?? Date.now
  const uuid = options.uuid ?? (() => crypto.randomUUID())
  const queue = createEventQueue({
    url,
    fetch: send,
    flushAt: Math.min(500, options.flushAt ?? 50),
    flushAfterMs: options.flushAfterMs ?? 2000,
    queueLimit: options.queueLimit ?? 10_000,
    maxTries: options.maxTries ?? 8,
    random: options.random ?? Math.random,
    timers: options.timers ?? machineTimers,
    persistence: options.persistence,
    ...(options.writeKey === undefined ? {} : { writeKey: options.writeKey }),
    ...(options.onResult === undefined ? {} : { onResult: options.onResult }),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  })

  const track = (type: string, properties: object, { userId, id = uuid(), occurredAt = new Date(now()) }: { userId?: string; id?: string; occurredAt?: Date | string } = {}): string => {
    const at = typeof occurredAt === 'string' ? occurredAt : occurredAt.toISOString()
    queue.add({ id, type, occurredAt: at, ...(userId === undefined ? {} : { userId }), properties })
    return id
  }

  return {
    track,
    flush: queue.flush,
    flags: createFlagClient({
      url,
      fetch: send,
      ...(options.clientSecret === undefined ? {} : { clientSecret: options.clientSecret }),
      ...(options.onError === undefined ? {} : { onError: options.onError }),
      expose: (exposure) => void track('flag-exposed', exposure, { userId: exposure.unit }),
    }),
    async fetchJson<T>(path: string): Promise<T> {
      const secret = options.clientSecret ?? options.writeKey
      const response = await send(url + path, { headers: { accept: 'application/json', ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }) } })
      const body = (await response.json().catch(() => ({}))) as T & { code?: string; detail?: string }
      if (!response.ok) throw new RondoClientError(body.code ?? `HTTP_${response.status}`, body.detail ?? `"${path}" answered ${response.status}.`, response.status)
      return body
    },
    close: queue.close,
  }
}

/** In Node a waiting batch keeps no process alive: `close` sends it. */
const machineTimers: Timers = {
  set(work, afterMs) {
    const timer: unknown = setTimeout(work, afterMs)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
    return timer
  },
  clear: (timer) => clearTimeout(timer as Parameters<typeof clearTimeout>[0]),
}
