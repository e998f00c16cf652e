// The rules of feeds in SPEC.md as tests, for every driver: `testEventFeed('file', openIt)` in a driver's test file.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError, ErrorKind } from '@rondo/errors'
import type { LogRecord } from '../port.ts'
import type { Delivery, EventFeed, FeedCapabilities, Subscription } from './port.ts'

/** A feed that nobody else uses. `reopen` closes it and opens the same data again; drivers that keep nothing leave it out. */
export type FeedUnderTest = AsyncDisposable & { feed: EventFeed; reopen?: () => Promise<EventFeed> }

const ctx = createCtx()
const NOW = Date.UTC(2026, 8, 21, 9)
/** Of real time, for what is there already or comes at once. */
const SOON = 10_000

export function testEventFeed(name: string, open: () => Promise<FeedUnderTest>): void {
  /** `lacks` says which capability is missing, if one is. */
  const rule = (title: string, body: (feed: EventFeed, under: FeedUnderTest) => Promise<void>, lacks: (capabilities: FeedCapabilities) => string | false = () => false): void => {
    it(title, async (test) => {
      await using under = await open()
      const missing = lacks(under.feed.capabilities)
      if (missing !== false) {
        test.skip(`needs ${missing}`)
        return
      }
      await under.feed.createTopic('t', { partitions: 2 }, ctx)
      await body(under.feed, under)
    })
  }

  describe(`event feed: ${name}`, () => {
    rule('EF1 a group is given what is appended after it was made, as it was written', async (feed) => {
      await feed.append([{ topic: 't', records: [record('early', 'k')] }], NOW, ctx)
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      const records: LogRecord[] = [
        { key: 'u1', value: text('one'), headers: { skew: '12', 'ünïcode': '✓' } },
        { key: '', value: new Uint8Array(0) },
        { key: 'käy 🎵', value: Uint8Array.from({ length: 256 }, (_, index) => index) },
      ]
      const appended = await feed.append([{ topic: 't', records }], NOW + 1, ctx)
      assert.equal(appended.reduce((sum, { count }) => sum + count, 0), 3)
      const found = await takeAll(group, records.length)
      assert.deepEqual(
        found.map(({ key, value, headers, timestampMs }) => ({ key, value: [...value], headers, timestampMs })).sort((a, b) => (a.key < b.key ? -1 : 1)),
        records.map(({ key, value, headers }) => ({ key, value: [...value], headers, timestampMs: NOW + 1 })).sort((a, b) => (a.key < b.key ? -1 : 1)),
      )
    })

    rule('EF1 many appends at once, also as columns, are given once each', async (feed) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      const wanted = Array.from({ length: 30 }, (_, call) => [`a${call}`, `b${call}`]).flat()
      const block = { keys: Buffer.from('xy'), keyBytes: Uint32Array.of(1, 1), values: Buffer.from('c1c2'), valueBytes: Uint32Array.of(2, 2) }
      await Promise.all([
        ...Array.from({ length: 30 }, (_, call) => feed.append([{ topic: 't', records: [record(`a${call}`, `k${call}`), record(`b${call}`, `l${call}`)] }], NOW, ctx)),
        feed.append([{ topic: 't', records: block }], NOW, ctx),
      ])
      assert.deepEqual((await takeAll(group, 62)).map(read).sort(), [...wanted, 'c1', 'c2'].sort())
      assert.deepEqual(await group.take({ timeoutMs: 0 }, ctx), [])
    })

    rule('EF1 the largest record comes back whole', async (feed) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      const value = new Uint8Array(feed.capabilities.maxRecordBytes).fill(7)
      await feed.append([{ topic: 't', records: [{ key: 'k', value }, record('next', 'k')] }], NOW, ctx)
      const found = await takeAll(group, 2)
      assert.equal(Buffer.compare(found[0]?.value ?? new Uint8Array(0), value), 0)
    })

    rule('EF2 records of a key come in the order of their appends; those behind what is held wait', async (feed) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      for (let call = 0; call < 4; call += 1) await feed.append([{ topic: 't', records: ['a', 'b', 'c'].flatMap((key) => [record(`${key}${call * 2}`, key), record(`${key}${call * 2 + 1}`, key)]) }], NOW, ctx)
      const order = new Map<string, string[]>()
      const held = new Set<string>()
      for (let count = 0; count < 24; ) {
        const taken = await group.take({ maxRecords: 5, timeoutMs: SOON }, ctx)
        for (const one of taken) {
          assert.ok(!held.has(one.key), 'nothing behind what is held')
          order.set(one.key, [...(order.get(one.key) ?? []), read(one)])
        }
        for (const { key } of taken) held.add(key)
        for (const other of await group.take({ maxRecords: 1, timeoutMs: 0 }, ctx)) {
          assert.ok(!held.has(other.key))
          await group.release([other], ctx)
        }
        count += taken.length
        await group.acknowledge(taken, ctx)
        held.clear()
      }
      for (const key of ['a', 'b', 'c']) assert.deepEqual(order.get(key), Array.from({ length: 8 }, (_, index) => `${key}${index}`))
    })

    rule('EF3 what is released comes again before what stands behind it', async (feed) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      await feed.append([{ topic: 't', records: [record('1', 'k'), record('2', 'k'), record('3', 'k')] }], NOW, ctx)
      const first = await group.take({ timeoutMs: SOON, maxRecords: 1 }, ctx)
      await group.release(first, ctx)
      assert.deepEqual((await takeAll(group, 3)).map(read), ['1', '2', '3'])
      await group.release(first, ctx)
      assert.deepEqual(await group.take({ timeoutMs: 0 }, ctx), [], 'what is settled is passed over')
    })

    rule('EF4 what was acknowledged comes no more, what was not comes again, also to who opens the group again', async (feed, { reopen }) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      await feed.append([{ topic: 't', records: Array.from({ length: 10 }, (_, index) => record(String(index), `k${index}`)) }], NOW, ctx)
      const taken = await takeAll(group, 10, false)
      const [kept, ...done] = taken.sort((a, b) => Number(read(a)) - Number(read(b)))
      await group.acknowledge(done, ctx)
      await group.close()
      const again = await (reopen === undefined ? feed : await reopen()).subscribe({ topic: 't', group: 'g' }, ctx)
      const left = await takeAll(again, 1)
      assert.equal(read(left[0] as Delivery), read(kept as Delivery))
      if (feed.capabilities.acknowledgement === 'each') assert.deepEqual(await again.take({ timeoutMs: 0 }, ctx), [])
    })

    rule('EF5 every group is given everything; a closed subscription misses nothing', async (feed) => {
      const [a, b] = [await feed.subscribe({ topic: 't', group: 'a' }, ctx), await feed.subscribe({ topic: 't', group: 'b' }, ctx)]
      await b.close()
      await feed.append([{ topic: 't', records: [record('1', 'x'), record('2', 'y')] }], NOW, ctx)
      assert.deepEqual((await takeAll(a, 2)).map(read).sort(), ['1', '2'])
      const again = await feed.subscribe({ topic: 't', group: 'b' }, ctx)
      assert.deepEqual((await takeAll(again, 2)).map(read).sort(), ['1', '2'])
    })

    rule('EF6 subscriptions of one group share its records', async (feed) => {
      const [one, two] = [await feed.subscribe({ topic: 't', group: 'g' }, ctx), await feed.subscribe({ topic: 't', group: 'g' }, ctx)]
      await feed.append([{ topic: 't', records: Array.from({ length: 8 }, (_, index) => record(String(index), `k${index}`)) }], NOW, ctx)
      const first = await one.take({ maxRecords: 3, timeoutMs: SOON }, ctx)
      const rest = await takeAll(two, 8 - first.length)
      assert.deepEqual([...first, ...rest].map(read).sort(), Array.from({ length: 8 }, (_, index) => String(index)))
    }, ({ sharedGroups }) => !sharedGroups && 'capabilities.sharedGroups')

    rule('EF6 a group that is not shared has one subscription at a time', async (feed) => {
      const one = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      await fails(feed.subscribe({ topic: 't', group: 'g' }, ctx), 'GROUP_BUSY', 'conflict')
      await one.close()
      await (await feed.subscribe({ topic: 't', group: 'g' }, ctx)).close()
    }, ({ sharedGroups }) => sharedGroups && 'a group of one subscription (capabilities.sharedGroups is true)')

    rule('EF7 what was given too often goes to the dead letters, as it was, and blocks nobody', async (feed) => {
      const maxAttempts = feed.capabilities.attempts.min
      await feed.createTopic('dead', { partitions: 1 }, ctx)
      const dead = await feed.subscribe({ topic: 'dead', group: 'repair' }, ctx)
      const group = await feed.subscribe({ topic: 't', group: 'g', deadLetter: { topic: 'dead', maxAttempts } }, ctx)
      await feed.append([{ topic: 't', records: [{ ...record('poison', 'k'), headers: { from: 'client' } }, record('good', 'k')] }], NOW, ctx)
      for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
        const taken = await group.take({ maxRecords: 1, timeoutMs: SOON }, ctx)
        assert.deepEqual(taken.map((one) => [read(one), one.attempt]), [['poison', attempt]])
        await group.release(taken, ctx)
      }
      assert.deepEqual((await takeAll(group, 1)).map(read), ['good'])
      const [letter] = await takeAll(dead, 1)
      assert.deepEqual([letter?.key, read(letter as Delivery), letter?.headers?.['from'], letter?.timestampMs], ['k', 'poison', 'client', NOW])
      assert.deepEqual(await dead.take({ timeoutMs: 0 }, ctx), [], 'once')
    })

    rule('EF8 a group goes back to an instant, and forward', async (feed) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      for (const step of [0, 1, 2]) await feed.append([{ topic: 't', records: [record(String(step), 'k')] }], NOW + step, ctx)
      await takeAll(group, 3)
      await group.seek(NOW + 1, ctx)
      assert.deepEqual((await takeAll(group, 2)).map(read), ['1', '2'])
      await group.seek(NOW, ctx)
      const held = await group.take({ maxRecords: 1, timeoutMs: SOON }, ctx)
      await group.seek(NOW + 3, ctx)
      await group.release(held, ctx)
      assert.deepEqual(await group.take({ timeoutMs: 0 }, ctx), [])
    }, ({ replay }) => !replay && 'capabilities.replay')

    rule('EF8 a group that cannot go back says so', async (feed) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      await fails(group.seek(NOW, ctx), 'FEED_CANNOT_REPLAY', 'not-implemented')
    }, ({ replay }) => replay && 'an engine that cannot (capabilities.replay is true)')

    rule('EF9 a take gives at most what was asked for, waits for the first, and ends with its time, its caller, or the feed', async (feed) => {
      const group = await feed.subscribe({ topic: 't', group: 'g' }, ctx)
      assert.deepEqual(await group.take({ timeoutMs: 20 }, ctx), [])
      const waiting = group.take({ timeoutMs: SOON }, ctx)
      await feed.append([{ topic: 't', records: [record('1', '')] }], NOW, ctx)
      const taken = await waiting
      assert.deepEqual(taken.map(read), ['1'])
      await group.acknowledge(taken, ctx)
      await feed.append([{ topic: 't', records: Array.from({ length: 9 }, (_, index) => record(String(index), `k${index}`)) }], NOW, ctx)
      const some = await group.take({ maxRecords: 4, timeoutMs: SOON }, ctx)
      assert.ok(some.length >= 1 && some.length <= 4)
      await group.acknowledge(some, ctx)
      await takeAll(group, 9 - some.length)
      await fails(group.take({ maxRecords: 0, timeoutMs: 0 }, ctx), 'BAD_LIMIT', 'invalid')
      const abort = new AbortController()
      const cancelled = group.take({ timeoutMs: SOON }, createCtx({ signal: abort.signal }))
      abort.abort()
      await fails(cancelled, 'CANCELLED', 'cancelled')
      const last = group.take({ timeoutMs: SOON }, ctx)
      await feed.close()
      assert.deepEqual(await last, [])
      await fails(group.take({ timeoutMs: 0 }, ctx), 'LOG_CLOSED', 'unavailable')
      await fails(feed.subscribe({ topic: 't', group: 'g' }, ctx), 'LOG_CLOSED', 'unavailable')
    })

    rule('EF10 groups of wrong names, topics and numbers are refused', async (feed) => {
      await fails(feed.subscribe({ topic: 't', group: 'not a name' }, ctx), 'BAD_NAME', 'invalid')
      await fails(feed.subscribe({ topic: 'nope', group: 'g' }, ctx), 'TOPIC_NOT_FOUND', 'not-found')
      await fails(feed.subscribe({ topic: 't', group: 'g', deadLetter: { topic: 'nope', maxAttempts: 5 } }, ctx), 'TOPIC_NOT_FOUND', 'not-found')
      await fails(feed.subscribe({ topic: 't', group: 'g', deadLetter: { topic: 't', maxAttempts: 5 } }, ctx), 'BAD_GROUP_CONFIG', 'invalid')
      await fails(feed.subscribe({ topic: 't', group: 'g', deadLetter: { topic: 'dead', maxAttempts: feed.capabilities.attempts.max + 1 } }, ctx), 'BAD_GROUP_CONFIG', 'invalid')
      await fails(feed.subscribe({ topic: 't', group: 'g', ackDeadlineMs: 0 }, ctx), 'BAD_GROUP_CONFIG', 'invalid')
    })
  })
}

/** Takes until there are so many, and acknowledges each unless told otherwise. */
export async function takeAll(group: Subscription, count: number, acknowledge = true): Promise<Delivery[]> {
  const found: Delivery[] = []
  while (found.length < count) {
    const taken = await group.take({ maxRecords: count - found.length, timeoutMs: SOON }, ctx)
    assert.ok(taken.length > 0, `${found.length} of ${count} records came`)
    found.push(...taken)
    if (acknowledge) await group.acknowledge(taken, ctx)
  }
  return found
}

async function fails(work: Promise<unknown>, code: string, kind: ErrorKind): Promise<void> {
  await assert.rejects(work, (error: AppError) => error.code === code && error.kind === kind)
}

function read({ value }: Pick<LogRecord, 'value'>): string {
  return Buffer.from(value).toString()
}

function record(value: string, key: string): LogRecord {
  return { key, value: text(value) }
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}
