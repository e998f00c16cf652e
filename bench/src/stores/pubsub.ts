// The scales of the feed on Pub/Sub: what appends and rounds cost this process, beside the bare client library with the same messages in the same run.
import { PubSub, v1, type Topic } from '@google-cloud/pubsub'
import { createCtx } from '@rondo/context'
import { openEventFeed, type EventFeed, type LogRecord } from '@rondo/event-log'
import { engineUrl, startEngine } from '@rondo/tools/engines'
import type { BenchOptions, BenchResult } from '../result.ts'
import { compareCalls, type Comparison } from './compare-calls.ts'

const RECORDS = 100
const VALUE_BYTES = 280
const KEYS = 10
const NOW = 1_790_000_000_000
const ctx = createCtx()

/** On a server of its own, which keeps all that it was ever sent; Google's fake is the slow part, so only the client's CPU and the ratio tell anything. */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { skip } = engineUrl('pubsub')
  if (skip !== false) return [{ name: 'pubsub', figure: skip }]
  await using engine = await startEngine('pubsub')
  const feed = await openEventFeed(engine.url)
  const bare = await openBare(engine.url)
  try {
    for (const topic of ['ours', 'bare', 'rounds', 'bare-rounds']) await feed.createTopic(topic, { partitions: 1 }, ctx)
    const results: BenchResult[] = []
    for (const row of await makeRows(feed, bare, small)) results.push(await compareCalls({ ...row, name: `pubsub: ${row.name}`, client: '@google-cloud/pubsub' }))
    return results
  } finally {
    await bare.close()
    await feed.close()
  }
}

type Bare = { pubsub: PubSub; publisher: v1.PublisherClient; subscriber: v1.SubscriberClient; close(): Promise<void> }

async function openBare(url: string): Promise<Bare> {
  const { hostname: projectId, searchParams } = new URL(url)
  const pubsub = new PubSub({ projectId, apiEndpoint: searchParams.get('emulator') ?? '', emulatorMode: true, clientOptions: { universeDomain: 'googleapis.com' } })
  const { port, ...config } = await pubsub.getClientConfig()
  const options = { ...config, port: Number(port) }
  const [publisher, subscriber] = [new v1.PublisherClient(options), new v1.SubscriberClient(options)]
  return {
    pubsub,
    publisher,
    subscriber,
    async close() {
      await Promise.all([pubsub.close(), publisher.close(), subscriber.close()])
    },
  }
}

async function makeRows(feed: EventFeed, { pubsub, publisher, subscriber }: Bare, small: boolean): Promise<Omit<Comparison, 'client'>[]> {
  const calls = small ? 20 : 150
  const [plain, keyed] = [makeRecords(() => ''), makeRecords((index) => `user-${index % KEYS}`)]
  const batching = { maxMessages: RECORDS, maxMilliseconds: 10 }
  const topic = pubsub.topic('rondo.bare', { batching })
  const ordered = pubsub.topic('rondo.bare', { batching: { ...batching, maxMessages: RECORDS / KEYS }, messageOrdering: true })
  const group = await feed.subscribe({ topic: 'rounds', group: 'g' }, ctx)
  const [subscription, bareRounds] = ['projects/rondo/subscriptions/bare', 'projects/rondo/topics/rondo.bare-rounds']
  await subscriber.createSubscription({ name: subscription, topic: bareRounds, enableMessageOrdering: true })
  return [
    { name: 'append of 100 records without a key', calls, atOnce: 8, ours: () => feed.append([{ topic: 'ours', records: plain }], NOW, ctx), bare: () => publishAll(topic, plain) },
    { name: 'append of 100 records of 10 keys', calls, atOnce: 8, ours: () => feed.append([{ topic: 'ours', records: keyed }], NOW, ctx), bare: () => publishAll(ordered, keyed) },
    {
      name: 'append, take and acknowledge 100 records',
      calls,
      atOnce: 1,
      ours: async () => {
        await feed.append([{ topic: 'rounds', records: plain }], NOW, ctx)
        await group.acknowledge(await group.take({ maxRecords: RECORDS, timeoutMs: 1_000 }, ctx), ctx)
      },
      bare: async () => {
        await publisher.publish({ topic: bareRounds, messages: plain.map(toMessage) }, { isBundling: false })
        const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: RECORDS })
        await subscriber.acknowledge({ subscription, ackIds: (receivedMessages ?? []).map(({ ackId }) => ackId ?? '') })
      },
    },
  ]
}

/** As its own documentation shows: one call a message, batches by the library. */
async function publishAll(topic: Topic, records: LogRecord[]): Promise<void> {
  await Promise.all(records.map((record) => topic.publishMessage(toMessage(record))))
}

/** What the feed sends. */
function toMessage({ key, value }: LogRecord): { data: Uint8Array; attributes: Record<string, string>; orderingKey: string } {
  return { data: value, attributes: { 'rondo-timestamp-ms': String(NOW) }, orderingKey: key }
}

function makeRecords(keyOf: (index: number) => string): LogRecord[] {
  return Array.from({ length: RECORDS }, (_, index) => ({ key: keyOf(index), value: Buffer.alloc(VALUE_BYTES, index) }))
}
