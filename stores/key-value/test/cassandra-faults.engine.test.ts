// Cassandra dies, is silent, slow, or does what it was asked and cannot say so: what was reported holds, and is done once.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import { openCassandra } from '../src/cassandra/open-cassandra.ts'
import { testEngineFaults, toEntry, untilReady } from './engine-faults.ts'

const ctx = createCtx()

testEngineFaults({ name: 'cassandra', open: openCassandra, silentMs: 500 }, (house) => {
  it('KV19 an engine that is killed in the middle of a batch and comes back has all that was told, each call whole, and the rest arrives', async () => {
    await using store = await house.open('killed', 'giveUpAfterMs=120000')
    const told: number[] = []
    let killed: Promise<void> | undefined
    const calls = Array.from({ length: 400 }, async (_, call) => {
      await store.putMany(Array.from({ length: 5 }, (_, index) => toEntry(`call-${call}`, String(index), `value of ${call}`)), {}, ctx)
      told.push(call)
      if (told.length === 100) killed = house.engine.kill()
    })
    const all = Promise.allSettled(calls)
    while (killed === undefined) await new Promise(setImmediate)
    await killed
    const toldBefore = [...told]
    await assert.rejects(store.ready(ctx), { code: 'KEY_VALUE_UNREACHABLE', kind: 'unavailable' })
    await house.engine.start()
    assert.deepEqual((await all).filter(({ status }) => status === 'rejected'), [])
    await untilReady(store)
    assert.ok(toldBefore.length >= 100)
    for (let call = 0; call < 400; call += 1) {
      const values = (await store.scan({ partition: `call-${call}` }, ctx)).map(({ value }) => Buffer.from(value).toString())
      assert.deepEqual(values, Array(5).fill(`value of ${call}`), `call ${call}, ${toldBefore.includes(call) ? 'told before' : 'told after'} the kill`)
    }
  })
})
