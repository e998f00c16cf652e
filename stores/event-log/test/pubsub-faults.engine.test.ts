// Pub/Sub under faults: slow, cut off, silent, forgetful, answers lost, consumers killed and consumers that work long.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createFaultProxy, createTempFolder } from '@rondo/testing'
import { engineUrl, startEngine } from '@rondo/tools/engines'
import { takeAll } from '../src/feed/conformance.ts'
import { openEventFeed, openEventLog, type EventFeed, type LogRecord } from '../src/index.ts'
import { parsePubsubAddress } from '../src/pubsub/parse-pubsub-address.ts'
import { createPubsubClient, loadPubsubLibrary } from '../src/pubsub/pubsub-client.ts'
import { runAndKill } from './kill-writer.ts'

const { skip } = engineUrl('pubsub')
const ctx = createCtx()
const NOW = Date.UTC(2026, 8, 21, 9)

const record = (id: string, key = id): LogRecord => ({ key, value: Buffer.from(id) })
const read = ({ value }: Pick<LogRecord, 'value'>): string => Buffer.from(value).toString()
const isCode = (code: string) => (error: AppError) => error.code === code

async function openWithTopic(url: string): Promise<EventFeed & AsyncDisposable> {
  const feed = await openEventFeed(url)
  await feed.createTopic('t', { partitions: 1 }, ctx)
  return { ...feed, [Symbol.asyncDispose]: () => feed.close() }
}

