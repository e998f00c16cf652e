// Connections of Kafka's clients: what was sent before the end is stored, each ends in bounded time, and there are only so many.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { boundRecordBytes, encodePlainBatch, sealBatch } from '../src/kafka/encode-batch.ts'
import { fromRecords } from '../src/kafka/record-source.ts'
import { crc32c } from '../src/kafka-server/crc32c.ts'
import { createTopicsOfLog, type FaceTopics } from '../src/kafka-server/serve-kafka.ts'
import { WireWriter } from '../src/kafka-server/wire-writer.ts'
import type { EventLog } from '../src/index.ts'
import { createTimers, ctx, NOW, openFace, openWire, type LogFace } from './face-of-log.ts'

/** ApiVersions 0 of correlation 7. */
const HELLO = Buffer.from('0012000000000007ffff', 'hex')
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Produce, version 3, of one record to "t". */
function createProduce(value: string, acks: number, valueBytes = 0): Buffer {
  const source = fromRecords([{ key: 'k', value: Buffer.from(value.padEnd(valueBytes, '.')) }])
  const batch = encodePlainBatch([{ source, from: 0, to: 1, timestampMs: NOW }], boundRecordBytes(source, 0))
  sealBatch(batch, { producerId: -1n, producerEpoch: -1 }, -1, { crc32c })
  const request = new WireWriter()
  for (const number of [0, 3]) request.int16(number)
  request.int32(7)
  request.string('test')
  request.string(undefined)
  request.int16(acks)
  request.int32(1_000)
  request.array(['t'], (topic) => {
    request.string(topic)
    request.array([0], (partition) => {
      request.int32(partition)
      request.byteString(batch)
    })
  })
  return request.toFrame().subarray(4)
}

/** A JoinGroup, version 2, of a new member that waits for others. */
function createJoin(): Buffer {
  const request = new WireWriter()
  for (const number of [11, 2]) request.int16(number)
  request.int32(7)
  request.string('test')
  request.string('g')
  request.int32(60_000)
  request.int32(60_000)
  request.string('')
  request.string('consumer')
  request.array(['range'], (name) => {
    request.string(name)
    request.byteString(Buffer.alloc(0))
  })
  return request.toFrame().subarray(4)
}

/** Fetch, version 4, at the end of "t", for a minute. */
function createFetch(): Buffer {
  const request = new WireWriter()
  for (const number of [1, 4]) request.int16(number)
  request.int32(7)
  request.string('test')
  for (const number of [-1, 60_000, 1, 1_000]) request.int32(number)
  request.int8(0)
  request.array(['t'], (topic) => {
    request.string(topic)
    request.array([0], (partition) => {
      request.int32(partition)
      request.int64(0)
      request.int32(1_000)
    })
  })
  return request.toFrame().subarray(4)
}

/** A store that takes nothing until it is let. */
function createSlowTopics(log: EventLog): FaceTopics & { letGo(): void } {
  const gate = Promise.withResolvers<void>()
  const topics = createTopicsOfLog(log, () => NOW)
  return {
    ...topics,
    async store(topic, records, writer, storing) {
      await gate.promise
      return topics.store(topic, records, writer, storing)
    },
    letGo: gate.resolve,
  }
}

async function listStored(face: LogFace): Promise<string[]> {
  return (await face.log.read({ topic: 't', partition: 0, offset: 0 }, ctx)).map(({ value }) => Buffer.from(value).toString().replace(/\.+$/, ''))
}

async function untilGone(face: LogFace): Promise<void> {
  for (let turns = 0; face.server.connections > 0; turns += 1) {
    assert.ok(turns < 100_000, 'a connection does not end')
    await turn()
  }
}

