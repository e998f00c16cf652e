// Appends: requests of one key each, as Pub/Sub asks of ordered messages, one after the other within a key and many keys side by side.
import { createLimit } from '@rondo/async'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { protos } from '@google-cloud/pubsub'
import type { LogRecord } from '../port.ts'
import { boundMessageBytes, toMessage } from './message.ts'

type Message = protos.google.pubsub.v1.IPubsubMessage
/** Sent for many callers: it ends by itself, not with one of them. */
type Send = (topic: string, messages: Message[]) => Promise<unknown>

const MAX_MESSAGES = 1_000
const REQUESTS_AT_ONCE = 64

/** Messages that go in one request, beside others or alone. */
type Part = { messages: Message[]; sizeBytes: number; ctx: Ctx; call: { failed: boolean }; outcome: PromiseWithResolvers<void> }

export type Publish = (topic: string, records: LogRecord[], timestampMs: number, ctx: Ctx) => Promise<void>

/** `maxRequestBytes` holds any one record. */
export function createPublish(send: Send, maxRequestBytes: number): Publish {
  const limit = createLimit(REQUESTS_AT_ONCE)
  /** What waits for the request of its topic and key that is under way; who waits shares the next. */
  const lanes = new Map<string, Part[]>()

  const sendParts = async (topic: string, parts: Part[]): Promise<void> => {
    if (parts.length === 0) return
    try {
      await limit(() => send(topic, parts.length === 1 ? (parts[0]?.messages ?? []) : parts.flatMap(({ messages }) => messages)))
      for (const { outcome } of parts) outcome.resolve()
    } catch (error) {
      for (const { call, outcome } of parts) {
        call.failed = true
        outcome.reject(error)
      }
    }
  }
  const drain = async (topic: string, lane: string, waiting: Part[]): Promise<void> => {
    while (waiting.length > 0) await sendParts(topic, takeShared(waiting, maxRequestBytes))
    lanes.delete(lane)
  }
  const enqueue = (topic: string, key: string, part: Part): void => {
    const lane = `${topic}\0${key}`
    const waiting = lanes.get(lane)
    if (waiting !== undefined) waiting.push(part)
    else {
      const fresh = [part]
      lanes.set(lane, fresh)
      void drain(topic, lane, fresh)
    }
  }

  return async (topic, records, timestampMs, ctx) => {
    const timestamp = String(timestampMs)
    const outcomes: Promise<void>[] = []
    for (const [key, own] of Map.groupBy(records, (record) => record.key)) {
      const call = { failed: false }
      for (const { messages, sizeBytes } of split(own, timestamp, maxRequestBytes)) {
        const part: Part = { messages, sizeBytes, ctx, call, outcome: Promise.withResolvers() }
        outcomes.push(part.outcome.promise)
        if (key === '') void sendParts(topic, [part])
        else enqueue(topic, key, part)
      }
    }
    const settled = await Promise.allSettled(outcomes)
    const failed = settled.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

/** The first parts that fit together. Not those of callers that have gone, nor of calls of which an earlier part failed: they would stand without it. */
function takeShared(waiting: Part[], maxRequestBytes: number): Part[] {
  const taken: Part[] = []
  let count = 0
  let sizeBytes = 0
  for (const part of waiting) {
    if (taken.length > 0 && (count + part.messages.length > MAX_MESSAGES || sizeBytes + part.sizeBytes > maxRequestBytes)) break
    taken.push(part)
    count += part.messages.length
    sizeBytes += part.sizeBytes
  }
  waiting.splice(0, taken.length)
  return taken.filter(({ ctx, call, outcome }) => {
    if (call.failed) outcome.resolve()
    else {
      try {
        throwIfCancelled(ctx)
        return true
      } catch (cancelled) {
        call.failed = true
        outcome.reject(cancelled)
      }
    }
    return false
  })
}

/** Into requests of at most a thousand messages and `maxRequestBytes`. */
function split(records: LogRecord[], timestamp: string, maxRequestBytes: number): { messages: Message[]; sizeBytes: number }[] {
  const requests: { messages: Message[]; sizeBytes: number }[] = []
  let current = requests[0]
  for (const record of records) {
    const more = boundMessageBytes(record, timestamp)
    if (current === undefined || current.messages.length === MAX_MESSAGES || current.sizeBytes + more > maxRequestBytes) {
      current = { messages: [], sizeBytes: 0 }
      requests.push(current)
    }
    current.messages.push(toMessage(record, timestamp))
    current.sizeBytes += more
  }
  return requests
}
