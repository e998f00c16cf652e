// Batches: what is written is what is read, out of objects and out of columns, and as the client library itself reads it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as client from '@platformatic/kafka'
import type { AppError } from '@rondo/errors'
import type { LogRecord } from '../port.ts'
import { decodeRecords, listBatches } from './decode-batches.ts'
import { addToSequence, boundRecordBytes, encodeBatch, sealBatch, type Piece } from './encode-batch.ts'
import type { KafkaAddress } from './parse-kafka-address.ts'
import { fromBlock, fromRecords, routeBlock, type RecordSource } from './record-source.ts'
import { readSigned, sizeOfLength, writeSigned } from './varint.ts'

const NOW = Date.UTC(2026, 8, 21, 9)
const PLACE = { topic: 't', partition: 0 }
const ALL = { maxRecords: Infinity, maxBytes: Infinity }

function encode(pieces: Piece[], compression: KafkaAddress['compression'] = 'none', firstOffset = 0): Buffer {
  let bound = 0
  for (const { source, from, to } of pieces) for (let index = from; index < to; index += 1) bound += boundRecordBytes(source, index)
  const batch = encodeBatch(pieces, bound, compression, client)
  sealBatch(batch, { producerId: 7n, producerEpoch: 1 }, 42, client)
  // What the broker does: it is not under the checksum.
  batch.writeBigInt64BE(BigInt(firstOffset), 0)
  return batch
}

function whole(source: RecordSource, timestampMs = NOW): Piece {
  return { source, from: 0, to: source.count, timestampMs }
}

const records: LogRecord[] = [
  { key: 'u1', value: Buffer.from('one'), headers: { o: '12', 'ünïcode': '✓', __proto: '' } },
  { key: '', value: new Uint8Array(0) },
  { key: `käy 🎵${'.'.repeat(300)}`, value: Buffer.alloc(200, 7), headers: {} },
  { key: 'k', value: Buffer.alloc(70_000, 1) },
]

