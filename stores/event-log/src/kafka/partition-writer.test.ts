// What a partition's writer does with every kind of answer: each record once, and no append rejected whose records may still appear.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as client from '@platformatic/kafka'
import type { AppError } from '@rondo/errors'
import { decodeRecords, listBatches } from './decode-batches.ts'
import type { Identity } from './encode-batch.ts'
import { CODE } from './kafka-failure.ts'
import { parseKafkaAddress } from './parse-kafka-address.ts'
import { createPartitionWriter, type PartitionWriter, type WriterDeps } from './partition-writer.ts'
import { fromRecords, type RecordSource } from './record-source.ts'

const PLACE = { topic: 'kafka.t', partition: 0 }
const LEADER_MOVED = 6
const NOT_ALLOWED = 29

/** "lost": no answer. "unsent": no connection. A number: that code. "ok": written at the next offset. */
type Step = 'ok' | 'lost' | 'unsent' | number

type Sent = { keys: string[]; sequence: number; producerId: bigint }

function createWriter(steps: Step[], options: { found?: number; parameters?: string } = {}): { writer: PartitionWriter; sent: Sent[]; giveUp: () => void } {
  const sent: Sent[] = []
  const giving = new AbortController()
  let end = 100
  let producers = 0n
  let shared: Identity | undefined
  const deps: WriterDeps = {
    cluster: { client, address: parseKafkaAddress(`kafka://a?${options.parameters ?? ''}`), distrust: () => undefined },
    courier: {
      async send({ batch }, onSent) {
        const step = steps.shift() ?? 'ok'
        if (step === 'unsent') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
        onSent()
        const [header] = [...listBatches(batch)]
        assert.ok(header)
        sent.push({ keys: decodeRecords(batch, { ...PLACE, offset: 0 }, { maxRecords: Infinity, maxBytes: Infinity }, client).map(({ key }) => key), sequence: header.sequence, producerId: header.producerId })
        if (step === 'lost') throw Object.assign(new Error('Connection closed'), { code: 'PLT_KFK_NETWORK' })
        if (step !== 'ok') return { ...PLACE, code: step, baseOffset: -1, message: '' }
        const baseOffset = end
        end += header.count
        return { ...PLACE, code: CODE.none, baseOffset, message: '' }
      },
    },
    nextTurn: () => Promise.resolve(),
    identify: async (renew) => {
      const made = (): Identity => ({ producerId: (producers += 1n), producerEpoch: 0 })
      return renew ? made() : (shared ??= made())
    },
    findEnd: async () => end,
    async findBatch(_, from) {
      assert.equal(from, end)
      return options.found
    },
    givingUp: giving.signal,
    topicName: 't',
  }
  return { writer: createPartitionWriter(PLACE, deps), sent, giveUp: () => giving.abort() }
}

function records(...keys: string[]): RecordSource {
  return fromRecords(keys.map((key) => ({ key, value: new Uint8Array(100) })))
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(String, (error: AppError) => error.code)
}

