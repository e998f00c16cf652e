// Kafka's protocol by its bytes: what published clients send is answered as those clients took it, and what nobody sends ends a connection and nothing else.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createRandom } from '@rondo/random'
import type { AppError } from '@rondo/errors'
import { serveKafka } from '../src/kafka-server/serve-kafka.ts'
import { createTimers, ctx, openFace, openWire } from './face-of-log.ts'

type Recorded = { client: string; api: string; version: number; request: string; answer: string }

/** Recorded with one topic and with the ids of members in it, which belong to joins that are not among these. */
const OF_THEIR_MOMENT = new Set(['SyncGroup', 'Heartbeat', 'OffsetFetch', 'OffsetCommit', 'LeaveGroup', 'DescribeGroups'])

const recorded = JSON.parse(await readFile(join(import.meta.dirname, 'requests-of-clients.json'), 'utf8')) as Recorded[]

/** ApiVersions 0 of correlation 7. */
const HELLO = Buffer.from('0012000000000007ffff', 'hex')

describe('Kafka protocol', { timeout: 60_000 }, () => {
  it('EL50 requests as librdkafka, Java and Python send them are answered byte for byte as those clients took it', async () => {
    await using face = await openFace({ advertised: { host: '127.0.0.1', port: 9494 } })
    await using wire = await openWire(face.port)
    for (const { client, api, version, request, answer } of recorded) {
      wire.send(Buffer.from(request, 'hex'))
      const given = await wire.receive()
      assert.ok(given !== undefined, `${client}: ${api} ${version} was not answered: ${face.troubles.join()}`)
      if (OF_THEIR_MOMENT.has(api)) assert.equal(given.readInt32BE(0), Number.parseInt(answer.slice(0, 8), 16))
      else assert.equal(given.toString('hex'), answer, `${client}: ${api} ${version}`)
    }
    assert.deepEqual((await face.log.read({ topic: 't', partition: 0, offset: 0 }, ctx)).map(({ value }) => Buffer.from(value).toString()), ['1', '2', '3', '1', '2', '3', 'v'])
  })

  it('EL51 what is no request ends its connection with a reason, and no other one', async () => {
    await using face = await openFace()
    await using good = await openWire(face.port)
    const wrong: [string, RegExp][] = [
      ['00000000', /a request of 0 bytes/],
      ['ffffffff', /a request of -1 bytes/],
      ['7fffffff', /a request of 2147483647 bytes/],
      ['474554202f20485454502f312e310d0a', /a request of 1195725856 bytes/],
      ['0000000a0063000000000007ffff', /request 99 is not answered here/],
      ['0000000a0003006300000007ffff', /Metadata version 99 is not answered here, but 0 to 12/],
      ['000000080003000100000007', /2 bytes are wanted where 0 are left/],
      // A list of two thousand million topics.
      ['0000000e0003000100000007ffff7fffffff', /a list of 2147483647 elements in 0 bytes/],
      ['0000001100030009000000070000' + '00' + 'ffffffffff01', /a length of more than 32 bits/],
    ]
    for (const [bytes, reason] of wrong) {
      await using wire = await openWire(face.port)
      wire.socket.write(Buffer.from(bytes, 'hex'))
      assert.equal(await wire.receive(), undefined)
      assert.match(face.troubles.at(-1) ?? '', reason)
    }
    good.send(HELLO)
    assert.equal((await good.receive())?.readInt32BE(0), 7)
  })

  it('EL51 thousands of damaged requests are answered or refused, and never more than that', async () => {
    await using face = await openFace()
    const random = createRandom(5)
    for (let round = 0; round < 2_000; round += 1) {
      const { request } = recorded[random.int(recorded.length)] as Recorded
      const bytes = Buffer.from(request, 'hex')
      for (let flips = 1 + random.int(4); flips > 0; flips -= 1) bytes[8 + random.int(bytes.byteLength - 8)] = random.int(256)
      await using wire = await openWire(face.port)
      wire.send(bytes)
      // What waits for others or for records is not waited for here.
      wire.send(HELLO)
      wire.socket.end()
    }
    await using wire = await openWire(face.port)
    wire.send(HELLO)
    assert.equal((await wire.receive())?.readInt32BE(0), 7)
    assert.ok(face.troubles.every((trouble) => trouble.startsWith('Kafka client refused')), face.troubles.find((trouble) => !trouble.startsWith('Kafka client refused')))
  })

  it('EL53 who has not signed in is answered nothing but how to, and large requests not even read', async () => {
    await using face = await openFace({}, true)
    for (const [request, reason] of [['00030001000000070000ffffffff', /Metadata came before the client had signed in/], [`001200000000000700${'00'.repeat(20_000)}`, /a request of 20009 bytes is not taken; at most 16384/]] as const) {
      await using wire = await openWire(face.port)
      wire.send(HELLO)
      assert.ok(await wire.receive())
      wire.send(Buffer.from(request, 'hex'))
      assert.equal(await wire.receive(), undefined)
      assert.match(face.troubles.at(-1) ?? '', reason)
    }
    // SaslHandshake 0, and a bare token behind it; Metadata 1 is answered then.
    for (const [password, isIn] of [['good', true], ['bad', false]] as const) {
      await using wire = await openWire(face.port)
      wire.send(Buffer.concat([Buffer.from('00110000000000070000', 'hex'), Buffer.from('0005504c41494e', 'hex')]))
      assert.equal((await wire.receive())?.readInt16BE(4), 0)
      wire.send(Buffer.from(`\0user\0${password}`))
      assert.equal((await wire.receive())?.byteLength, isIn ? 0 : undefined)
      wire.send(Buffer.from('00030001000000070000ffffffff', 'hex'))
      assert.equal((await wire.receive())?.readInt32BE(0), isIn ? 7 : undefined)
    }
  })

  it('EL53 a slow request, a silent stranger and a client without requests are let go at their time', async () => {
    const timers = createTimers()
    await using face = await openFace({ timers, limits: { patienceMs: 1_000, idleMs: 60_000 } })
    await using slow = await openWire(face.port)
    slow.socket.write(Buffer.from('0000000a0012', 'hex'))
    await using idle = await openWire(face.port)
    idle.send(HELLO)
    assert.ok(await idle.receive())
    await timers.settle(3)
    timers.advance(1_001)
    assert.equal(await slow.receive(), undefined)
    idle.send(HELLO)
    assert.ok(await idle.receive(), 'who has asked may think')
    await timers.settle(1)
    timers.advance(60_001)
    assert.equal(await idle.receive(), undefined)
  })

  it('EL53 connections are bounded, and a port that is taken is named', async () => {
    await using face = await openFace({ limits: { maxConnections: 2 } })
    await using one = await openWire(face.port)
    await using two = await openWire(face.port)
    await using three = await openWire(face.port)
    for (const wire of [one, two]) wire.send(HELLO)
    assert.ok(await one.receive())
    assert.ok(await two.receive())
    assert.equal(await three.receive(), undefined)
    const { log } = face
    await assert.rejects(
      serveKafka({ log, topics: { list: async () => [], find: async () => undefined, store: async () => ({ baseOffset: -1 }), present: async () => [] }, signIn: async () => undefined, listen: { host: '127.0.0.1', port: face.port } }),
      (error: AppError) => error.code === 'KAFKA_CANNOT_LISTEN' && error.message.includes(`127.0.0.1:${face.port}`),
    )
  })
})
