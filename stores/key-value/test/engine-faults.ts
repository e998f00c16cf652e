// What holds for every engine that is away, silent, slow, or does what it was asked and cannot say so: what was reported holds, and is done once.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { createFaultProxy, type FaultProxy } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { engineUrl, startEngine, type StartedEngine } from '@rondo/tools/engines'
import type { CallOptions } from '../src/engine/calls.ts'
import type { Entry, KeyValue, KeyValueOptions } from '../src/index.ts'

const ctx = createCtx()

export type FaultHouse = {
  readonly engine: StartedEngine
  readonly proxy: FaultProxy
  /** Through the proxy, with parameters as "name=value&…"; retries wait for no time, but until a connection may have come. */
  open(namespace: string, parameters?: string): Promise<KeyValue & AsyncDisposable>
}

export type FaultyEngine = {
  name: 'cassandra' | 'bigtable'
  open(address: string, options: KeyValueOptions & CallOptions): Promise<KeyValue>
  /** Timeout of requests to an engine that says nothing. */
  silentMs: number
}

/** `more` declares what only this engine is asked. */
export function testEngineFaults({ name, open: openStore, silentMs }: FaultyEngine, more: (house: FaultHouse) => void): void {
  describe(`${name} faults`, { skip: engineUrl(name).skip }, () => {
    let engine: StartedEngine
    let proxy: FaultProxy
    before(async () => {
      engine = await startEngine(name)
      proxy = await createFaultProxy(engine.proxy)
    })
    after(async () => {
      await proxy[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
    })
    const house: FaultHouse = {
      get engine() {
        return engine
      },
      get proxy() {
        return proxy
      },
      async open(namespace, parameters = '') {
        const wait = (): Promise<unknown> => new Promise(setImmediate)
        const address = engine.urlAt(proxy.port)
        const store = await openStore(`${address}${address.includes('?') ? '&' : '?'}${parameters}`, { clock: createManualClock(0), namespace, random: createRandom(namespace), wait })
        return { ...store, [Symbol.asyncDispose]: () => store.close() }
      },
    }
    testFaults(house, silentMs)
    more(house)
  })
}

function testFaults(house: FaultHouse, silentMs: number): void {
  const { open } = house
  /** The request that carries these bytes. */
  const carries =
    (text: string) =>
    (bytes: Buffer): boolean =>
      bytes.includes(text)

  it('KV18 writes, deletes and reads whose answers were lost are done, in their order', async () => {
    await using store = await open('lost-plain')
    const lostBatch = house.proxy.loseAnswer({ request: carries('first-a') })
    await store.putMany(['first-a', 'first-b', 'first-c'].map((text) => toEntry('p', text, text)), {}, ctx)
    await lostBatch
    assert.equal((await store.scan({ partition: 'p' }, ctx)).length, 3)
    const lostRows = house.proxy.loseAnswer({ request: carries('of many') })
    await store.putMany(['q', 'r', 't'].map((partition) => toEntry(partition, 's', 'of many')), {}, ctx)
    await lostRows
    assert.equal(await readText(store, 't', 's'), 'of many')
    const lostPut = house.proxy.loseAnswer({ request: carries('older') })
    const older = store.putMany([toEntry('p', 's', 'older')], {}, ctx)
    const newer = store.putMany([toEntry('p', 's', 'newer')], {}, ctx)
    await Promise.all([older, newer, lostPut])
    assert.equal(await readText(store, 'p', 's'), 'newer')
    const lostDelete = house.proxy.loseAnswer({ request: carries('first-b') })
    await store.deleteMany([{ partition: 'p', sort: 'first-b' }], ctx)
    await lostDelete
    const lostScan = house.proxy.loseAnswer({ request: carries('first-') })
    assert.deepEqual((await store.scan({ partition: 'p', prefix: 'first-' }, ctx)).map(({ sort }) => sort), ['first-a', 'first-c'])
    await lostScan
  })

  it('KV18 a putIf whose answer was lost knows that it was the one, and of a refusal that it was not', async () => {
    await using store = await open('lost-condition')
    const lost = house.proxy.loseAnswer({ request: carries('ours') })
    assert.equal(await store.putIf(toEntry('p', 's', 'ours'), undefined, ctx), true)
    await lost
    assert.equal(await readText(store, 'p', 's'), 'ours')
    assert.equal(await store.putIf(toEntry('p', 's', 'theirs'), undefined, ctx), false)
    const lostAgain = house.proxy.loseAnswer({ request: carries('next') })
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
    const lost = ['count 2', 'count 5', 'count 6', 'count 9'].map((text) => house.proxy.loseAnswer({ request: carries(text) }))
    const countTo = async (store: KeyValue): Promise<void> => {
      for (let index = 0; index < 8; index += 1) await increment(store)
    }
    await Promise.all([countTo(one), countTo(other)])
    await Promise.all(lost)
    assert.equal(await readText(one, 'p', 'n'), 'count 16')
  })

  it('KV19 an engine that stays away makes every call fail with its address, and is there again by itself', async () => {
    await using store = await open('away', 'giveUpAfterMs=300')
    await store.putMany([toEntry('p', 's', 'kept')], {}, ctx)
    house.proxy.close()
    const key = { partition: 'p', sort: 's' }
    const calls = [() => store.get(key, ctx), () => store.getMany([key, { ...key, sort: 't' }], ctx), () => store.putMany([toEntry('p', 't', 'x')], {}, ctx), () => store.putMany([toEntry('q', 't', 'x'), toEntry('r', 't', 'x')], {}, ctx), () => store.putIf(toEntry('p', 't', 'x'), undefined, ctx), () => store.deleteMany([key], ctx), () => store.scan({ partition: 'p' }, ctx), () => store.removeExpired(ctx), () => store.ready(ctx)]
    for (const call of calls) await assert.rejects(call(), ({ code, message }: Error & { code: string }) => code === 'KEY_VALUE_UNREACHABLE' && message.includes(`127.0.0.1:${house.proxy.port}`))
    house.proxy.open()
    await untilReady(store)
    assert.equal(await readText(store, 'p', 't'), '')
    assert.equal(await readText(store, 'p', 's'), 'kept')
  })

  it('KV19 a caller that leaves waits for no engine, and closing ends what is under way', async () => {
    await using store = await open('leaving')
    house.engine.pause()
    const leaving = new AbortController()
    const read = assert.rejects(store.get({ partition: 'p', sort: 's' }, createCtx({ signal: leaving.signal })), { code: 'CANCELLED' })
    const left = assert.rejects(store.putMany([toEntry('p', 's', 'x')], {}, ctx), { code: 'STORE_CLOSED' })
    leaving.abort()
    await read
    await store.close()
    await left
    house.engine.resume()
  })

  it('KV19 a slow engine is waited for', async () => {
    await using store = await open('slow')
    house.proxy.setDelayMs(30)
    await store.putMany([toEntry('p', 's', 'slow')], {}, ctx)
    assert.equal(await readText(store, 'p', 's'), 'slow')
    assert.equal(await store.putIf(toEntry('p', 's', 'slower'), Buffer.from('slow'), ctx), true)
    house.proxy.setDelayMs(0)
  })

  it('KV19 an engine that holds its connections and says nothing is given up, and tried again', async () => {
    await using store = await open('silent', `timeoutMs=${silentMs}`)
    house.engine.pause()
    // A signal needs a moment to reach every thread.
    while (await store.ready(ctx).then(() => true, () => false));
    const put = store.putMany([toEntry('p', 's', 'patient')], {}, ctx)
    await assert.rejects(store.ready(ctx), { code: 'KEY_VALUE_UNREACHABLE' })
    house.engine.resume()
    await put
    assert.equal(await readText(store, 'p', 's'), 'patient')
  })
}

export async function untilReady(store: KeyValue): Promise<void> {
  while (await store.ready(ctx).then(() => false, () => true)) await new Promise(setImmediate)
}

export function toEntry(partition: string, sort: string, text: string): Entry {
  return { partition, sort, value: Buffer.from(text) }
}

export async function readText(store: KeyValue, partition: string, sort: string): Promise<string> {
  return Buffer.from((await store.get({ partition, sort }, ctx)) ?? []).toString()
}
