// Batches that come from outside: what is whole is read, and every fault has its code.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRandom } from '@rondo/random'
import { boundRecordBytes, encodePlainBatch, sealBatch } from '../kafka/encode-batch.ts'
import { fromRecords } from '../kafka/record-source.ts'
import type { LogRecord } from '../port.ts'
import { crc32c } from './crc32c.ts'
import { CODE, FaceError } from './error-code.ts'
import type { ProducedRecord } from './port.ts'
import { readBatchHeader, readProducedRecords } from './read-produced.ts'

const records: LogRecord[] = [
  { key: 'u1', value: Buffer.from('one'), headers: { a: '1', ü: '✓' } },
  { key: '', value: Buffer.alloc(0) },
  { key: 'k'.repeat(300), value: Buffer.alloc(70_000, 1) },
]

function encode(change: (batch: Buffer) => void = () => undefined, sent = records): Buffer {
  const source = fromRecords(sent)
  const batch = encodePlainBatch([{ source, from: 0, to: sent.length, timestampMs: 1_790_000_000_000 }], sent.reduce((sum, _, index) => sum + boundRecordBytes(source, index), 0))
  change(batch)
  sealBatch(batch, { producerId: 7n, producerEpoch: 0 }, 0, { crc32c })
  return batch
}

const read = (batch: Buffer): ProducedRecord[] => readProducedRecords(batch, readBatchHeader(batch), { maxUnpackedBytes: 1_000_000, maxBatchRecords: 100 })
const refuses = (batch: Buffer, code: number): void => assert.throws(() => read(batch), (thrown) => thrown instanceof FaceError && thrown.code === code)

describe('produced batches', () => {
  it('EL55 records come as they were sent', () => {
    assert.deepEqual(read(encode()).map(({ key, value, headers, timestampMs }) => [key?.toString(), value?.toString('hex'), headers.map(([name, text]) => `${name}=${text.toString()}`), timestampMs]), records.map(({ key, value, headers = {} }) => [key, Buffer.from(value).toString('hex'), Object.entries(headers).map((entry) => entry.join('=')), 1_790_000_000_000]))
  })

  it('EL55 a fault has the code that clients know', () => {
    const batch = encode()
    refuses(batch.subarray(0, -1), CODE.invalidRecord)
    refuses(Buffer.concat([batch, batch]), CODE.invalidRecord)
    refuses(Buffer.alloc(0), CODE.invalidRecord)
    const flipped = Buffer.from(batch)
    flipped[100] = (flipped[100] ?? 0) ^ 1
    refuses(flipped, CODE.corruptMessage)
    const old = Buffer.from(batch)
    old[16] = 1
    refuses(old, CODE.oldMessageFormat)
    refuses(encode((bytes) => bytes.writeInt16BE(0x10, 21)), CODE.transactionForbidden)
    refuses(encode((bytes) => bytes.writeInt16BE(7, 21)), CODE.unsupportedCompression)
    refuses(encode((bytes) => bytes.writeInt32BE(0x7fffffff, 57)), CODE.invalidRecord)
    refuses(encode((bytes) => bytes.writeInt32BE(2, 57)), CODE.invalidRecord)
    refuses(encode((bytes) => bytes.writeInt32BE(-1, 57)), CODE.invalidRecord)
  })

  it('EL71 more records or headers than a batch may have are too large, however small they are', () => {
    const many = (count: number, record: LogRecord): Buffer => encode(undefined, Array.from({ length: count }, () => record))
    assert.equal(read(many(100, { key: '', value: Buffer.alloc(0) })).length, 100)
    refuses(many(101, { key: '', value: Buffer.alloc(0) }), CODE.messageTooLarge)
    refuses(many(1, { key: '', value: Buffer.alloc(0), headers: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`${index}`, ''])) }), CODE.messageTooLarge)
  })

  it('EL55 damage under a checksum that holds is refused or read, and nothing else', () => {
    const random = createRandom(9)
    for (let round = 0; round < 3_000; round += 1) {
      const batch = encode((bytes) => {
        for (let flips = 1 + random.int(3); flips > 0; flips -= 1) bytes[61 + random.int(60)] = random.int(256)
      })
      try {
        read(batch)
      } catch (thrown) {
        assert.ok(thrown instanceof FaceError, String(thrown))
      }
    }
  })
})