describe('connections of Kafka clients', { timeout: 60_000 }, () => {
  // Less than is read ahead while the first request is held up; so little more that it lies in the socket's own buffer; and more than that, which the system of who is cut off may not have sent yet.
  const [few, more, many] = [[20, 0], [11, 10_000], [20, 10_000]] as const
  for (const [how, leave, sizes] of [
    ['closes', (socket) => socket.destroySoon(), [few, more, many]],
    ['closes its half', (socket) => socket.end(), [few, more, many]],
    ['is cut off', (socket) => socket.resetAndDestroy(), [few, more]],
  ] satisfies [string, (socket: Socket) => unknown, (readonly [number, number])[]][])
    it(`EL70 a producer without acknowledgement that sends and ${how} has stored what it sent`, async () => {
      await using base = await openFace()
      let expected = 0
      for (const [count, valueBytes] of sizes) {
        const slow = createSlowTopics(base.log)
        await using face = await openFace({ log: base.log, topics: slow })
        await using wire = await openWire(face.port)
        for (let index = 0; index < count; index += 1) {
          wire.send(createProduce(`v${index}`, 0, valueBytes))
          for (let turns = 0; turns < 5; turns += 1) await turn()
        }
        // They have reached the other side, and the first one its store.
        while (wire.socket.writableLength > 0) await turn()
        for (let turns = 0; turns < 200; turns += 1) await turn()
        leave(wire.socket)
        for (let turns = 0; turns < 200; turns += 1) await turn()
        slow.letGo()
        await untilGone(face)
        const stored = await listStored(base)
        assert.deepEqual(stored.slice(-count), Array.from({ length: count }, (_, index) => `v${index}`))
        assert.equal(stored.length, (expected += count))
        assert.equal(face.server.bufferedBytes, 0)
      }
    })

  it('EL70 who closes its half is answered all that it asked', async () => {
    await using face = await openFace()
    await using wire = await openWire(face.port)
    for (let index = 0; index < 5; index += 1) wire.send(createProduce(`v${index}`, 1))
    wire.socket.end(Buffer.from('0000', 'hex'))
    for (let index = 0; index < 5; index += 1) assert.ok(await wire.receive())
    assert.equal(await wire.receive(), undefined)
    assert.equal((await listStored(face)).length, 5)
  })

  it('EL70 nothing is waited for on behalf of who has left, and neither a connection nor the server stays', async () => {
    const timers = createTimers()
    const face = await openFace({ timers })
    for (const request of [createFetch(), createJoin()]) {
      const [before, after] = [await openWire(face.port), await openWire(face.port)]
      before.socket.write(Buffer.concat([toFrame(request), toFrame(request)]))
      before.socket.end()
      after.send(request)
      for (let turns = 0; turns < 50; turns += 1) await turn()
      after.socket.resetAndDestroy()
      await untilGone(face)
    }
    // Those that wait, those that say nothing and those in the middle of a request end with the server.
    const wires = await Promise.all([createFetch(), createJoin(), HELLO, HELLO.subarray(0, 5)].map(async (request) => {
      const wire = await openWire(face.port)
      wire.socket.write(toFrame(request).subarray(0, request.byteLength + 2))
      return wire
    }))
    for (let turns = 0; turns < 50; turns += 1) await turn()
    await face[Symbol.asyncDispose]()
    for (const wire of wires) while (!wire.socket.destroyed) await Promise.race([once(wire.socket, 'close'), wire.receive()])
  })

  it('EL70 the end of the server waits for what was sent whole, and gives up on a store that does not answer', async () => {
    await using base = await openFace()
    const timers = createTimers()
    const slow = createSlowTopics(base.log)
    const stored = await openFace({ log: base.log, topics: slow })
    await using wire = await openWire(stored.port)
    for (const value of ['a', 'b']) wire.send(createProduce(value, 0))
    for (let turns = 0; turns < 100; turns += 1) await turn()
    const closing = stored.server.close()
    slow.letGo()
    await closing
    assert.deepEqual(await listStored(base), ['a', 'b'])
    const never = await openFace({
      log: base.log,
      timers,
      topics: { ...createTopicsOfLog(base.log, () => NOW), store: (_topic, _records, _writer, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up')))) },
    })
    await using other = await openWire(never.port)
    other.send(createProduce('c', 1))
    for (let turns = 0; turns < 100; turns += 1) await turn()
    const ending = never.server.close()
    await timers.settle(1)
    timers.advance(10_000)
    await ending
  })

  it('EL73 there are so many connections in all and of one address, and a place that is given back is taken again', async () => {
    for (const limits of [{ maxConnections: 2 }, { maxConnectionsPerAddress: 2 }]) {
      const timers = createTimers()
      await using face = await openFace({ limits, timers })
      await using one = await openWire(face.port)
      {
        await using two = await openWire(face.port)
        for (const wire of [one, two]) wire.send(HELLO)
        assert.ok(await one.receive())
        assert.ok(await two.receive())
        for (let index = 0; index < 3; index += 1) {
          await using three = await openWire(face.port)
          assert.equal(await three.receive(), undefined)
        }
        assert.equal(face.server.connections, 2)
      }
      while (face.server.connections > 1) await turn()
      await using four = await openWire(face.port)
      four.send(HELLO)
      assert.ok(await four.receive())
      const { all, address } = face.server.turnedAway
      assert.deepEqual([all, address], 'maxConnections' in limits ? [3, 0] : [0, 3])
      assert.equal(face.troubles.length, 1, 'one line a minute')
    }
  })

  it('EL73 who sends half a request, reads no answer or asks nothing is let go at its time, and counted', async () => {
    const timers = createTimers()
    await using face = await openFace({ timers, limits: { patienceMs: 1_000, idleMs: 60_000 } })
    await using half = await openWire(face.port)
    await using deaf = await openWire(face.port)
    await using idle = await openWire(face.port)
    half.socket.write(Buffer.concat([toFrame(HELLO), Buffer.from('0000000a0012', 'hex')]))
    assert.ok(await half.receive())
    deaf.socket.pause()
    for (let index = 0; index < 40_000; index += 1) deaf.send(HELLO)
    idle.send(HELLO)
    assert.ok(await idle.receive())
    await timers.settle(10)
    timers.advance(1_001)
    assert.equal(await half.receive(), undefined)
    while (face.server.connections > 1) await turn()
    timers.advance(59_000)
    assert.equal(await idle.receive(), undefined)
    assert.deepEqual([face.server.tally.slow, face.server.tally.idle], [2, 1])
    assert.equal(face.server.bufferedBytes, 0)
  })
})

function toFrame(request: Buffer): Buffer {
  const frame = Buffer.alloc(4 + request.byteLength)
  frame.writeInt32BE(request.byteLength)
  request.copy(frame, 4)
  return frame
}
