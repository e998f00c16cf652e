// Cassandra keeps the rules of the store, whatever the clocks say. Each test has a keyspace of its own.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { createManualClock, systemClock, type Clock } from '@rondo/time'
import { engineUrl } from '@rondo/tools/engines'
import { openCassandra } from '../src/cassandra/open-cassandra.ts'
import { testKeyValue } from '../src/conformance.ts'
import { openKeyValue, type KeyValue } from '../src/index.ts'
import { withOwnKeyspace, type OwnKeyspace } from './own-keyspace.ts'

const { url, skip } = engineUrl('cassandra')
const ctx = createCtx()
const KEY = { partition: 'p', sort: 's' }
type Refusal = Error & { code: string; help: string }

describe('cassandra', { skip }, () => {
  testKeyValue('cassandra', async () => {
    const own = withOwnKeyspace(url)
    return { open: (options) => openKeyValue(own.address, options), persistent: true, dispose: async () => own[Symbol.asyncDispose]() }
  })

  for (const apartMs of [5_000, -5_000]) {
    it(`KV20 putIf and other writes take effect in their order on a machine whose clock is ${apartMs} ms beside Cassandra's`, async () => {
      await using own = withOwnKeyspace(url)
      const store = await open(own, { now: () => systemClock.now() + apartMs })
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
      await store.deleteMany([KEY], ctx)
      assert.equal(await store.get(KEY, ctx), undefined)
      await store.close()
    })
  }

  it('KV21 with the machine as clock, entries that have expired are cleared away by Cassandra, a day later at the earliest', async () => {
    await using own = withOwnKeyspace(url)
    const store = await openKeyValue(own.address, { clock: systemClock })
    await store.putMany([toEntry('a')], { ttlMs: 60_000 }, ctx)
    const [row] = await own.run(`SELECT ttl(value) AS ttl_s FROM ${own.name}.kv`)
    assert.ok(Number(row?.['ttl_s']) > 24 * 60 * 60 && Number(row?.['ttl_s']) <= 24 * 60 * 60 + 60, String(row?.['ttl_s']))
    await store.putMany([toEntry('b')], {}, ctx)
    assert.deepEqual(await own.run(`SELECT ttl(value) AS ttl_s, ttl(written_us) AS pin_s FROM ${own.name}.kv`), [{ ttl_s: null, pin_s: null }])
    await store.putMany([toEntry('c')], { ttlMs: 100 * 365 * 24 * 60 * 60_000 }, ctx)
    assert.equal(await readText(store), 'c')
    await store.close()
    const simulated = await openKeyValue(own.address, { clock: createManualClock(0) })
    await simulated.putMany([toEntry('d')], { ttlMs: 60_000 }, ctx)
    assert.deepEqual(await own.run(`SELECT ttl(value) AS ttl_s FROM ${own.name}.kv`), [{ ttl_s: null }])
    await simulated.close()
  })

  it('KV21 what putIf wrote over an entry with an end outlives that end, also when Cassandra clears it away', async () => {
    await using own = withOwnKeyspace(url)
    const store = await openKeyValue(own.address, { clock: systemClock })
    await store.putMany([toEntry('a')], { ttlMs: 60_000 }, ctx)
    const [row] = await own.run(`SELECT written_us FROM ${own.name}.kv`)
    assert.equal(await store.putIf(toEntry('b'), Buffer.from('a'), ctx), true)
    assert.deepEqual(await own.run(`SELECT ttl(written_us) AS ttl_s FROM ${own.name}.kv`), [{ ttl_s: null }])
    // As when the time of the value has come, and as removeExpired does that saw the entry before.
    await own.run(`DELETE value, expires_ms, written_us FROM ${own.name}.kv USING TIMESTAMP ${String(row?.['written_us'])} WHERE partition = 'p' AND sort = 's'`)
    assert.deepEqual(await own.run(`SELECT value, expires_ms FROM ${own.name}.kv`), [{ value: null, expires_ms: null }])
    assert.equal(await readText(store), 'b')
    assert.equal(await store.putIf(toEntry('c'), Buffer.from('b'), ctx), true)
    await store.putMany([toEntry('d')], {}, ctx)
    assert.equal(await readText(store), 'd')
    await store.close()
  })

  it('KV21 removeExpired leaves nothing of what was deleted or has expired, and does not count what was deleted', async () => {
    await using own = withOwnKeyspace(url)
    const clock = createManualClock(0)
    const store = await openKeyValue(own.address, { clock })
    assert.equal(await store.putIf(toEntry('a'), undefined, ctx), true)
    await store.putMany([{ ...KEY, sort: 'long', value: Buffer.from('x') }, { ...KEY, sort: 'gone', value: Buffer.from('x') }], {}, ctx)
    await store.putMany([{ ...KEY, sort: 'short', value: Buffer.from('x') }], { ttlMs: 10 }, ctx)
    await store.deleteMany([KEY, { ...KEY, sort: 'gone' }, { ...KEY, sort: 'never' }], ctx)
    clock.advance(10)
    assert.equal(await store.removeExpired(ctx), 1)
    assert.deepEqual(await own.run(`SELECT sort FROM ${own.name}.kv`), [{ sort: 'long' }])
    assert.equal(await store.putIf(toEntry('b'), undefined, ctx), true)
    assert.equal(await readText(store), 'b')
    await store.close()
  })

  it('KV16 many that open a new namespace at once find one table, and each sees what the others write', async () => {
    await using own = withOwnKeyspace(url)
    const stores = await Promise.all(Array.from({ length: 6 }, () => openKeyValue(own.address, { clock: systemClock, namespace: 'of-many' })))
    await Promise.all(stores.map((store, index) => store.putMany([{ partition: 'p', sort: String(index), value: Buffer.from('x') }], {}, ctx)))
    for (const store of stores) assert.equal((await store.scan({ partition: 'p' }, ctx)).length, 6)
    assert.deepEqual(await own.run(`SELECT table_name FROM system_schema.tables WHERE keyspace_name = '${own.name}'`), [{ table_name: 'kv_of_many' }])
    await Promise.all(stores.map((store) => store.close()))
  })

  it('KV16 a namespace whose table was dropped is made anew, and is empty', async () => {
    await using own = withOwnKeyspace(url)
    for (let round = 0; round < 2; round += 1) {
      const store = await openKeyValue(own.address, { clock: systemClock })
      assert.equal(await store.get(KEY, ctx), undefined)
      await store.putMany([toEntry('a')], {}, ctx)
      await store.close()
      await own.run(`DROP TABLE ${own.name}.kv`)
    }
  })

  it('KV15 a missing keyspace, an unknown datacenter and a table of another shape are refused with what to do', async () => {
    await using own = withOwnKeyspace(url)
    const bare = own.address.replace('?replication=1', '')
    await assert.rejects(openKeyValue(bare, { clock: systemClock }), ({ code, help }: Refusal) => code === 'KEYSPACE_MISSING' && help.includes(`CREATE KEYSPACE ${own.name}`) && help.includes('?replication=3'))
    await assert.rejects(openKeyValue(`${own.address}&datacenter=moon`, { clock: systemClock }), ({ code, message }: Refusal) => code === 'BAD_STORE_ADDRESS' && message.includes('moon') && message.includes('datacenter1'))
    await (await openKeyValue(own.address, { clock: systemClock })).close()
    await own.run(`CREATE TABLE ${own.name}.kv_old (partition text, sort blob, value blob, PRIMARY KEY (partition, sort))`)
    await assert.rejects(openKeyValue(bare, { clock: systemClock, namespace: 'old' }), ({ code, message, help }: Refusal) => code === 'TABLE_DIFFERS' && message.includes('"sort" is "blob') && help.includes(`DROP TABLE ${own.name}.kv_old`))
  })

  it('KV15 a machine whose clock is far from Cassandra\'s is refused', async () => {
    await using own = withOwnKeyspace(url)
    for (const apartMs of [60_000, -60_000]) {
      await assert.rejects(open(own, { now: () => systemClock.now() + apartMs }), ({ code, message, help }: Refusal) => code === 'CLOCKS_APART' && /are (59|60) seconds apart/.test(message) && help.includes('NTP'))
    }
  })

  it('KV22 a consistency that lets a read miss a write is told by the capabilities', async () => {
    await using own = withOwnKeyspace(url)
    for (const [consistency, readsOwnWrites] of [['one', false], ['local_one', false], ['local_quorum', true], ['quorum', true], ['all', true]] as const) {
      const store = await openKeyValue(`${own.address}&consistency=${consistency}`, { clock: systemClock })
      assert.equal(store.capabilities.readsOwnWrites, readsOwnWrites, consistency)
      await store.putMany([toEntry(consistency)], {}, ctx)
      assert.equal(await store.putIf(toEntry(`${consistency}!`), Buffer.from(consistency), ctx), true)
      assert.equal(await readText(store), `${consistency}!`)
      await store.close()
    }
  })

  it('KV22 whether what was reported survives a loss of power is asked of the node', async () => {
    await using own = withOwnKeyspace(url)
    const store = await openKeyValue(own.address, { clock: systemClock })
    const [row] = await own.run("SELECT value FROM system_views.settings WHERE name = 'commitlog_sync'")
    assert.equal(store.capabilities.survivesPowerLoss, ['batch', 'group'].includes(String(row?.['value'])))
    await store.close()
  })

  it('KV17 a call over many partitions, far above what Cassandra takes as one batch, is written whole', async () => {
    await using own = withOwnKeyspace(url)
    const store = await openKeyValue(own.address, { clock: systemClock })
    const entries = Array.from({ length: 2_000 }, (_, index) => ({ partition: `p${index % 100}`, sort: String(index), value: Buffer.alloc(4_000, index) }))
    await store.putMany(entries, {}, ctx)
    assert.deepEqual((await store.getMany(entries, ctx)).map((value) => value?.[0]), entries.map(({ value }) => value[0]))
    await store.close()
  })

  it('KV7 pages of large values and of many expired entries end where they should', async () => {
    await using own = withOwnKeyspace(url)
    const clock = createManualClock(0)
    const store = await openKeyValue(own.address, { clock })
    const toSort = (index: number): string => String(index).padStart(5, '0')
    await store.putMany(Array.from({ length: 3_000 }, (_, index) => ({ partition: 'p', sort: toSort(index), value: Buffer.alloc(10) })), { ttlMs: 10 }, ctx)
    for (let index = 0; index < 3_000; index += 100) await store.putMany([{ partition: 'p', sort: toSort(index), value: Buffer.alloc(300_000, 1) }], {}, ctx)
    clock.advance(10)
    const wanted = Array.from({ length: 30 }, (_, index) => toSort(index * 100))
    assert.deepEqual((await store.scan({ partition: 'p' }, ctx)).map(({ sort }) => sort), wanted)
    assert.deepEqual((await store.scan({ partition: 'p', reverse: true, limit: 3 }, ctx)).map(({ sort }) => sort), wanted.toReversed().slice(0, 3))
    assert.equal(await store.removeExpired(ctx), 2_970)
    assert.deepEqual((await store.getMany([...wanted, '00001'].map((sort) => ({ partition: 'p', sort })), ctx)).map((value) => value?.byteLength), [...wanted.map(() => 300_000), undefined])
    await store.close()
  })
})

function open(own: OwnKeyspace, machineClock: Clock): Promise<KeyValue> {
  return openCassandra(own.address, { clock: createManualClock(0), machineClock, random: createRandom('cassandra') })
}

function toEntry(text: string): { partition: string; sort: string; value: Uint8Array } {
  return { ...KEY, value: Buffer.from(text) }
}

async function readText(store: KeyValue): Promise<string> {
  return Buffer.from((await store.get(KEY, ctx)) ?? []).toString()
}
