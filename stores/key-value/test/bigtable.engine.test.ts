// Bigtable keeps the rules of the store, whatever the clocks say. Each test has an instance of its own: the emulator takes any name.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Bigtable } from '@google-cloud/bigtable'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { createManualClock, systemClock } from '@rondo/time'
import { engineUrl } from '@rondo/tools/engines'
import { openBigtable } from '../src/bigtable/open-bigtable.ts'
import { testKeyValue } from '../src/conformance.ts'
import { openKeyValue, type KeyValue } from '../src/index.ts'
import { toOwnInstance } from './own-instance.ts'

const { url, skip } = engineUrl('bigtable')
const ctx = createCtx()
const KEY = { partition: 'p', sort: 's' }
type Refusal = Error & { code: string; help: string }

describe('bigtable', { skip }, () => {
  testKeyValue('bigtable', async () => {
    const address = toOwnInstance(url)
    return { open: (options) => openKeyValue(address, options), persistent: true, dispose: async () => undefined }
  })

  for (const apartMs of [5_000, -5_000]) {
    it(`KV20 putIf and other writes take effect in their order on a machine whose clock is ${apartMs} ms beside Bigtable's`, async () => {
      const store = await openBigtable(toOwnInstance(url), { clock: createManualClock(0), machineClock: { now: () => systemClock.now() + apartMs }, random: createRandom('bigtable') })
      await store.putMany([toEntry('a')], {}, ctx)
      assert.equal(await store.putIf(toEntry('b'), Buffer.from('a'), ctx), true)
      assert.equal(await readText(store), 'b')
      await store.putMany([toEntry('c')], {}, ctx)
      assert.equal(await readText(store), 'c')
      assert.equal(await store.putIf(toEntry('d'), Buffer.from('c'), ctx), true)
      await store.deleteMany([KEY], ctx)
      assert.equal(await store.get(KEY, ctx), undefined)
      assert.equal(await store.putIf(toEntry('e'), undefined, ctx), true)
      assert.equal(await readText(store), 'e')
      await store.close()
    })
  }

  it('KV32 putIf replaces what a machine wrote whose clock runs ahead, and is replaced by what it writes next', async () => {
    const address = toOwnInstance(url)
    const [ahead, here] = [await openBigtable(address, { clock: createManualClock(0), machineClock: { now: () => systemClock.now() + 5_000 }, random: createRandom('ahead') }), await openKeyValue(address, { clock: createManualClock(0) })]
    await ahead.putMany([toEntry('a')], {}, ctx)
    assert.equal(await here.putIf(toEntry('b'), Buffer.from('a'), ctx), true)
    assert.equal(await readText(ahead), 'b')
    await here.putMany([toEntry('c')], {}, ctx)
    assert.equal(await readText(ahead), 'c')
    await ahead.close()
    await here.close()
  })

  it('KV21 removeExpired leaves nothing of what was deleted or has expired, and does not count what was deleted', async () => {
    const address = toOwnInstance(url)
    const clock = createManualClock(0)
    const store = await openKeyValue(address, { clock })
    await store.putMany([{ ...KEY, sort: 'long', value: Buffer.from('x') }, { ...KEY, sort: 'gone', value: Buffer.from('x') }], {}, ctx)
    await store.putMany(Array.from({ length: 450 }, (_, index) => ({ partition: `p${index}`, sort: 's', value: Buffer.from('x') })), { ttlMs: 10 }, ctx)
    await store.deleteMany([{ ...KEY, sort: 'gone' }, { ...KEY, sort: 'never' }], ctx)
    clock.advance(10)
    assert.equal(await store.removeExpired(ctx), 450)
    assert.equal(await store.removeExpired(ctx), 0)
    assert.deepEqual((await store.scan({ partition: 'p' }, ctx)).map(({ sort }) => sort), ['long'])
    assert.equal(await store.putIf(toEntry('b'), undefined, ctx), true)
    assert.equal(await readText(store), 'b')
    await store.close()
  })

  it('KV16 many that open a new namespace at once find one table, and each sees what the others write', async () => {
    const address = toOwnInstance(url)
    const stores = await Promise.all(Array.from({ length: 6 }, () => openKeyValue(address, { clock: systemClock, namespace: 'of-many' })))
    await Promise.all(stores.map((store, index) => store.putMany([{ partition: 'p', sort: String(index), value: Buffer.from('x') }], {}, ctx)))
    for (const store of stores) assert.equal((await store.scan({ partition: 'p' }, ctx)).length, 6)
    await Promise.all(stores.map((store) => store.close()))
  })

  it("KV15 a machine whose clock is far from Bigtable's is refused", async () => {
    for (const apartMs of [60_000, -60_000]) {
      const opening = openBigtable(toOwnInstance(url), { clock: createManualClock(0), machineClock: { now: () => systemClock.now() + apartMs }, random: createRandom('bigtable') })
      await assert.rejects(opening, ({ code, message, help }: Refusal) => code === 'CLOCKS_APART' && /are (59|60) seconds apart/.test(message) && help.includes('NTP'))
    }
  })

  it('KV17 a call over many partitions is written whole, and read in few requests', async () => {
    const store = await openKeyValue(toOwnInstance(url), { clock: systemClock })
    const entries = Array.from({ length: 2_000 }, (_, index) => ({ partition: `p${index % 100}`, sort: String(index), value: Buffer.alloc(4_000, index) }))
    await store.putMany(entries, {}, ctx)
    assert.deepEqual((await store.getMany(entries, ctx)).map((value) => value?.[0]), entries.map(({ value }) => value[0]))
    await store.close()
  })

  it('KV2 keys of partitions that are read together are not mixed up, whatever is in their sorts', async () => {
    const store = await openKeyValue(toOwnInstance(url), { clock: systemClock })
    const keys = [['p', 'a\0b'], ['q', 'a'], ['q', 'b'], ['r', 'a'], ['r', 'b'], ['t', ''], ['p', '"]']].map(([partition = '', sort = '']) => ({ partition, sort }))
    await store.putMany(keys.map((key) => ({ ...key, value: Buffer.from(`${key.partition}/${key.sort}`) })), {}, ctx)
    assert.deepEqual((await store.getMany([...keys, { partition: 'q', sort: 'a\0b' }], ctx)).map((value) => value?.toString()), [...keys.map(({ partition, sort }) => `${partition}/${sort}`), undefined])
    await store.close()
  })

  it('KV33 a table without our column family is refused with what to do', async () => {
    const address = toOwnInstance(url)
    const { host: project, pathname, searchParams } = new URL(address)
    const bare = new Bigtable({ projectId: project, apiEndpoint: searchParams.get('emulator') ?? '', metricsEnabled: false, clientOptions: { universeDomain: 'googleapis.com' } })
    await bare.instance(pathname.slice(1)).createTable('kv-old', { families: ['other'] })
    await bare.close()
    await assert.rejects(openKeyValue(address, { clock: systemClock, namespace: 'old' }), ({ code, message, help }: Refusal) => code === 'TABLE_DIFFERS' && message.includes('no column family "e"') && help.includes('kv-old'))
  })

  it('KV7 pages of large values and of many expired entries end where they should', async () => {
    const clock = createManualClock(0)
    const store = await openKeyValue(toOwnInstance(url), { clock })
    const toSort = (index: number): string => String(index).padStart(5, '0')
    await store.putMany(Array.from({ length: 3_000 }, (_, index) => ({ partition: 'p', sort: toSort(index), value: Buffer.alloc(10) })), { ttlMs: 10 }, ctx)
    for (let index = 0; index < 3_000; index += 100) await store.putMany([{ partition: 'p', sort: toSort(index), value: Buffer.alloc(300_000, 1) }], {}, ctx)
    clock.advance(10)
    const wanted = Array.from({ length: 30 }, (_, index) => toSort(index * 100))
    assert.deepEqual((await store.scan({ partition: 'p' }, ctx)).map(({ sort }) => sort), wanted)
    assert.deepEqual((await store.scan({ partition: 'p', reverse: true, limit: 3 }, ctx)).map(({ sort }) => sort), wanted.toReversed().slice(0, 3))
    assert.deepEqual((await store.scan({ partition: 'p', prefix: '02', reverse: true }, ctx)).map(({ sort }) => sort), wanted.slice(20).toReversed())
    assert.equal(await store.removeExpired(ctx), 2_970)
    assert.deepEqual((await store.getMany([...wanted, '00001'].map((sort) => ({ partition: 'p', sort })), ctx)).map((value) => value?.byteLength), [...wanted.map(() => 300_000), undefined])
    await store.close()
  })
})

function toEntry(text: string): { partition: string; sort: string; value: Uint8Array } {
  return { ...KEY, value: Buffer.from(text) }
}

async function readText(store: KeyValue): Promise<string> {
  return Buffer.from((await store.get(KEY, ctx)) ?? []).toString()
}
