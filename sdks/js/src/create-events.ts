// The events part: who acts, what happened, when; the queue does the rest.
import { createEventQueue, type EventQueue } from './event-queue.ts'
import { createWarner } from './create-warner.ts'
import type { EventMap, RondoEvents, RondoOptions, Timers, TrackOptions, WireEvent } from './types.ts'

export type EventsClient<Events extends EventMap> = { events: RondoEvents<Events>; queue: EventQueue }

export function createEvents<Events extends EventMap>(options: RondoOptions): EventsClient<Events> {
  const { now = Date.now, uuid = randomId, flushAt = 50, anonymousId, correctSkew = true } = options
  let { userId: actor, optedOut = false } = options
  const queue = createEventQueue({
    flushBytes: 262_144,
    flushAfterMs: 2000,
    queueLimit: 10_000,
    queueBytes: 16_777_216,
    maxTries: 8,
    timeoutMs: 30_000,
    random: Math.random,
    timers: machineTimers,
    fetch: (...request) => globalThis.fetch(...request),
    numbered: true,
    onResult: () => {},
    onError: createWarner(now),
    ...options,
    flushAt: Math.min(500, flushAt),
    url: trimUrl(options.url),
    now,
    uuid,
  })

  if (optedOut) queue.clear()

  return {
    queue,
    events: {
      track(type, properties, { userId = actor, id = uuid(), occurredAt, context }: TrackOptions = {}) {
        if (optedOut) return id
        const at = occurredAt ?? new Date(now())
        const event: WireEvent = { id, type, occurredAt: typeof at === 'string' ? at : at.toISOString(), properties }
        if (userId) event.userId = userId
        if (anonymousId) event.anonymousId = anonymousId
        if (context) event.context = context
        if (correctSkew && occurredAt === undefined) event.sentAt = event.occurredAt
        queue.add(event)
        return id
      },
      identify(userId) {
        actor = userId
      },
      optOut() {
        optedOut = true
        queue.clear()
      },
      optIn() {
        optedOut = false
      },
      flush: queue.flush,
      close: queue.close,
    },
  }
}

export const trimUrl = (url: string): string => url.replace(/\/+$/, '')

/** A random UUID, also on pages without https, where `crypto.randomUUID` is missing. */
export const randomId = (): string =>
  'randomUUID' in crypto
    ? crypto.randomUUID()
    : '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16))

/** In Node a waiting batch keeps no process alive: `close` sends it. */
const machineTimers: Timers = {
  set(work, afterMs) {
    const timer = setTimeout(work, afterMs) as { unref?: () => void }
    timer.unref?.()
    return timer
  },
  clear: (timer) => clearTimeout(timer as Parameters<typeof clearTimeout>[0]),
}
