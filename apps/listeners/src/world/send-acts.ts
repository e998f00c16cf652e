// Brings acts to the collector through the product's SDK: several clients, so that several batches are in flight.
import { createRondo, type Rondo, type Timers } from '@rondo/js'
import type { Act, WorldEvents } from '../listening/act.ts'
import { createDelivery } from './delivery.ts'

const CLIENTS = 4
const BATCH = 500
/** With pauses of 0.5 s that double: about half a minute. */
const TRIES = 7
/** The world flushes itself; this is beyond any step. */
const NEVER_MS = 2_000_000_000

export type Sender = {
  /** Resolves when all were answered. Throws WORLD_UNANSWERED, and WORLD_EVENTS_REFUSED when one is dead. */
  send(acts: Act[]): Promise<void>
  /** Events that the collector took or knew. */
  readonly events: number
  close(): Promise<void>
}

export type Connection = { url: string; token: string; fetch?: typeof globalThis.fetch; timers?: Timers }

export function createSender({ url, token, fetch, timers }: Connection): Sender {
  const delivery = createDelivery()
  const clients: Rondo<WorldEvents>[] = Array.from({ length: CLIENTS }, () =>
    createRondo<WorldEvents>({
      url,
      writeKey: token,
      flushAt: BATCH,
      flushAfterMs: NEVER_MS,
      queueLimit: 1_000_000,
      maxTries: TRIES,
      // The same seed makes the same events: nothing in them tells who sent them, or when.
      numbered: false,
      correctSkew: false,
      ...(fetch === undefined ? {} : { fetch }),
      ...(timers === undefined ? {} : { timers }),
      onResult: delivery.onResult,
      onError: delivery.onError,
    }),
  )

  return {
    get events() {
      return delivery.events
    },
    async send(acts) {
      for (const [i, { type, properties, id, occurredAt, userId }] of acts.entries()) {
        clients[Math.floor(i / BATCH) % CLIENTS]?.track(type, properties, { id, occurredAt, ...(userId === undefined ? {} : { userId }) })
      }
      await Promise.all(clients.map((client) => client.flush()))
      delivery.check('POST /v1/events')
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}
