// The feed on Google Pub/Sub, as it is: ordered publishing, subscriptions, acknowledgements. It has no offsets, and is no log.
import { createCtx, type Ctx } from '@rondo/context'
import { createCallGate, createTopicVerbs } from '../call-gate.ts'
import { checkRecords, checkTimestamp } from '../check-input.ts'
import { errors } from '../errors.ts'
import { checkGroup } from '../feed/check-group.ts'
import type { EventFeed, FeedCapabilities, Subscription } from '../feed/port.ts'
import type { LogRecord } from '../port.ts'
import { checkBlock, toRecords, type Records } from '../record-block.ts'
import { openGroup } from './groups.ts'
import { checkMessages, MAX_KEY_BYTES } from './message.ts'
import { parsePubsubAddress, type PubsubAddress } from './parse-pubsub-address.ts'
import { createPublish } from './publish.ts'
import { codeOf, createCalls, ENGINE, STATUS, type Calls } from './pubsub-calls.ts'
import { createPubsubClient, loadPubsubLibrary, type PubsubClient } from './pubsub-client.ts'
import { subscribeToPubsub } from './subscribe-to-pubsub.ts'
import { createTopics } from './topics.ts'

/** Beside the one record that a request must hold: its key, and what frames it. */
const REQUEST_ROOM_BYTES = 50_000

/** Throws `LOG_ADDRESS_INVALID`, `LOG_DRIVER_MISSING`, `LOG_UNREACHABLE`, `LOG_SIGN_IN_REFUSED`, `LOG_ENGINE_REFUSED`. */
export async function openPubsubFeed(url: string): Promise<EventFeed> {
  const address = parsePubsubAddress(url)
  const client = await createPubsubClient(await loadPubsubLibrary(address.shown), address)
  const ended = new AbortController()
  const calls = createCalls(address, ended.signal)
  try {
    await ping(client, calls, address, createCtx())
  } catch (error) {
    await closeClient(client)
    if (error instanceof Error && 'code' in error && error.code === 'LOG_UNAVAILABLE') {
      throw errors.unreachable({ engine: ENGINE, address: address.shown, reason: error.cause instanceof Error ? error.cause.message : error.message }, error)
    }
    throw error
  }
  return createPubsubFeed({ client, calls, address, ended })
}

type Parts = { client: PubsubClient; calls: Calls; address: PubsubAddress; ended: AbortController }

function createPubsubFeed({ client, calls, address, ended }: Parts): EventFeed {
  const capabilities = toCapabilities(address)
  const topics = createTopics(client, calls, address)
  const publish = createPublish(
    // Bundling, which the generated client does by itself, would join requests of different keys.
    (topic, messages) => calls.call(`take records for "${topic}"`, undefined, (options) => client.publisher.publish({ topic, messages }, { ...options, isBundling: false })),
    address.maxRecordBytes + REQUEST_ROOM_BYTES,
  )
  const subscriptions = new Set<Subscription>()
  const gate = createCallGate()
  const { enter, track } = gate

  const appendTo = async (topic: string, records: LogRecord[], timestampMs: number, ctx: Ctx): Promise<{ topic: string; count: number }> => {
    try {
      await publish(topics.toName(topic), records, timestampMs, ctx)
      return { topic, count: records.length }
    } catch (error) {
      if (!(error instanceof Error) || codeOf(error.cause) !== STATUS.notFound) throw error
      topics.forget(topic)
      throw errors.topicUnknown({ topic }, error)
    }
  }
  const append = async (batches: { topic: string; records: Records }[], timestampMs: number, ctx: Ctx): Promise<{ topic: string; count: number }[]> => {
    await Promise.all(batches.map(({ topic }) => topics.get(topic, ctx)))
    const byTopic = join(batches, address.maxRecordBytes)
    const settled = await Promise.allSettled([...byTopic].map(([topic, records]) => appendTo(topic, records, timestampMs, ctx)))
    const failed = settled.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }

  return {
    capabilities,

    ...createTopicVerbs(gate, topics),

    async append(batches, timestampMs, ctx) {
      enter(ctx)
      checkTimestamp(timestampMs)
      return track(append(batches, timestampMs, ctx))
    },

    async subscribe(config, ctx) {
      enter(ctx)
      checkGroup(config, capabilities)
      const name = await track(openGroup(config, client, topics, calls, address, ctx))
      const subscription = subscribeToPubsub({ name, config, client, calls, address, ended: ended.signal, whenClosed: () => subscriptions.delete(subscription) })
      subscriptions.add(subscription)
      return subscription
    },

    async ready(ctx) {
      enter(ctx)
      await ping(client, calls, address, ctx)
    },

    close: () =>
      gate.close(async () => {
        await Promise.all([...subscriptions].map((subscription) => subscription.close()))
        await gate.finish()
        ended.abort()
        await closeClient(client)
      }),
  }
}

function toCapabilities({ emulator, maxRecordBytes, replay }: PubsubAddress): FeedCapabilities {
  return {
    maxRecordBytes,
    // Google writes to several zones before it answers; the emulators write nothing.
    survivesPowerLoss: emulator === undefined,
    atomicAcrossTopics: false,
    offsets: false,
    maxKeyBytes: MAX_KEY_BYTES,
    appendsOnce: false,
    acknowledgement: 'each',
    sharedGroups: true,
    replay,
    attempts: { min: 5, max: 100 },
    ackDeadlineMs: { min: 10_000, max: 600_000 },
  }
}

/** Records of one call and topic together, in their order; everything is checked before anything is sent. */
function join(batches: { topic: string; records: Records }[], maxRecordBytes: number): Map<string, LogRecord[]> {
  const byTopic = new Map<string, LogRecord[]>()
  for (const { topic, records } of batches) {
    if (Array.isArray(records)) checkRecords(topic, records, maxRecordBytes)
    else checkBlock(topic, records, maxRecordBytes)
    const own = toRecords(records)
    checkMessages(topic, own)
    if (own.length === 0) continue
    const before = byTopic.get(topic)
    byTopic.set(topic, before === undefined ? own : [...before, ...own])
  }
  return byTopic
}

/** The cheapest question that needs the project and the rights. */
async function ping({ publisher }: PubsubClient, calls: Calls, { project }: PubsubAddress, ctx: Ctx): Promise<void> {
  await calls.call(`open the project "${project}"`, ctx, (options) => publisher.listTopics({ project: `projects/${project}`, pageSize: 1 }, { ...options, autoPaginate: false }))
}

async function closeClient({ publisher, subscriber }: PubsubClient): Promise<void> {
  await Promise.allSettled([publisher.close(), subscriber.close()])
}
