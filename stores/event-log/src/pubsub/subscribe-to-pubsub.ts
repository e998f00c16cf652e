// A group's subscription: pulls what its caller asks for and no more, keeps the deadlines of what is held up, and answers once Pub/Sub has.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { protos } from '@google-cloud/pubsub'
import { errors } from '../errors.ts'
import { checkTake } from '../feed/check-group.ts'
import type { Delivery, GroupConfig, Subscription } from '../feed/port.ts'
import { pause } from '../pause.ts'
import { toSeconds } from './groups.ts'
import { toDelivery } from './message.ts'
import type { PubsubAddress } from './parse-pubsub-address.ts'
import { codeOf, STATUS, toLogError, untilAborted, type Calls } from './pubsub-calls.ts'
import type { PubsubClient } from './pubsub-client.ts'

type Received = protos.google.pubsub.v1.IReceivedMessage
type Held = { ackId: string; sinceMs: number }
type Verb = (ackIds: string[], ctx?: Ctx) => Promise<unknown>

const DEFAULT_MAX_RECORDS = 100
const MAX_PULL = 1_000
/** A request has at most 512 KiB; ids of acknowledgements have some 200 bytes. */
const IDS_A_REQUEST = 1_000
/** Pub/Sub answers an empty pull sooner or later; connections are cut by what lies between. */
const LONGEST_PULL_MS = 60_000
const PAUSE_AFTER_FAILURE_MS = 100
/** The end of year 9999, as far as its timestamps go. */
const MAX_SEEK_MS = Date.UTC(9999, 11, 31)

export type SubscriptionParts = { name: string; config: GroupConfig; client: PubsubClient; calls: Calls; address: PubsubAddress; ended: AbortSignal; whenClosed(): void }

export function subscribeToPubsub({ name, config, client: { subscriber }, calls, address, ended, whenClosed }: SubscriptionParts): Subscription {
  const { topic, group } = config
  const seconds = toSeconds(config)
  const held = new Map<string, Held>()
  const closed = new AbortController()
  const over = AbortSignal.any([closed.signal, ended])

  const acknowledge: Verb = (ackIds, ctx) => calls.call(`acknowledge for the group "${group}"`, ctx, (options) => subscriber.acknowledge({ subscription: name, ackIds }, options))
  const setDeadline = (ackDeadlineSeconds: number): Verb => (ackIds, ctx) => calls.call(`set deadlines of the group "${group}"`, ctx, (options) => subscriber.modifyAckDeadline({ subscription: name, ackIds, ackDeadlineSeconds }, options))
  const [extend, giveBack] = [setDeadline(seconds), setDeadline(0)]

  const keepUp = setInterval(() => {
    const sinceMs = performance.now() - address.holdMs
    for (const [id, one] of held) if (one.sinceMs < sinceMs) held.delete(id)
    // What fails is tried again at the next turn; after the deadline it comes again, as all that is taken may.
    if (held.size > 0) inRequests([...held.values()].map(({ ackId }) => ackId), extend).catch(() => undefined)
  }, (seconds * 1000) / 3)
  keepUp.unref()

  const enter = (ctx: Ctx): void => {
    throwIfCancelled(ctx)
    if (over.aborted) throw errors.closed({})
  }
  const pull = async (maxMessages: number, timeoutMs: number): Promise<Received[]> => {
    const [{ receivedMessages }] = await subscriber.pull({ subscription: name, maxMessages, returnImmediately: timeoutMs <= 0 }, { timeout: timeoutMs <= 0 ? address.timeoutMs : timeoutMs, retry: null })
    return receivedMessages ?? []
  }
  /** What arrives after its caller has gone is given back. */
  const pullFor = async (ctx: Ctx, maxMessages: number, timeoutMs: number): Promise<Received[]> => {
    const pulling = pull(maxMessages, timeoutMs)
    try {
      const received = await untilAborted(pulling, ctx.signal, over)
      if (received !== undefined) return received
    } catch (thrown) {
      // The time was up, on our side or a moment earlier on the other.
      const code = codeOf(thrown)
      if ((code === STATUS.deadlineExceeded || code === STATUS.cancelled) && timeoutMs > 0) return []
      throw thrown
    }
    pulling.then((late) => giveBack(late.map(({ ackId }) => ackId ?? ''))).catch(() => undefined)
    throwIfCancelled(ctx)
    return []
  }
  const hold = (received: Received[]): Delivery[] => {
    const sinceMs = performance.now()
    return received.map((one) => {
      const delivery = toDelivery(one)
      held.set(delivery.id, { ackId: one.ackId ?? '', sinceMs })
      return delivery
    })
  }
  const settle = async (deliveries: Delivery[], verb: Verb, ctx: Ctx): Promise<void> => {
    const gone = new Map<string, Held>()
    const ackIds: string[] = []
    for (const { id } of deliveries) {
      const one = held.get(id)
      if (one === undefined) continue
      held.delete(id)
      gone.set(id, one)
      ackIds.push(one.ackId)
    }
    try {
      await inRequests(ackIds, verb, ctx)
    } catch (error) {
      // Still the caller's: to be settled again.
      for (const [id, one] of gone) if (!held.has(id)) held.set(id, one)
      throw error
    }
  }

  return {
    async take({ maxRecords = DEFAULT_MAX_RECORDS, timeoutMs }, ctx) {
      enter(ctx)
      checkTake({ maxRecords, timeoutMs })
      const end = performance.now() + timeoutMs
      const failUntil = performance.now() + address.timeoutMs
      for (;;) {
        const left = end - performance.now()
        const received = await pullFor(ctx, Math.min(maxRecords, MAX_PULL), Math.min(left, LONGEST_PULL_MS)).catch((thrown: unknown) => {
          if (codeOf(thrown) === STATUS.notFound) throw errors.groupMismatch({ topic, group, reason: 'its subscription was removed' }, thrown)
          if (performance.now() < Math.min(end, failUntil) && codeOf(thrown) === STATUS.unavailable) return undefined
          throw toLogError(thrown, address, `pull for the group "${group}"`)
        })
        if (received !== undefined && received.length > 0) return hold(received)
        if (over.aborted || performance.now() >= end) return []
        if (received === undefined) await pause(PAUSE_AFTER_FAILURE_MS, ctx.signal, over)
      }
    },

    async acknowledge(deliveries, ctx) {
      enter(ctx)
      await settle(deliveries, acknowledge, ctx)
    },

    async release(deliveries, ctx) {
      enter(ctx)
      await settle(deliveries, giveBack, ctx)
    },

    async seek(timestampMs, ctx) {
      enter(ctx)
      if (!address.replay) throw errors.cannotReplay({ address: address.shown })
      const at = Math.min(Math.max(0, timestampMs), MAX_SEEK_MS)
      const time = { seconds: Math.floor(at / 1000), nanos: Math.floor((at % 1000) * 1e6) }
      await calls.call(`go back for the group "${group}"`, ctx, (options) => subscriber.seek({ subscription: name, time }, options))
      held.clear()
    },

    async close() {
      if (closed.signal.aborted) return
      closed.abort()
      clearInterval(keepUp)
      whenClosed()
      const left = [...held.values()].map(({ ackId }) => ackId)
      held.clear()
      await inRequests(left, giveBack).catch(() => undefined)
    },
  }
}

async function inRequests(ackIds: string[], verb: Verb, ctx?: Ctx): Promise<void> {
  for (let from = 0; from < ackIds.length; from += IDS_A_REQUEST) await verb(ackIds.slice(from, from + IDS_A_REQUEST), ctx)
}
