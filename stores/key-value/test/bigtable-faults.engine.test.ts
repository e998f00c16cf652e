// Bigtable is away, silent, slow, or does what it was asked and cannot say so: what was reported holds, and is done once.
//
// Its emulator keeps everything in memory, so what survives its death is not to be asked here: that is Google's to keep.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import { openBigtable } from '../src/bigtable/open-bigtable.ts'
import { readText, testEngineFaults, toEntry, untilReady } from './engine-faults.ts'

const ctx = createCtx()

testEngineFaults({ name: 'bigtable', open: openBigtable, silentMs: 1_500 }, (house) => {
  it('KV19 connections that are cut in the middle of a batch lose nothing that was told, each call is whole, and the rest arrives', async () => {
    await using store = await house.open('cut', 'giveUpAfterMs=120000')
    let told = 0
    const calls = Array.from({ length: 400 }, async (_, call) => {
      await store.putMany(Array.from({ length: 5 }, (_, index) => toEntry(`call-${call}`, String(index), `value of ${call}`)), {}, ctx)
      told += 1
      if (told === 100 || told === 250) house.proxy.cut()
    })
    assert.deepEqual((await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected'), [])
    for (let call = 0; call < 400; call += 1) {
      const values = (await store.scan({ partition: `call-${call}` }, ctx)).map(({ value }) => Buffer.from(value).toString())
      assert.deepEqual(values, Array(5).fill(`value of ${call}`), `call ${call}`)
    }
  })

  it('KV19 an engine that was killed is told by ready and by calls, until it is back; a store that is opened then makes its table', async () => {
    await using store = await house.open('killed', 'giveUpAfterMs=300')
    await house.engine.kill()
    await assert.rejects(store.ready(ctx), { code: 'KEY_VALUE_UNREACHABLE', kind: 'unavailable' })
    await assert.rejects(store.get({ partition: 'p', sort: 's' }, ctx), { code: 'KEY_VALUE_UNREACHABLE' })
    await house.engine.start()
    await using again = await house.open('killed')
    await again.putMany([toEntry('p', 's', 'new')], {}, ctx)
    await untilReady(store)
    assert.equal(await readText(store, 'p', 's'), 'new')
  })
})
