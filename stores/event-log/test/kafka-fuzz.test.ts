// Requests that nobody sends, of every api and version: garbage, truncations, huge counts. Each is answered or refused, and leaves nothing behind.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createRandom, type Random } from '@rondo/random'
import { APIS } from '../src/kafka-server/dispatch.ts'
import { Frames } from '../src/kafka-server/frames.ts'
import { MalformedRequest, WireReader } from '../src/kafka-server/wire-reader.ts'
import { WireWriter } from '../src/kafka-server/wire-writer.ts'
import { openFace, openWire } from './face-of-log.ts'

type Recorded = { request: string }

/** ApiVersions 0 of correlation 7. */
const HELLO = Buffer.from('0012000000000007ffff', 'hex')
const ROUNDS = 2_000

const recorded = (JSON.parse(await readFile(join(import.meta.dirname, 'requests-of-clients.json'), 'utf8')) as Recorded[]).map(({ request }) => Buffer.from(request, 'hex'))

/** Key, version, correlation, client and, where the version has them, no tags; then `body`. */
function createRequest(key: number, version: number, isFlexible: boolean, body: Buffer): Buffer {
  const head = new WireWriter()
  for (const number of [key, version]) head.int16(number)
  head.int32(7)
  head.string('fuzz')
  head.flexible = isFlexible
  head.tags()
  return Buffer.concat([head.toFrame().subarray(4), body])
}

const HUGE = [0x7fffffff, 0x7ffffffe, 1_000_000, 50_001, -2].map((count) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(count)
  return bytes
})
const HUGE_VARINTS = ['ffffffff0f', 'c1843d', 'ffffffffffff7f'].map((hex) => Buffer.from(hex, 'hex'))

/** Short fields, few elements, and here and there a count of millions. */
function createBody(random: Random): Buffer {
  const parts: Uint8Array[] = []
  for (let left = random.int(24); left > 0; left -= 1) {
    const kind = random.int(12)
    if (kind === 0) parts.push(HUGE[random.int(HUGE.length)] as Buffer)
    else if (kind === 1) parts.push(HUGE_VARINTS[random.int(HUGE_VARINTS.length)] as Buffer)
    else if (kind === 2) parts.push(Buffer.from('000174', 'hex'), Buffer.from('00000001', 'hex'))
    else if (kind === 3) parts.push(Buffer.alloc(random.int(400)))
    else parts.push(Buffer.from(Array.from({ length: 1 + random.int(6) }, () => (random.int(3) === 0 ? random.int(256) : random.int(3)))))
  }
  return Buffer.concat(parts)
}

function createGarbage(random: Random): Buffer {
  const kind = random.int(4)
  if (kind < 3) {
    const api = APIS[random.int(APIS.length)]
    assert.ok(api !== undefined)
    const version = api.min + random.int(api.max - api.min + 1)
    return createRequest(api.key, version, version >= api.flexibleFrom, createBody(random))
  }
  const request = Buffer.from(recorded[random.int(recorded.length)] as Buffer)
  for (let flips = random.int(4); flips > 0; flips -= 1) request[8 + random.int(request.byteLength - 8)] = random.int(256)
  return request.subarray(0, 8 + random.int(request.byteLength - 7))
}

describe('garbage by Kafka protocol', { timeout: 120_000 }, () => {
  it('EL71 every api and version answers or refuses whatever comes, and every connection ends', async () => {
    await using face = await openFace()
    const random = createRandom(71)
    for (let round = 0; round < ROUNDS; round += 1) {
      await using wire = await openWire(face.port)
      for (let requests = 1 + random.int(3); requests > 0; requests -= 1) wire.send(createGarbage(random))
      wire.socket.end()
      while ((await wire.receive()) !== undefined) continue
    }
    for (let turns = 0; face.server.connections > 0; turns += 1) {
      assert.ok(turns < 100_000, 'a connection does not end')
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.equal(face.server.bufferedBytes, 0)
    assert.ok(face.server.tally.refused > ROUNDS / 4 && face.server.tally.requests > ROUNDS)
    assert.deepEqual(face.troubles.filter((trouble) => !trouble.startsWith('Kafka client refused')), [])
    await using wire = await openWire(face.port)
    wire.send(HELLO)
    assert.equal((await wire.receive())?.readInt32BE(0), 7)
  })

  it('EL71 a request that names hundreds of thousands is refused before they are read', async () => {
    await using face = await openFace()
    for (const api of APIS.filter(({ isOpen }) => isOpen !== true))
      for (const version of new Set([api.min, api.max])) {
        const isFlexible = version >= api.flexibleFrom
        // One count after the other is 600,000, whatever lies before it.
        for (let at = 0; at < 24; at += 1) {
          const body = Buffer.alloc(650_000)
          if (isFlexible) Buffer.from('c1cf24', 'hex').copy(body, at)
          else body.writeInt32BE(600_000, at)
          await using wire = await openWire(face.port)
          wire.send(createRequest(api.key, version, isFlexible, body))
          wire.socket.end()
          while ((await wire.receive()) !== undefined) continue
        }
      }
    const tooLong = face.troubles.filter((trouble) => trouble.includes('a list of 600000 elements is too long'))
    assert.ok(tooLong.length >= 12, `${tooLong.length} of ${face.troubles.length}`)
  })

  it('EL71 requests that come byte by byte are put together as they were', () => {
    const frames = new Frames()
    const random = createRandom(3)
    const sent = Array.from({ length: 20 }, (_, index) => Buffer.from(Array.from({ length: 1 + random.int(index % 5 === 0 ? 40_000 : 300) }, () => random.int(256))))
    const bytes = Buffer.concat(sent.flatMap((request) => [Buffer.from(request.byteLength.toString(16).padStart(8, '0'), 'hex'), request]))
    const got: Buffer[] = []
    for (let at = 0; at < bytes.byteLength; ) {
      // One byte, or a piece as the network gives it.
      const size = random.int(200) === 0 ? 5_000 : 1
      frames.push(Buffer.from(bytes.subarray(at, at + size)))
      at += size
      for (let frame = frames.next(100_000); frame !== undefined; frame = frames.next(100_000)) got.push(frame)
    }
    assert.deepEqual(got, sent)
    assert.equal(frames.heldBytes, 0)
  })

  it('EL71 elements are counted over all lists of a request, nested ones too', () => {
    const bytes = Buffer.alloc(4 + 100 * 44)
    bytes.writeInt32BE(100)
    for (let index = 0; index < 100; index += 1) bytes.writeInt32BE(40, 4 + index * 44)
    const read = (maxElements: number): number => {
      const reader = new WireReader(bytes, maxElements)
      return reader.array(() => reader.array(() => reader.int8()).length).length
    }
    assert.equal(read(4_100), 100)
    assert.throws(() => read(4_099), MalformedRequest)
    const text = new WireReader(Buffer.concat([Buffer.from('818002', 'hex'), Buffer.alloc(40_000)]))
    text.flexible = true
    assert.throws(() => text.string(), /a text of 32768 bytes is not taken/)
  })
})