describe('Pub/Sub under faults', { skip, concurrency: 4 }, () => {
  it('EF14 a slow one delays and loses nothing', async () => {
    await using engine = await startEngine('pubsub')
    await using proxy = await createFaultProxy({ ...engine.proxy, delayMs: 40 })
    await using feed = await openWithTopic(engine.urlAt(proxy.port))
    const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
    const ids = Array.from({ length: 20 }, (_, index) => `id-${index}`)
    await feed.append([{ topic: 't', records: ids.map((id) => record(id)) }], NOW, ctx)
    assert.deepEqual((await takeAll(group, 20)).map(read).sort(), ids.toSorted())
  })

  it('EF14 one that is cut off in the middle of a batch and returns has everything that was acknowledged; ready() tells while it is gone', async () => {
    await using engine = await startEngine('pubsub')
    await using proxy = await createFaultProxy(engine.proxy)
    await using feed = await openWithTopic(`${engine.urlAt(proxy.port)}&timeoutMs=700`)
    const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
    const acknowledged: string[] = []
    const append = async (id: string): Promise<void> => {
      await feed.append([{ topic: 't', records: [record(id, '')] }], NOW, ctx)
      acknowledged.push(id)
      if (acknowledged.length === 60) proxy.close()
    }
    const outcomes = await Promise.allSettled(Array.from({ length: 400 }, (_, index) => append(`id-${index}`)))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as AppError] : []))
    assert.ok(refused.length > 0 && refused.every(isCode('LOG_UNAVAILABLE')))
    await assert.rejects(feed.ready(ctx), isCode('LOG_UNAVAILABLE'))
    proxy.open()
    for (let tries = 0; tries < 20; tries += 1) if (await feed.ready(ctx).then(() => true, () => false)) break
    await feed.append([{ topic: 't', records: [record('after', '')] }], NOW, ctx)
    const found = new Set<string>()
    for (;;) {
      const taken = await group.take({ maxRecords: 1000, timeoutMs: 0 }, ctx)
      if (taken.length === 0) break
      for (const one of taken) found.add(read(one))
      await group.acknowledge(taken, ctx)
    }
    for (const id of [...acknowledged, 'after']) assert.ok(found.has(id), `"${id}" was acknowledged and is there`)
  })

  it('EF15 an append whose answer is lost is there twice; ids make it once', async () => {
    await using engine = await startEngine('pubsub')
    await using proxy = await createFaultProxy(engine.proxy)
    await using feed = await openWithTopic(engine.urlAt(proxy.port))
    await using folder = await createTempFolder()
    const log = await openEventLog(`file:${folder.path}/log`)
    await log.createTopic('in', { partitions: 1 }, ctx)
    const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
    const lost = proxy.loseAnswer({ request: (bytes) => bytes.includes('id-2') })
    for (const id of ['id-1', 'id-2', 'id-3']) await feed.append([{ topic: 't', records: [record(id, 'k')] }], NOW, ctx)
    await lost
    const seen = new Set<string>()
    const given: string[] = []
    for (const one of await takeAll(group, 4)) {
      given.push(read(one))
      if (seen.has(read(one))) continue
      seen.add(read(one))
      await log.append([{ topic: 'in', records: [record(read(one))] }], one.timestampMs, ctx)
    }
    assert.deepEqual(given, ['id-1', 'id-2', 'id-2', 'id-3'], 'twice, in order')
    assert.deepEqual(await group.take({ timeoutMs: 0 }, ctx), [])
    assert.deepEqual((await log.read({ topic: 'in', partition: 0, offset: 0 }, ctx)).map(read), ['id-1', 'id-2', 'id-3'])
    await log.close()
  })

  it('EF15 an acknowledgement whose answer is lost is given again and holds', async () => {
    await using engine = await startEngine('pubsub')
    await using proxy = await createFaultProxy(engine.proxy)
    await using feed = await openWithTopic(engine.urlAt(proxy.port))
    const group = await feed.subscribe({ topic: 't', group: 'acknowledging' }, ctx)
    await feed.append([{ topic: 't', records: [record('id-1')] }], NOW, ctx)
    const taken = await group.take({ timeoutMs: 5_000 }, ctx)
    const lost = proxy.loseAnswer({ request: (bytes) => bytes.includes('acknowledging') })
    await group.acknowledge(taken, ctx)
    await lost
    await group.close()
    const again = await feed.subscribe({ topic: 't', group: 'acknowledging' }, ctx)
    assert.deepEqual(await again.take({ timeoutMs: 0 }, ctx), [])
  })

  it('EF14 one that is silent is told as that in the time of the address, and serves again', async () => {
    await using engine = await startEngine('pubsub')
    await using feed = await openWithTopic(`${engine.url}&timeoutMs=400`)
    const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
    engine.pause()
    await assert.rejects(feed.ready(ctx), isCode('LOG_UNAVAILABLE'))
    await assert.rejects(feed.append([{ topic: 't', records: [record('id-1')] }], NOW, ctx), isCode('LOG_UNAVAILABLE'))
    engine.resume()
    await feed.ready(ctx)
    await feed.append([{ topic: 't', records: [record('id-2')] }], NOW, ctx)
    assert.ok((await takeAll(group, 1)).length === 1)
  })

  it('EF14 one that was killed and forgot everything is used again once its topics are made; what is gone is named', async () => {
    await using engine = await startEngine('pubsub')
    await using feed = await openWithTopic(`${engine.url}&timeoutMs=3000`)
    const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
    await engine.kill()
    await assert.rejects(feed.ready(ctx), isCode('LOG_UNAVAILABLE'))
    await engine.start()
    await feed.ready(ctx)
    await assert.rejects(feed.append([{ topic: 't', records: [record('id-1')] }], NOW, ctx), isCode('TOPIC_NOT_FOUND'))
    await assert.rejects(group.take({ timeoutMs: 5_000 }, ctx), isCode('GROUP_MISMATCH'))
    await feed.createTopic('t', { partitions: 1 }, ctx)
    const again = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
    await feed.append([{ topic: 't', records: [record('id-2')] }], NOW, ctx)
    assert.deepEqual((await takeAll(again, 1)).map(read), ['id-2'])
  })

  it('EF16 what a killed consumer had processed and not acknowledged comes again after its deadline', async () => {
    await using engine = await startEngine('pubsub')
    await using feed = await openWithTopic(engine.url)
    const group = await feed.subscribe({ topic: 't', group: 'g', ackDeadlineMs: 10_000 }, ctx)
    const ids = Array.from({ length: 12 }, (_, index) => `id-${index}`)
    await feed.append([{ topic: 't', records: ids.map((id) => record(id)) }], NOW, ctx)
    const processed = await runAndKill('take-until-killed.ts', [engine.url, 't', 'g'], 12)
    assert.deepEqual(processed.toSorted(), ids.toSorted())
    const found: string[] = []
    while (found.length < 12) {
      const taken = await group.take({ timeoutMs: 20_000 }, ctx)
      assert.ok(taken.length > 0)
      found.push(...taken.map(read))
      await group.acknowledge(taken, ctx)
    }
    assert.deepEqual(found.sort(), ids.toSorted(), 'each once more')
  })

  it('EF16 while a consumer works longer than the deadline, nobody else is given its records, and its acknowledgement holds', async () => {
    await using engine = await startEngine('pubsub')
    await using feed = await openWithTopic(engine.url)
    const working = await feed.subscribe({ topic: 't', group: 'g', ackDeadlineMs: 10_000 }, ctx)
    const idle = await feed.subscribe({ topic: 't', group: 'g', ackDeadlineMs: 10_000 }, ctx)
    await feed.append([{ topic: 't', records: [record('id-1')] }], NOW, ctx)
    const taken = await takeAll(working, 1, false)
    assert.deepEqual(await idle.take({ timeoutMs: 13_000 }, ctx), [])
    await working.acknowledge(taken, ctx)
    assert.deepEqual(await idle.take({ timeoutMs: 0 }, ctx), [])
  })

  it('EF16 what nobody settles within holdMs is kept up no longer', async () => {
    await using engine = await startEngine('pubsub')
    await using feed = await openWithTopic(`${engine.url}&holdMs=1000`)
    const stuck = await feed.subscribe({ topic: 't', group: 'g', ackDeadlineMs: 10_000 }, ctx)
    const other = await feed.subscribe({ topic: 't', group: 'g', ackDeadlineMs: 10_000 }, ctx)
    await feed.append([{ topic: 't', records: [record('id-1')] }], NOW, ctx)
    await takeAll(stuck, 1, false)
    assert.deepEqual((await other.take({ timeoutMs: 20_000 }, ctx)).map(read), ['id-1'])
  })

  it('EF8 where the address says that it can, a group goes to an instant', async () => {
    await using engine = await startEngine('pubsub')
    await using feed = await openWithTopic(`${engine.url}&replay=1`)
    assert.equal(feed.capabilities.replay, true)
    const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
    await feed.append([{ topic: 't', records: [record('id-1'), record('id-2')] }], NOW, ctx)
    const held = await group.take({ maxRecords: 1, timeoutMs: 5_000 }, ctx)
    // Forward only: this server ends itself when it is asked to go back.
    await group.seek(Date.UTC(2100, 0), ctx)
    await group.release(held, ctx)
    assert.deepEqual(await group.take({ timeoutMs: 0 }, ctx), [])
  })

  it('EF17 messages of other publishers come as they are; subscriptions of others are taken over or refused with the reason', async () => {
    await using engine = await startEngine('pubsub')
    await using feed = await openWithTopic(engine.url)
    await feed.createTopic('dead', { partitions: 1 }, ctx)
    await feed.createTopic('other', { partitions: 1 }, ctx)
    const { publisher, subscriber } = await createPubsubClient(await loadPubsubLibrary(engine.url), parsePubsubAddress(engine.url))
    const [topic, name] = ['projects/rondo/topics/rondo.t', (group: string) => `projects/rondo/subscriptions/rondo.t~${group}`]
    await subscriber.createSubscription({ name: name('g'), topic, enableMessageOrdering: true, ackDeadlineSeconds: 20 })
    await subscriber.createSubscription({ name: name('unordered'), topic })
    await subscriber.createSubscription({ name: name('elsewhere'), topic: 'projects/rondo/topics/rondo.other', enableMessageOrdering: true })
    const group = await feed.subscribe({ topic: 't', group: 'g', ackDeadlineMs: 30_000, deadLetter: { topic: 'dead', maxAttempts: 7 } }, ctx)
    const [{ ackDeadlineSeconds, deadLetterPolicy }] = await subscriber.getSubscription({ subscription: name('g') })
    assert.deepEqual([ackDeadlineSeconds, deadLetterPolicy?.maxDeliveryAttempts], [30, 7])
    await assert.rejects(feed.subscribe({ topic: 't', group: 'unordered' }, ctx), /does not keep the order of keys/)
    await assert.rejects(feed.subscribe({ topic: 't', group: 'elsewhere' }, ctx), /belongs to "projects\/rondo\/topics\/rondo\.other"/)
    await publisher.publish({ topic, messages: [{ data: Buffer.from([0, 255]), attributes: { source: 'billing' } }] })
    const [found] = await takeAll(group, 1)
    assert.deepEqual([found?.key, [...(found?.value ?? [])], found?.headers, found?.attempt], ['', [0, 255], { source: 'billing' }, 1])
    assert.ok((found?.timestampMs ?? 0) > Date.UTC(2020, 0), 'the instant that Pub/Sub took it')
    await Promise.all([publisher.close(), subscriber.close()])
  })
})
