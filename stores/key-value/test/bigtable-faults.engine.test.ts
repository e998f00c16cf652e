// Bigtable is away, silent, slow, or does what it was asked and cannot say so: what was reported holds, and is done once.
//
// Its emulator keeps everything in memory, so what survives its death is not to be asked here: that is Google's to keep.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { createFaultProxy, type FaultProxy } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { engineUrl, startEngine, type StartedEngine } from '@rondo/tools/engines'
import { openBigtable } from '../src/bigtable/open-bigtable.ts'
import type { Entry, KeyValue } from '../src/index.ts'

const { skip } = engineUrl('bigtable')
const ctx = createCtx()

describe('bigtable faults', { skip }, () => {
  let engine: StartedEngine
  let proxy: FaultProxy
  before(async () => {
    engine = await startEngine('bigtable')
    proxy = await createFaultProxy(engine.proxy)
  })
  after(async () => {
    await proxy[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  /** Through the proxy; retries wait for no time, but until a connection may have come. */
  const open = async (namespace: string, parameters = ''): Promise<KeyValue & AsyncDisposable> => {
    const wait = (): Promise<unknown> => new Promise(setImmediate)
    const store = await openBigtable(`${engine.urlAt(proxy.port)}${parameters}`, { clock: createManualClock(0), namespace, random: createRandom(namespace), wait })
    return { ...store, [Symbol.asyncDispose]: () => store.close() }
  }
  /** The request that carries these bytes. */
  const carries =
    (text: string) =>
    (bytes: Buffer): boolean =>
      bytes.includes(text)

  it('KV18 writes, deletes and reads whose answers were lost are done, in their order', async () => {
    await using store = await open('lost-plain')
    const lostBatch = proxy.loseAnswer({ request: carries('first-a') })
    await store.putMany(['first-a', 'first-b', 'first-c'].map((text) => toEntry('p', text, text)), {}, ctx)
    await lostBatch
    assert.equal((await store.scan({ partition: 'p' }, ctx)).length, 3)
    const lostRows = proxy.loseAnswer({ request: carries('of many') })
    await store.putMany(['q', 'r', 't'].map((partition) => toEntry(partition, 's', 'of many')), {}, ctx)
    await lostRows
    assert.equal(await readText(store, 't', 's'), 'of many')
    const lostPut = proxy.loseAnswer({ request: carries('older') })
    const older = store.putMany([toEntry('p', 's', 'older')], {}, ctx)
    const newer = store.putMany([toEntry('p', 's', 'newer')], {}, ctx)
    await Promise.all([older, newer, lostPut])
    assert.equal(await readText(store, 'p', 's'), 'newer')
    const lostDelete = proxy.loseAnswer({ request: carries('first-b') })
    await store.deleteMany([{ partition: 'p', sort: 'first-b' }], ctx)
    await lostDelete
    const lostScan = proxy.loseAnswer({ request: carries('first-') })
    assert.deepEqual((await store.scan({ partition: 'p', prefix: 'first-' }, ctx)).map(({ sort }) => sort), ['first-a', 'first-c'])
    await lostScan
  })

  it('KV18 a putIf whose answer was lost knows that it was the one, and of a refusal that it was not', async () => {
    await using store = await open('lost-condition')
    const lost = proxy.loseAnswer({ request: carries('ours') })
    assert.equal(await store.putIf(toEntry('p', 's', 'ours'), undefined, ctx), true)
    await lost
    assert.equal(await readText(store, 'p', 's'), 'ours')
    assert.equal(await store.putIf(toEntry('p', 's', 'theirs'), undefined, ctx), false)
    const lostAgain = proxy.loseAnswer({ request: carries('next') })
    assert.equal(await store.putIf(toEntry('p', 's', 'next'), Buffer.from('ours'), ctx), true)
    await lostAgain
    assert.equal(await readText(store, 'p', 's'), 'next')
  })

  it('KV18 counting by two with answers lost on the way counts everything once', async () => {
    await using one = await open('lost-counts')
    await using other = await open('lost-counts')
    const key = { partition: 'p', sort: 'n' }
    const increment = async (store: KeyValue): Promise<void> => {
      for (;;) {
        const current = await store.get(key, ctx)
        const next = `count ${Number(Buffer.from(current ?? []).toString().replace('count ', '')) + 1}`
        if (await store.putIf({ ...key, value: Buffer.from(next) }, current, ctx)) return
      }
    }
    const lost = ['count 2', 'count 5', 'count 6', 'count 9'].map((text) => proxy.loseAnswer({ request: carries(text) }))
    const countTo = async (store: KeyValue): Promise<void> => {
      for (let index = 0; index < 8; index += 1) await increment(store)
    }
    await Promise.all([countTo(one), countTo(other)])
    await Promise.all(lost)
    assert.equal(await readText(one, 'p', 'n'), 'count 16')
  })

  it('KV19 connections that are cut in the middle of a batch lose nothing that was told, each call is whole, and the rest arrives', async () => {
    await using store = await open('cut', '&giveUpAfterMs=120000')
    let told = 0
    const calls = Array.from({ length: 400 }, async (_, call) => {
      await store.putMany(Array.from({ length: 5 }, (_, index) => toEntry(`call-${call}`, String(index), `value of ${call}`)), {}, ctx)
      told += 1
      if (told === 100 || told === 250) proxy.cut()
    })
    assert.deepEqual((await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected'), [])
    for (let call = 0; call < 400; call += 1) {
      const values = (await store.scan({ partition: `call-${call}` }, ctx)).map(({ value }) => Buffer.from(value).toString())
      assert.deepEqual(values, Array(5).fill(`value of ${call}`), `call ${call}`)
    }
  })

  it('KV19 an engine that stays away makes every call fail with its address, and is there again by itself', async () => {
    await using store = await open('away', '&giveUpAfterMs=300')
    await store.putMany([toEntry('p', 's', 'kept')], {}, ctx)
    proxy.close()
    const key = { partition: 'p', sort: 's' }
    const calls = [() => store.get(key, ctx), () => store.getMany([key, { ...key, sort: 't' }], ctx), () => store.putMany([toEntry('p', 't', 'x')], {}, ctx), () => store.putMany([toEntry('q', 't', 'x'), toEntry('r', 't', 'x')], {}, ctx), () => store.putIf(toEntry('p', 't', 'x'), undefined, ctx), () => store.deleteMany([key], ctx), () => store.scan({ partition: 'p' }, ctx), () => store.removeExpired(ctx), () => store.ready(ctx)]
    for (const call of calls) await assert.rejects(call(), ({ code, message }: Error & { code: string }) => code === 'KEY_VALUE_UNREACHABLE' && message.includes(`127.0.0.1:${proxy.port}`))
    proxy.open()
    await untilReady(store)
    assert.equal(await readText(store, 'p', 't'), '')
    assert.equal(await readText(store, 'p', 's'), 'kept')
  })

  it('KV19 a caller that leaves waits for no engine, and closing ends what is under way', async () => {
    await using store = await open('leaving')
    engine.pause()
    const leaving = new AbortController()
    const read = assert.rejects(store.get({ partition: 'p', sort: 's' }, createCtx({ signal: leaving.signal })), { code: 'CANCELLED' })
    const left = assert.rejects(store.putMany([toEntry('p', 's', 'x')], {}, ctx), { code: 'STORE_CLOSED' })
    leaving.abort()
    await read
    await store.close()
    await left
    engine.resume()
  })

  it('KV19 a slow engine is waited for', async () => {
    await using store = await open('slow')
    proxy.setDelayMs(30)
    await store.putMany([toEntry('p', 's', 'slow')], {}, ctx)
    assert.equal(await readText(store, 'p', 's'), 'slow')
    assert.equal(await store.putIf(toEntry('p', 's', 'slower'), Buffer.from('slow'), ctx), true)
    proxy.setDelayMs(0)
  })

  it('KV19 an engine that holds its connections and says nothing is given up, and tried again', async () => {
    await using store = await open('silent', '&timeoutMs=1500')
    engine.pause()
    // A signal needs a moment to reach every thread.
    while (await store.ready(ctx).then(() => true, () => false));
    const put = store.putMany([toEntry('p', 's', 'patient')], {}, ctx)
    await assert.rejects(store.ready(ctx), { code: 'KEY_VALUE_UNREACHABLE' })
    engine.resume()
    await put
    assert.equal(await readText(store, 'p', 's'), 'patient')
  })

  it('KV19 an engine that was killed is told by ready and by calls, until it is back; a store that is opened then makes its table', async () => {
    await using store = await open('killed', '&giveUpAfterMs=300')
    await engine.kill()
    await assert.rejects(store.ready(ctx), { code: 'KEY_VALUE_UNREACHABLE', kind: 'unavailable' })
    await assert.rejects(store.get({ partition: 'p', sort: 's' }, ctx), { code: 'KEY_VALUE_UNREACHABLE' })
    await engine.start()
    await using again = await open('killed')
    await again.putMany([toEntry('p', 's', 'new')], {}, ctx)
    await untilReady(store)
    assert.equal(await readText(store, 'p', 's'), 'new')
  })
})

async function untilReady(store: KeyValue): Promise<void> {
  while (await store.ready(ctx).then(() => false, () => true)) await new Promise(setImmediate)
}

function toEntry(partition: string, sort: string, text: string): Entry {
  return { partition, sort, value: Buffer.from(text) }
}

async function readText(store: KeyValue, partition: string, sort: string): Promise<string> {
  return Buffer.from((await store.get({ partition, sort }, ctx)) ?? []).toString()
}
