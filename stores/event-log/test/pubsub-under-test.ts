// Feeds on a running emulator for tests: each with a prefix of its own, its topics and groups removed at the end.
import { randomBytes } from 'node:crypto'
import { createCtx } from '@rondo/context'
import type { TopicsUnderTest } from '../src/conformance.ts'
import type { FeedUnderTest } from '../src/feed/conformance.ts'
import { openEventFeed, type Subscription } from '../src/index.ts'
import type { LogRecord } from '../src/port.ts'
import { parsePubsubAddress } from '../src/pubsub/parse-pubsub-address.ts'
import { createPubsubClient, loadPubsubLibrary } from '../src/pubsub/pubsub-client.ts'

const ctx = createCtx()

/** `parameters`: more of the address, e.g. "timeoutMs=500". */
export async function openFeedUnderTest(url: string, parameters = ''): Promise<FeedUnderTest & { url: string; prefix: string }> {
  const prefix = `test-${randomBytes(5).toString('hex')}.`
  const own = `${url}&prefix=${prefix}&${parameters}`
  let feed = await openEventFeed(own)
  return {
    feed,
    url: own,
    prefix,
    async reopen() {
      await feed.close()
      feed = await openEventFeed(own)
      return feed
    },
    async [Symbol.asyncDispose]() {
      await feed.close()
      await removeAll(url, prefix)
    },
  }
}

/** For the rules that are common to all engines: every topic has a group that sees what is appended from its making on. */
export async function openTopicsUnderTest(url: string): Promise<TopicsUnderTest> {
  const { feed, [Symbol.asyncDispose]: dispose } = await openFeedUnderTest(url)
  const observers = new Map<string, Promise<Subscription>>()
  return {
    topics: {
      ...feed,
      async createTopic(topic, config, callCtx) {
        await feed.createTopic(topic, config, callCtx)
        if (!observers.has(topic)) observers.set(topic, feed.subscribe({ topic, group: 'observer' }, callCtx))
        await observers.get(topic)
      },
    },
    async readAll(topic) {
      const observer = await observers.get(topic)
      const found: LogRecord[] = []
      for (;;) {
        const taken = (await observer?.take({ maxRecords: 1000, timeoutMs: 0 }, ctx)) ?? []
        if (taken.length === 0) return found
        found.push(...taken)
        await observer?.acknowledge(taken, ctx)
      }
    },
    [Symbol.asyncDispose]: dispose,
  }
}

/** Subscriptions and topics whose names begin with the prefix. */
async function removeAll(url: string, prefix: string): Promise<void> {
  const address = parsePubsubAddress(url)
  const { publisher, subscriber } = await createPubsubClient(await loadPubsubLibrary(url), address)
  const project = `projects/${address.project}`
  try {
    const [subscriptions] = await subscriber.listSubscriptions({ project })
    for (const { name } of subscriptions) if (name?.startsWith(`${project}/subscriptions/${prefix}`)) await subscriber.deleteSubscription({ subscription: name })
    const [topics] = await publisher.listTopics({ project })
    for (const { name } of topics) if (name?.startsWith(`${project}/topics/${prefix}`)) await publisher.deleteTopic({ topic: name })
  } finally {
    await Promise.all([publisher.close(), subscriber.close()])
  }
}