describe('the writer of a partition', () => {
  it('EL28 sends a batch whose answer was lost again, with the same sequence, and goes on behind it', async () => {
    const { writer, sent } = createWriter(['lost', 'lost', 'ok', 'ok'])
    assert.equal(await writer.append(records('a', 'b'), 1, 10_000), 100)
    assert.equal(await writer.append(records('c'), 1, 10_000), 102)
    assert.deepEqual(sent.map(({ keys, sequence }) => [keys.join(), sequence]), [['a,b', 0], ['a,b', 0], ['a,b', 0], ['c', 2]])
  })

  it('EL28 who waits shares the next batch, in order, as far as it holds', async () => {
    const { writer, sent } = createWriter([])
    const offsets = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => writer.append(records(key), 1, 450)))
    assert.deepEqual(offsets, [100, 101, 102, 103, 104])
    assert.deepEqual(sent.map(({ keys }) => keys.join()), ['a,b,c', 'd,e'])
  })

  it('EL4 records of one call are contiguous over many batches', async () => {
    const { writer, sent } = createWriter(['ok', 'lost', 'ok'])
    const [many, one] = await Promise.all([writer.append(records('a', 'b', 'c', 'd'), 1, 450), writer.append(records('x'), 1, 450)])
    assert.deepEqual([many, one], [100, 104])
    assert.deepEqual(sent.map(({ keys, sequence }) => [keys.join(), sequence]), [['a,b,c', 0], ['d,x', 3], ['d,x', 3]])
  })

  it('EL28 a producer that the broker no longer knows: what it wrote is found, and counts', async () => {
    const { writer, sent } = createWriter(['ok', CODE.outOfOrderSequence], { found: 101 })
    await writer.append(records('a'), 1, 10_000)
    assert.equal(await writer.append(records('b'), 1, 10_000), 101)
    assert.equal(sent.length, 2)
  })

  it('EL28 a batch whose answer was lost is not sent again when it is found: the broker may have forgotten its producer', async () => {
    const { writer, sent } = createWriter(['lost'], { found: 100 })
    assert.equal(await writer.append(records('a', 'b'), 1, 10_000), 100)
    assert.equal(sent.length, 1)
  })

  it('EL28 a producer that the broker no longer knows: what is not found is written by a new one, from its first sequence', async () => {
    const { writer, sent } = createWriter(['ok', CODE.unknownProducerId, 'ok', 'ok'])
    await writer.append(records('a'), 1, 10_000)
    assert.equal(await writer.append(records('b'), 1, 10_000), 101)
    await writer.append(records('c'), 1, 10_000)
    assert.deepEqual(sent.map(({ producerId, sequence }) => [producerId, sequence]), [[1n, 0], [1n, 1], [2n, 0], [2n, 1]])
  })

  it('EL28 a leader that moved has written nothing: the batch is made anew with who came meanwhile', async () => {
    const { writer, sent } = createWriter([LEADER_MOVED])
    const first = writer.append(records('a'), 1, 10_000)
    await new Promise((resolve) => void setImmediate(resolve))
    const second = writer.append(records('b'), 1, 10_000)
    assert.deepEqual(await Promise.all([first, second]), [100, 101])
    assert.deepEqual(sent.map(({ keys, sequence }) => [keys.join(), sequence]), [['a', 0], ['a,b', 0]])
  })

  it('EL28 a refusal by the broker is told; after a lost answer it leaves a doubt', async () => {
    const { writer } = createWriter([NOT_ALLOWED, 'lost', NOT_ALLOWED, 'ok'])
    assert.equal(await refusal(writer.append(records('a'), 1, 10_000)), 'LOG_ENGINE_REFUSED')
    assert.equal(await refusal(writer.append(records('b'), 1, 10_000)), 'APPEND_IN_DOUBT')
    assert.equal(await writer.append(records('c'), 1, 10_000), 100)
  })

  for (const [code, words] of [[CODE.storageFailed, 'the disk failed'], [CODE.unknown, 'something broke']] as const) {
    it(`EL41 ${words} in the middle of an append: what may be on the disk is sent again as it was, alone, and never told as refused`, async () => {
      const { writer, sent } = createWriter(['ok', code, code, 'lost', 'ok', 'ok'])
      await writer.append(records('a'), 1, 10_000)
      const first = writer.append(records('b'), 1, 10_000)
      await new Promise((resolve) => void setImmediate(resolve))
      const second = writer.append(records('c'), 1, 10_000)
      assert.deepEqual(await Promise.all([first, second]), [101, 102])
      assert.deepEqual(sent.map(({ keys, sequence }) => [keys.join(), sequence]), [['a', 0], ['b', 1], ['b', 1], ['b', 1], ['b', 1], ['c', 2]])
      const stuck = createWriter(Array<Step>(500).fill(code))
      const never = stuck.writer.append(records('a'), 1, 10_000)
      await new Promise((resolve) => void setImmediate(resolve))
      stuck.giveUp()
      assert.equal(await refusal(never), 'APPEND_IN_DOUBT')
    })
  }

  it('EL6 a topic whose limit was lowered meanwhile refuses by name', async () => {
    const { writer } = createWriter([CODE.messageTooLarge])
    assert.equal(await refusal(writer.append(records('a'), 1, 10_000)), 'RECORD_TOO_LARGE')
  })

  it('EL20 what was never sent is given up after its time; what a first batch of the same call wrote leaves a doubt', async () => {
    const unsent = createWriter(Array<Step>(50).fill('unsent'), { parameters: 'timeoutMs=100' })
    assert.equal(await refusal(unsent.writer.append(records('a'), 1, 10_000)), 'LOG_UNAVAILABLE')
    const half = createWriter(['ok', NOT_ALLOWED])
    assert.equal(await refusal(half.writer.append(records('a', 'b', 'c', 'd'), 1, 450)), 'APPEND_IN_DOUBT')
  })

  it('EL15 giving up answers everybody: who may have written is in doubt, the others are refused', async () => {
    const { writer, giveUp } = createWriter(Array<Step>(500).fill('lost'))
    const first = writer.append(records('a', 'b', 'c', 'd'), 1, 450)
    await new Promise((resolve) => void setImmediate(resolve))
    const second = writer.append(records('x'), 1, 450)
    giveUp()
    assert.deepEqual(await Promise.all([refusal(first), refusal(second)]), ['APPEND_IN_DOUBT', 'LOG_CLOSED'])
  })
})
