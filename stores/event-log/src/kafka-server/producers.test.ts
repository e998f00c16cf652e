// Idempotent producers: once each, in order, whatever comes again.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CODE, FaceError } from './error-code.ts'
import { createProducers, type Producers } from './producers.ts'

const refusal = (code: number) => (thrown: unknown) => thrown instanceof FaceError && thrown.code === code

function createStore(producers: Producers, owner = 'key'): { stored: number[]; send(sequence: number, producerEpoch?: number, failing?: Promise<number>): Promise<number> } {
  const stored: number[] = []
  return {
    stored,
    send: (sequence, producerEpoch = 0, failing) =>
      producers.once(owner, 't/0', { producerId: 5, producerEpoch, sequence, count: 10 }, async () => {
        if (failing !== undefined) return failing
        stored.push(sequence)
        return stored.length * 100
      }),
  }
}

describe('idempotent producers', () => {
  it('EL57 a batch that comes again is answered with its first place, also while it is being stored', async () => {
    const { send, stored } = createStore(createProducers(0))
    assert.deepEqual(await Promise.all([send(0), send(0)]), [100, 100])
    assert.equal(await send(10), 200)
    assert.equal(await send(0), 100)
    assert.deepEqual(stored, [0, 10])
  })

  it('EL57 a gap is refused, and what failed comes again with the same sequence', async () => {
    const { send, stored } = createStore(createProducers(0))
    await send(0)
    await assert.rejects(send(20), refusal(CODE.outOfOrderSequence))
    await assert.rejects(send(10, 0, Promise.reject(new Error('disk'))), /disk/)
    await assert.rejects(send(20), refusal(CODE.outOfOrderSequence))
    await send(10)
    await send(20)
    assert.deepEqual(stored, [0, 10, 20])
  })

  it('EL57 a new epoch begins at 0 and ends the older one; who is not known, as after a restart, goes on where it is', async () => {
    const producers = createProducers(100)
    const { send, stored } = createStore(producers)
    await send(70)
    await assert.rejects(send(30, 1), refusal(CODE.outOfOrderSequence))
    await send(0, 1)
    await assert.rejects(send(80), refusal(CODE.invalidProducerEpoch))
    assert.deepEqual(stored, [70, 0])
    assert.deepEqual([producers.begin(), producers.begin()], [{ producerId: 101, producerEpoch: 0 }, { producerId: 102, producerEpoch: 0 }])
  })

  it('EL57 memory is bounded: who was longest silent is forgotten', async () => {
    const producers = createProducers(0, 3)
    for (let producerId = 1; producerId <= 4; producerId += 1) await producers.once('key', 't/0', { producerId, producerEpoch: 0, sequence: 0, count: 1 }, async () => 1)
    let stores = 0
    for (const producerId of [4, 1]) await producers.once('key', 't/0', { producerId, producerEpoch: 0, sequence: 0, count: 1 }, async () => (stores += 1))
    assert.equal(stores, 1)
  })

  it('EL72 a producer is its key\'s: another one that sends under its id and a later epoch neither fences it nor is taken for it', async () => {
    const producers = createProducers(0)
    const mine = createStore(producers, 'mine')
    const theirs = createStore(producers, 'theirs')
    await mine.send(0)
    await theirs.send(0, 9)
    await theirs.send(10, 9)
    await mine.send(10)
    assert.equal(await mine.send(0), 100)
    assert.deepEqual([mine.stored, theirs.stored], [[0, 10], [0, 10]])
    await mine.send(0, 1)
    await assert.rejects(mine.send(20), refusal(CODE.invalidProducerEpoch), 'its own later epoch does')
  })

  it('EL72 a key that names thousands of producers makes nobody else forgotten', async () => {
    const producers = createProducers(0, 10)
    const { send, stored } = createStore(producers, 'mine')
    await send(0)
    for (let producerId = 0; producerId < 100; producerId += 1) await producers.once('theirs', 't/0', { producerId, producerEpoch: 0, sequence: 0, count: 1 }, async () => 1)
    assert.equal(await send(0), 100)
    assert.deepEqual(stored, [0])
    for (const [producerId, sequence] of [[-2, 0], [7, -1]] as const) await assert.rejects(producers.once('mine', 't/0', { producerId, producerEpoch: 0, sequence, count: 1 }, async () => 1), refusal(CODE.invalidRecord))
  })
})
