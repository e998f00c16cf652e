// The suite that every driver of the key-value store passes. Titles begin with the rule of SPEC.md.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createManualClock, type ManualClock } from '@rondo/time'
import type { Entry, KeyValue, KeyValueOptions } from './port.ts'

export type KeyValueHarness = {
  /** Opens the one store of this harness; a second call sees what the first has left. */
  open(options: KeyValueOptions): Promise<KeyValue>
  /** False: `close` loses everything, and what needs a second opening is skipped. */
  persistent: boolean
  dispose(): Promise<void>
}

const ctx = createCtx()

export function testKeyValue(name: string, createHarness: () => Promise<KeyValueHarness>): void {
  const withStore = async (work: (store: KeyValue, clock: ManualClock, harness: KeyValueHarness) => Promise<void>): Promise<void> => {
    const harness = await createHarness()
    const clock = createManualClock(1_000)
    const store = await harness.open({ clock })
    try {
      await work(store, clock, harness)
    } finally {
      await store.close()
      await harness.dispose()
    }
  }

  describe(name, () => {
    test('KV1 what was written is there after closing and opening', async (t) => {
      await withStore(async (store, clock, harness) => {
        if (!harness.persistent) return t.skip('this driver keeps nothing')
        await store.putMany([toEntry('user', 'list', 'x')], {}, ctx)
        await store.close()
        const again = await harness.open({ clock })
        assert.equal(toText(await again.get({ partition: 'user', sort: 'list' }, ctx)), 'x')
        await again.close()
      })
    })

    test('KV2 values come back byte for byte, in the order of the keys; what is absent is undefined', () =>
      withStore(async (store) => {
        const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index & 255)
        await store.putMany([{ partition: 'p', sort: 'bytes', value: bytes }, toEntry('p', 'empty', ''), toEntry('p', '', 'no sort')], {}, ctx)
        const keys = ['bytes', 'none', '', 'empty'].map((sort) => ({ partition: 'p', sort }))
        const [first, second, third, fourth] = await store.getMany(keys, ctx)
        assert.deepEqual(Uint8Array.from(first ?? []), bytes)
        assert.equal(second, undefined)
        assert.equal(toText(third), 'no sort')
        assert.equal(fourth?.byteLength, 0)
      }))

    test('KV3 the caller keeps what it gave and owns what it got', () =>
      withStore(async (store) => {
        const given = Buffer.from('aaaa')
        const writing = store.putMany([{ partition: 'p', sort: 's', value: given }], {}, ctx)
        given.fill('z')
        await writing
        const got = await store.get({ partition: 'p', sort: 's' }, ctx)
        assert.equal(toText(got), 'aaaa')
        got?.fill(0)
        await store.putMany(Array.from({ length: 200 }, (_, index) => toEntry('q', String(index), 'y'.repeat(500))), {}, ctx)
        assert.equal(toText(await store.get({ partition: 'p', sort: 's' }, ctx)), 'aaaa')
      }))

    test('KV4 putIf writes only over the value that was expected', () =>
      withStore(async (store) => {
        const entry = toEntry('p', 's', '1')
        assert.equal(await store.putIf(entry, Buffer.from('0'), ctx), false)
        assert.equal(await store.putIf(entry, undefined, ctx), true)
        assert.equal(await store.putIf(entry, undefined, ctx), false)
        assert.equal(await store.putIf(toEntry('p', 's', '2'), Buffer.from('1'), ctx), true)
        assert.equal(toText(await store.get(entry, ctx)), '2')
      }))

    test('KV4 of many putIf at once on one value one succeeds: counting loses nothing', () =>
      withStore(async (store) => {
        const key = { partition: 'p', sort: 'n' }
        const increment = async (): Promise<void> => {
          for (;;) {
            const current = await store.get(key, ctx)
            if (await store.putIf({ ...key, value: Buffer.from(String(Number(toText(current) || '0') + 1)) }, current, ctx)) return
          }
        }
        await Promise.all(Array.from({ length: 20 }, increment))
        assert.equal(toText(await store.get(key, ctx)), '20')
      }))

    test('KV4 putIf and the other writes see each other, whatever came last', () =>
      withStore(async (store, clock) => {
        const key = { partition: 'p', sort: 's' }
        const put = (text: string, ttlMs?: number): Promise<void> => store.putMany([toEntry('p', 's', text)], ttlMs === undefined ? {} : { ttlMs }, ctx)
        const putIf = (text: string, expected: string | undefined): Promise<boolean> => store.putIf(toEntry('p', 's', text), expected === undefined ? undefined : Buffer.from(expected), ctx)
        const read = async (): Promise<string[]> => {
          const texts = [await store.get(key, ctx), ...(await store.getMany([key], ctx)), (await store.scan({ partition: 'p' }, ctx))[0]?.value].map((value) => (value === undefined ? 'absent' : toText(value)))
          return [...new Set(texts)]
        }
        for (let round = 0; round < 5; round += 1) {
          assert.equal(await putIf('a', undefined), true)
          await put('b')
          assert.deepEqual(await read(), ['b'])
          assert.equal(await putIf('c', 'a'), false)
          assert.equal(await putIf('c', 'b'), true)
          assert.deepEqual(await read(), ['c'])
          await put('b')
          assert.equal(await putIf('', 'b'), true)
          assert.deepEqual(await read(), [''])
          await put('d', 10)
          assert.equal(await putIf('e', 'd'), true)
          clock.advance(10)
          assert.deepEqual(await read(), ['e'])
          assert.equal(await store.removeExpired(ctx), 0)
          await put('f', 10)
          clock.advance(10)
          assert.deepEqual(await read(), ['absent'])
          assert.equal(await putIf('g', 'f'), false)
          assert.equal(await putIf('g', undefined), true)
          assert.equal(await store.removeExpired(ctx), 0)
          assert.deepEqual(await read(), ['g'])
          await store.deleteMany([key], ctx)
          assert.deepEqual(await read(), ['absent'])
          assert.equal(await putIf('h', 'g'), false)
          assert.equal(await putIf('h', undefined), true)
          await store.deleteMany([key], ctx)
          assert.deepEqual(await read(), ['absent'])
        }
      }))

    test('KV5 an entry is absent once its time has passed, for every reader, and removeExpired gives it back', () =>
      withStore(async (store, clock) => {
        await store.putMany([toEntry('p', 'a', '1'), toEntry('p', 'b', '1')], { ttlMs: 50 }, ctx)
        await store.putMany([toEntry('p', 'b', '2'), toEntry('p', 'c', '1')], {}, ctx)
        clock.advance(49)
        assert.equal(toText(await store.get({ partition: 'p', sort: 'a' }, ctx)), '1')
        assert.equal(await store.removeExpired(ctx), 0)
        clock.advance(1)
        assert.equal(await store.get({ partition: 'p', sort: 'a' }, ctx), undefined)
        assert.deepEqual(await store.getMany([{ partition: 'p', sort: 'a' }], ctx), [undefined])
        assert.deepEqual(toSorts(await store.scan({ partition: 'p' }, ctx)), ['b', 'c'])
        assert.deepEqual(toSorts(await store.scan({ partition: 'p', limit: 1 }, ctx)), ['b'])
        assert.equal(await store.removeExpired(ctx), 1)
        assert.equal(await store.removeExpired(ctx), 0)
        await store.putMany([toEntry('p', 'd', '1')], { ttlMs: 1 }, ctx)
        clock.advance(1)
        assert.equal(await store.putIf(toEntry('p', 'd', '2'), undefined, ctx), true)
      }))

    test('KV6 deleting removes, and what is not there is no error', () =>
      withStore(async (store) => {
        await store.putMany([toEntry('p', 'a', '1'), toEntry('p', 'b', '1')], {}, ctx)
        await store.deleteMany([{ partition: 'p', sort: 'a' }, { partition: 'p', sort: 'none' }], ctx)
        assert.deepEqual(toSorts(await store.scan({ partition: 'p' }, ctx)), ['b'])
        await store.deleteMany([], ctx)
        await store.putMany([], {}, ctx)
      }))

    test('KV7 a scan gives the entries of one partition in UTF-8 order, both ways, by prefix, in pages', () =>
      withStore(async (store) => {
        const sorts = ['', 'a', 'aa', 'ab', 'a\u00ff', 'a\uffff', 'a\u{1f3b5}', 'b', 'ba']
        await store.putMany([...sorts.toReversed().map((sort) => toEntry('p', sort, sort)), toEntry('o', 'z', ''), toEntry('p2', 'a', ''), toEntry('q', '', '')], {}, ctx)
        const scan = async (range: { prefix?: string; after?: string; limit?: number; reverse?: boolean }) => toSorts(await store.scan({ partition: 'p', ...range }, ctx))
        assert.deepEqual(await scan({}), sorts)
        assert.deepEqual(await scan({ reverse: true }), sorts.toReversed())
        assert.deepEqual(await scan({ prefix: 'a' }), sorts.slice(1, 7))
        assert.deepEqual(await scan({ prefix: 'a', reverse: true }), sorts.slice(1, 7).toReversed())
        assert.deepEqual(await scan({ prefix: 'a', after: 'aa', limit: 2 }), ['ab', 'a\u00ff'])
        assert.deepEqual(await scan({ prefix: 'a', after: 'ab', reverse: true }), ['aa', 'a'])
        assert.deepEqual(await scan({ prefix: 'b', after: 'a' }), ['b', 'ba'])
        assert.deepEqual(await scan({ prefix: 'a', after: 'b' }), [])
        assert.deepEqual(await scan({ prefix: 'a', after: 'b', reverse: true, limit: 1 }), ['a\u{1f3b5}'])
        assert.deepEqual(await scan({ after: 'absent' }), sorts.slice(sorts.indexOf('a\u00ff')))
        assert.deepEqual(await scan({ prefix: 'none' }), [])
        assert.deepEqual(await scan({ limit: 0 }), [])
      }))

    test('KV8 a scan gives a thousand entries unless told otherwise', () =>
      withStore(async (store) => {
        await store.putMany(Array.from({ length: 1_005 }, (_, index) => toEntry('p', String(index).padStart(5, '0'), '')), {}, ctx)
        const first = await store.scan({ partition: 'p' }, ctx)
        assert.equal(first.length, 1_000)
        assert.equal((await store.scan({ partition: 'p', after: first.at(-1)?.sort ?? '' }, ctx)).length, 5)
      }))

    test('KV9 keys and values beyond the limits are refused before anything is written', () =>
      withStore(async (store) => {
        const bad = [toEntry('', 's', ''), toEntry('a\0b', 's', ''), toEntry('x'.repeat(513), 's', ''), toEntry('p', '\u00e4'.repeat(257), '')]
        for (const entry of bad) {
          await assert.rejects(store.putMany([toEntry('p', 'good', ''), entry], {}, ctx), { code: 'BAD_KEY' })
          await assert.rejects(store.get(entry, ctx), { code: 'BAD_KEY' })
        }
        await assert.rejects(store.putMany([{ partition: 'p', sort: 's', value: new Uint8Array(16 * 1024 * 1024 + 1) }], {}, ctx), { code: 'VALUE_TOO_LARGE', kind: 'too-large' })
        assert.deepEqual(await store.scan({ partition: 'p' }, ctx), [])
        await store.putMany([toEntry('x'.repeat(512), 'y'.repeat(512), 'longest')], {}, ctx)
        assert.equal(toText((await store.scan({ partition: 'x'.repeat(512) }, ctx))[0]?.value), 'longest')
      }))

    test('KV1 what belongs together is written together or refused, up to what the store says', () =>
      withStore(async (store) => {
        const { maxTogetherBytes, maxValueBytes } = store.capabilities
        assert.ok(maxValueBytes >= 1024 * 1024 && maxTogetherBytes >= maxValueBytes)
        const toEntries = (sizeBytes: number): Entry[] => Array.from({ length: 16 }, (_, index) => ({ partition: 'p', sort: String(index).padStart(2, '0'), value: Buffer.alloc(sizeBytes / 16, 1) }))
        const most = Math.min(maxTogetherBytes, 8 * 1024 * 1024)
        await store.putMany(toEntries(most - 16 * 256), {}, ctx)
        assert.deepEqual(new Set((await store.scan({ partition: 'p' }, ctx)).map(({ value }) => value.byteLength)), new Set([(most - 16 * 256) / 16]))
        if (maxTogetherBytes === Infinity) return
        await assert.rejects(store.putMany([toEntry('other', 's', ''), ...toEntries(maxTogetherBytes + 16)], {}, ctx), { code: 'BATCH_TOO_LARGE', kind: 'too-large' })
        assert.equal(await store.get({ partition: 'other', sort: 's' }, ctx), undefined)
      }))

    test('KV10 a caller that has gone is told so, and a closed store says that it is closed', () =>
      withStore(async (store) => {
        const gone = createCtx({ signal: AbortSignal.abort() })
        await assert.rejects(store.get({ partition: 'p', sort: 's' }, gone), { code: 'CANCELLED' })
        await store.ready(ctx)
        await store.close()
        await store.close()
        await assert.rejects(store.get({ partition: 'p', sort: 's' }, ctx), { code: 'STORE_CLOSED' })
        await assert.rejects(store.putMany([toEntry('p', 's', '')], {}, ctx), { code: 'STORE_CLOSED' })
      }))

    test('KV11 namespaces share no keys', async () => {
      const harness = await createHarness()
      const clock = createManualClock(0)
      const [events, experiments] = [await harness.open({ clock, namespace: 'events' }), await harness.open({ clock, namespace: 'experiments' })]
      await events.putMany([toEntry('p', 's', 'of events')], {}, ctx)
      assert.equal(await experiments.get({ partition: 'p', sort: 's' }, ctx), undefined)
      await events.close()
      await experiments.close()
      await assert.rejects(harness.open({ clock, namespace: '../up' }), { code: 'BAD_NAMESPACE' })
      await harness.dispose()
    })

    test('KV12 a write of before is never seen after a write that came later was reported', () =>
      withStore(async (store) => {
        const writes = Array.from({ length: 50 }, (_, index) => store.putMany([toEntry('p', 's', String(index))], {}, ctx))
        await Promise.all(writes)
        assert.equal(toText(await store.get({ partition: 'p', sort: 's' }, ctx)), '49')
        const mixed = [store.putMany([toEntry('p', 's', 'x')], {}, ctx), store.deleteMany([{ partition: 'p', sort: 's' }], ctx), store.putMany([toEntry('p', 's', 'a')], {}, ctx)]
        await Promise.all(mixed)
        assert.equal(toText(await store.get({ partition: 'p', sort: 's' }, ctx)), 'a')
        await Promise.all([store.putMany([toEntry('p', 's', 'x')], {}, ctx), store.deleteMany([{ partition: 'p', sort: 's' }], ctx)])
        assert.equal(await store.get({ partition: 'p', sort: 's' }, ctx), undefined)
      }))

    test('KV12 of two entries with one key in one call the later stays', () =>
      withStore(async (store) => {
        await store.putMany([toEntry('p', 's', 'z'), toEntry('p', 't', 'x'), toEntry('p', 's', 'a')], {}, ctx)
        assert.equal(toText(await store.get({ partition: 'p', sort: 's' }, ctx)), 'a')
      }))
  })
}

function toEntry(partition: string, sort: string, text: string): Entry {
  return { partition, sort, value: Buffer.from(text) }
}

function toText(value: Uint8Array | undefined): string {
  return Buffer.from(value ?? []).toString()
}

function toSorts(entries: Entry[]): string[] {
  return entries.map((entry) => entry.sort)
}
