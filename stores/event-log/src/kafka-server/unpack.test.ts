// Every compression that clients have is taken off, to no more bytes than are allowed; what is none is an error with a code.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as client from '@platformatic/kafka'
import { createRandom } from '@rondo/random'
import { crc32c } from './crc32c.ts'
import { CODE, FaceError } from './error-code.ts'
import { unpack } from './unpack.ts'

const LIMIT = 1_000_000
const random = createRandom(3)
const noise = Buffer.from(Array.from({ length: 70_000 }, () => random.int(256)))
const texts = [Buffer.alloc(0), Buffer.from('a'), Buffer.from('one two three '.repeat(9_000)), Buffer.alloc(300_000, 7), noise]

/** The code of what is refused; undefined when nothing is. */
function refuse(packed: Buffer, kind: number, limit = LIMIT): number | undefined {
  try {
    unpack(packed, kind, limit)
    return undefined
  } catch (thrown) {
    assert.ok(thrown instanceof FaceError, String(thrown))
    return thrown.code
  }
}

describe('compression of produced batches', () => {
  for (const name of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const { bitmask, compressSync } = client.compressionsAlgorithms[name]

    it(`EL54 ${name} comes off, whatever is in it`, () => {
      for (const text of texts) assert.ok(unpack(compressSync(text), bitmask, LIMIT).equals(text))
    })

    it(`EL54 ${name} never becomes more than is allowed`, () => {
      assert.equal(refuse(compressSync(Buffer.alloc(900_000)), bitmask, 100_000), CODE.messageTooLarge)
    })

    it(`EL54 damaged ${name} is refused or read, and nothing else`, () => {
      const packed = compressSync(texts[2] as Buffer)
      for (let round = 0; round < 300; round += 1) {
        const damaged = Buffer.from(packed.subarray(0, random.int(packed.byteLength) + 1))
        for (let flips = random.int(4); flips > 0; flips -= 1) damaged[random.int(damaged.byteLength)] = random.int(256)
        const code = refuse(damaged, bitmask)
        assert.ok(code === undefined || code === CODE.corruptMessage || code === CODE.messageTooLarge)
      }
    })
  }

  it('EL54 the stream of blocks that Java writes is Snappy too', () => {
    const blocks = [texts[2] as Buffer, noise.subarray(0, 30_000)].map((text) => client.compressionsAlgorithms.snappy.compressSync(text))
    const head = Buffer.concat([Buffer.from('82534e4150505900', 'hex'), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])])
    const stream = Buffer.concat([head, ...blocks.flatMap((block) => [Buffer.from(Uint32Array.of(block.byteLength).buffer).swap32(), block])])
    assert.ok(unpack(stream, 2, LIMIT).equals(Buffer.concat([texts[2] as Buffer, noise.subarray(0, 30_000)])))
  })

  it('EL54 a compression that nobody knows is named', () => assert.equal(refuse(Buffer.alloc(9), 5), CODE.unsupportedCompression))

  it('EL55 CRC-32C is what the standard says', () => {
    // RFC 3720, B.4.
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa)
    assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8ab43)
    assert.equal(crc32c(Buffer.from(Array.from({ length: 32 }, (_, index) => index))), 0x46dd794e)
    for (let size = 0; size < 40; size += 1) assert.equal(crc32c(noise.subarray(1, 1 + size)), client.crc32c(noise.subarray(1, 1 + size)))
  })
})
