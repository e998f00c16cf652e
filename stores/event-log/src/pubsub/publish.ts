// Appends: requests of one key each, as Pub/Sub asks of ordered messages, one after the other within a key and many keys side by side.
import { createLimit } from '@rondo/async'
import type { Ctx } from '@rondo/context'
import type { protos } from '@google-cloud/pubsub'
import type { LogRecord } from '../port.ts'
import { boundMessageBytes, toMessage } from './message.ts'

type Message = protos.google.pubsub.v1.IPubsubMessage
type Send = (topic: string, messages: Message[], ctx: Ctx) => Promise<unknown>

const MAX_MESSAGES = 1_000
const REQUESTS_AT_ONCE = 64

export type Publish = (topic: string, records: LogRecord[], timestampMs: number, ctx: Ctx) => Promise<void>

/** `maxRequestBytes` holds any one record. */
export function createPublish(send: Send, maxRequestBytes: number): Publish {
  const limit = createLimit(REQUESTS_AT_ONCE)
  /** Ends of what is under way, by topic and key. */
  const lanes = new Map<string, Promise<void>>()

  const sendInOrder = (topic: string, key: string, requests: Message[][], ctx: Ctx): Promise<void> => {
    const lane = `${topic}\0${key}`
    const before = lanes.get(lane)
    const work = (async () => {
      await before?.catch(() => undefined)
      for (const messages of requests) await limit(() => send(topic, messages, ctx), ctx)
    })()
    lanes.set(lane, work)
    const leave = (): void => {
      if (lanes.get(lane) === work) lanes.delete(lane)
    }
    work.then(leave, leave)
    return work
  }

  return async (topic, records, timestampMs, ctx) => {
    const work: Promise<unknown>[] = []
    for (const [key, own] of Map.groupBy(records, (record) => record.key)) {
      const requests = split(own.map((record) => toMessage(record, timestampMs)), maxRequestBytes)
      if (key === '') for (const messages of requests) work.push(limit(() => send(topic, messages, ctx), ctx))
      else work.push(sendInOrder(topic, key, requests, ctx))
    }
    const settled = await Promise.allSettled(work)
    const failed = settled.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

/** Into requests of at most a thousand messages and `maxRequestBytes`. */
function split(messages: Message[], maxRequestBytes: number): Message[][] {
  const requests: Message[][] = []
  let current: Message[] = []
  let sizeBytes = 0
  for (const message of messages) {
    const more = boundMessageBytes(message)
    if (current.length === 0 || current.length === MAX_MESSAGES || sizeBytes + more > maxRequestBytes) {
      current = []
      sizeBytes = 0
      requests.push(current)
    }
    current.push(message)
    sizeBytes += more
  }
  return requests
}
