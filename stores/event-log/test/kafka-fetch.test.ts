// Fetching by bare requests: waiting for records, sizes of answers, offsets that are not there, memory.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeRecords } from '../src/kafka/decode-batches.ts'
import { WireReader } from '../src/kafka-server/wire-reader.ts'
import { WireWriter } from '../src/kafka-server/wire-writer.ts'
import type { StoredRecord } from '../src/index.ts'
import * as client from '@platformatic/kafka'
import { ctx, NOW, openFace, openWire } from './face-of-log.ts'

type Wanted = { offset?: number; waitMs?: number; minBytes?: number; maxBytes?: number; topics?: string[] }
type Given = { topic: string; code: number; end: number; sizeBytes: number; records: StoredRecord[] }

/** Fetch, version 4. */
function createFetch({ offset = 0, waitMs = 0, minBytes = 1, maxBytes = 1_000_000, topics = ['t'] }: Wanted): Buffer {
  const request = new WireWriter()
  for (const number of [1, 4]) request.int16(number)
  request.int32(7)
  request.string('test')
  for (const number of [-1, waitMs, minBytes, maxBytes]) request.int32(number)
  request.int8(0)
  request.array(topics, (topic) => {
    request.string(topic)
    request.array([0], (partition) => {
      request.int32(partition)
      request.int64(offset)
      request.int32(maxBytes)
    })
  })
  return request.toFrame().subarray(4)
}

function readFetched(answer: Buffer | undefined): Given[] {
  assert.ok(answer !== undefined)
  const reader = new WireReader(answer)
  reader.int64()
  return reader.array(() => {
    const topic = reader.string()
    const [one] = reader.array(() => {
      reader.int32()
      const [code, end] = [reader.int16(), reader.int64()]
      reader.int64()
      reader.array(() => undefined)
      const batches = reader.byteString()
      return { topic, code, end, sizeBytes: batches.byteLength, records: decodeRecords(batches, { topic, partition: 0, offset: 0 }, { maxRecords: Infinity, maxBytes: Infinity }, client) }
    })
    assert.ok(one !== undefined)
    return one
  })
}

describe('fetching by Kafka protocol', { timeout: 60_000 }, () => {
  it('EL58 a fetch at the end waits for a record, and for as many bytes as it asks for, and no longer than its time', async () => {
    await using face = await openFace()
    await using wire = await openWire(face.port)
    const append = (bytes: number): Promise<unknown> => face.log.append([{ topic: 't', records: [{ key: 'k', value: Buffer.alloc(bytes) }] }], NOW, ctx)
    wire.send(createFetch({ waitMs: 60_000 }))
    await append(10)
    assert.deepEqual(readFetched(await wire.receive()).map(({ end, records }) => [end, records.length]), [[1, 1]])
    wire.send(createFetch({ waitMs: 60_000, minBytes: 3_000 }))
    for (let index = 0; index < 3; index += 1) await append(1_000)
    assert.deepEqual(readFetched(await wire.receive()).map(({ end, records }) => [end, records.length]), [[4, 4]])
    wire.send(createFetch({ waitMs: 20, minBytes: 1_000_000 }))
    assert.deepEqual(readFetched(await wire.receive()).map(({ records }) => records.length), [4])
    wire.send(createFetch({ offset: 5, waitMs: 60_000 }))
    assert.deepEqual(readFetched(await wire.receive()).map(({ code }) => code), [1], 'an offset that is not there yet')
    wire.send(createFetch({ topics: ['never'], waitMs: 60_000 }))
    assert.deepEqual(readFetched(await wire.receive()).map(({ code }) => code), [3])
  })

  it('EL58 an answer has no more bytes than asked for, but a record in any case; timestamps and keys are the log\'s', async () => {
    await using face = await openFace()
    await using wire = await openWire(face.port)
    for (let batch = 0; batch < 3; batch += 1) await face.log.append([{ topic: 't', records: Array.from({ length: 10 }, (_, index) => ({ key: `k${index}`, value: Buffer.alloc(1_000, batch) })) }], NOW + batch * 2 ** 31, ctx)
    wire.send(createFetch({ maxBytes: 5_000 }))
    const [few] = readFetched(await wire.receive())
    assert.ok(few !== undefined && few.sizeBytes <= 5_000 && few.records.length === 4, `${few?.sizeBytes} bytes, ${few?.records.length} records`)
    wire.send(createFetch({ maxBytes: 10 }))
    assert.equal(readFetched(await wire.receive())[0]?.records.length, 1)
    wire.send(createFetch({ maxBytes: 0 }))
    assert.equal(readFetched(await wire.receive())[0]?.records.length, 1, 'so that a client that asks for too little goes on')
    wire.send(createFetch({}))
    const [all] = readFetched(await wire.receive())
    assert.deepEqual(all?.records.map(({ offset, key, timestampMs }) => [offset, key, timestampMs]), (await face.log.read({ topic: 't', partition: 0, offset: 0 }, ctx)).map(({ offset, key, timestampMs }) => [offset, key, timestampMs]))
  })

  it('EL53 clients that ask and never read are held to the bytes that may be under way', async () => {
    await using face = await openFace({ limits: { maxBufferedBytes: 4_000_000, maxFetchBytes: 1_000_000 } })
    await face.log.append([{ topic: 't', records: Array.from({ length: 1_000 }, () => ({ key: 'k', value: Buffer.alloc(1_000) })) }], NOW, ctx)
    const wires = await Promise.all(Array.from({ length: 40 }, () => openWire(face.port)))
    for (const { socket } of wires) socket.pause()
    let mostBytes = 0
    for (let round = 0; round < 20; round += 1) {
      for (const wire of wires) wire.send(createFetch({}))
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      mostBytes = Math.max(mostBytes, face.server.bufferedBytes)
    }
    // Each of them is given a little beyond what is left.
    assert.ok(mostBytes > 2_000_000 && mostBytes <= 4_000_000 + 40 * 80_000, `${mostBytes} bytes`)
    await using wire = await openWire(face.port)
    wire.send(createFetch({ maxBytes: 2_000 }))
    assert.equal(readFetched(await wire.receive())[0]?.records.length, 1, 'others are served')
    for (const one of wires) one.socket.destroy()
    for (let turn = 0; turn < 10_000 && face.server.bufferedBytes > 0; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(face.server.bufferedBytes, 0, 'who has gone takes no room')
  })
})