describe('batches of Kafka', () => {
  it('EL27 numbers of variable length come back, and are as long as they are said to be', () => {
    const bytes = Buffer.alloc(16)
    for (const value of [0, 1, -1, 63, 64, -64, -65, 8191, 8192, 2 ** 20, 2 ** 27, 2 ** 30, -(2 ** 30)]) {
      const end = writeSigned(bytes, 0, value)
      const reader = { bytes, at: 0 }
      assert.equal(readSigned(reader), value)
      assert.equal(reader.at, end)
      if (value >= 0) assert.equal(sizeOfLength(value), end)
    }
    // 2^50 as Kafka writes it.
    assert.equal(readSigned({ bytes: Buffer.from('8080808080808004', 'hex'), at: 0 }), 2 ** 50)
    assert.throws(() => readSigned({ bytes: Buffer.from([0x80]), at: 0 }), RangeError)
    assert.throws(() => readSigned({ bytes: Buffer.alloc(0), at: 0 }), RangeError)
  })

  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    it(`EL27 records come back, ${compression === 'none' ? 'as they are' : `packed by ${compression}`}`, () => {
      const found = decodeRecords(encode([whole(fromRecords(records)), whole(fromRecords(records.slice(0, 1)), NOW - 70)], compression, 900), { ...PLACE, offset: 900 }, ALL, client)
      assert.deepEqual(
        found.map(({ key, value, headers, offset, timestampMs }) => ({ key, value: Buffer.from(value).toString('hex'), headers, offset, timestampMs })),
        [...records, records[0] as LogRecord].map(({ key, value, headers }, index) => ({
          key,
          value: Buffer.from(value).toString('hex'),
          headers: headers && Object.keys(headers).length > 0 ? headers : undefined,
          offset: 900 + index,
          timestampMs: index < 4 ? NOW : NOW - 70,
        })),
      )
    })
  }

  it('EL27 the client library reads the same', () => {
    const [batch] = client.readRecordsBatches(client.Reader.from(encode([whole(fromRecords(records))], 'none', 5)))
    assert.ok(batch)
    assert.deepEqual([batch.firstOffset, batch.producerId, batch.producerEpoch, batch.firstSequence, batch.firstTimestamp, batch.maxTimestamp, batch.lastOffsetDelta], [5n, 7n, 1, 42, BigInt(NOW), BigInt(NOW), 3])
    assert.deepEqual(batch.records.map(({ key, value }) => [key?.toString(), value?.byteLength]), records.map(({ key, value }) => [key, value.byteLength]))
  })

  it('EL27 columns make the same bytes as objects, whole and by partition', () => {
    const plain = records.map(({ key, value }) => ({ key, value }))
    const block = {
      keys: Buffer.from(plain.map(({ key }) => key).join('')),
      keyBytes: Uint32Array.from(plain, ({ key }) => Buffer.byteLength(key)),
      values: Buffer.concat(plain.map(({ value }) => value)),
      valueBytes: Uint32Array.from(plain, ({ value }) => value.byteLength),
    }
    assert.deepEqual(encode([whole(fromBlock(block))]), encode([whole(fromRecords(plain))]))
    const routed = routeBlock(block, 3)
    assert.deepEqual([...routed.values()].flatMap((indexes) => [...indexes]).sort((a, b) => a - b), [0, 1, 2, 3])
    for (const indexes of routed.values()) {
      assert.deepEqual(encode([whole(fromBlock(block, indexes))]), encode([whole(fromRecords([...indexes].map((index) => plain[index] as LogRecord)))]))
    }
  })

  it('EL8 reading begins at its offset and ends at its limits', () => {
    const source = fromRecords(Array.from({ length: 10 }, (_, index) => ({ key: 'k', value: Buffer.alloc(99, index) })))
    const bytes = Buffer.concat([encode([whole(source)], 'none', 0), encode([whole(source)], 'none', 10)])
    const offsets = (offset: number, maxRecords: number, maxBytes: number): number[] => decodeRecords(bytes, { ...PLACE, offset }, { maxRecords, maxBytes }, client).map((found) => found.offset)
    assert.deepEqual(offsets(7, 5, Infinity), [7, 8, 9, 10, 11])
    assert.deepEqual(offsets(7, Infinity, 250), [7, 8])
    assert.deepEqual(offsets(7, Infinity, 1), [7])
    assert.deepEqual(decodeRecords(bytes.subarray(0, bytes.byteLength - 1), { ...PLACE, offset: 8 }, ALL, client).map((found) => found.offset), [8, 9], 'a batch that is cut short waits for the next read')
    assert.equal([...listBatches(bytes)].length, 2)
  })

  it('EL41 a batch that a failing disk left twice at the same offsets is read once', () => {
    const [first, twice, last] = [['a', 10], ['b', 11], ['c', 12]].map(([key, offset]) => encode([whole(fromRecords([{ key: String(key), value: Buffer.from('x') }]))], 'none', Number(offset))) as [Buffer, Buffer, Buffer]
    const found = decodeRecords(Buffer.concat([first, twice, twice, last]), { ...PLACE, offset: 10 }, ALL, client)
    assert.deepEqual(found.map(({ key, offset }) => [key, offset]), [['a', 10], ['b', 11], ['c', 12]])
  })

  it('EL18 a damaged batch is named by its offset, and what lies before it is not lost', () => {
    const source = fromRecords(records)
    for (const at of [70, 200, 21]) {
      const bytes = encode([whole(source)], 'none', 33)
      bytes[at] = (bytes[at] as number) ^ 1
      assert.throws(() => decodeRecords(bytes, { ...PLACE, offset: 0 }, ALL, client), (error: AppError) => error.code === 'LOG_BATCH_CORRUPT' && error.details['offset'] === 33)
      assert.equal(decodeRecords(Buffer.concat([encode([whole(source)], 'none', 29), bytes]), { ...PLACE, offset: 0 }, ALL, client).length, 4)
    }
  })

  it('EL27 sequences begin again at 0 after 31 bits', () => {
    assert.equal(addToSequence(0x7ffffffe, 1), 0x7fffffff)
    assert.equal(addToSequence(0x7fffffff, 1), 0)
    assert.equal(addToSequence(0x7ffffff0, 32), 16)
  })
})
