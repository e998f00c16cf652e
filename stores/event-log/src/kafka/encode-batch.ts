// The codec of what is written: one batch of records, as the brokers keep it.
//
//   batch  := firstOffset i64 | length i32 | leaderEpoch i32 | magic i8 | crc u32 | attributes i16 | lastOffsetDelta i32 | baseTimestamp i64
//             | maxTimestamp i64 | producerId i64 | producerEpoch i16 | firstSequence i32 | count i32 | record × count
//   record := length varint | attributes i8 | timestampDelta varint | offsetDelta varint | body (see record-source.ts)
//   crc    := CRC-32C of everything from `attributes` on. Whole numbers are big-endian; varints are signed.
import type { KafkaClient } from './kafka-client.ts'
import type { KafkaAddress } from './parse-kafka-address.ts'
import type { RecordSource } from './record-source.ts'
import { sizeOfLength, sizeOfUnsigned, writeSigned } from './varint.ts'

export const BATCH_HEADER_BYTES = 61
/** Behind the batch's own length. */
const LENGTH_END = 12
const MAGIC = 2
const ATTRIBUTES_AT = 21
/** Length, attributes, timestamp and offset of one record at their longest. */
const RECORD_HEAD_BYTES = 16
/** How far timestamps of one batch may lie apart. */
export const MOST_TIMESTAMP_DELTA_MS = 2 ** 30

/** Records [from, to) of a source, all at one instant. */
export type Piece = { source: RecordSource; from: number; to: number; timestampMs: number }

/** Who wrote a batch: the broker takes each sequence of a producer once. */
export type Identity = { producerId: bigint; producerEpoch: number }

/** What a record takes in a batch at most. */
export function boundRecordBytes(source: RecordSource, index: number): number {
  return RECORD_HEAD_BYTES + source.bodyBytes(index)
}

/** The batch without who wrote it. `boundBytes` is the sum of its records' bounds. */
export function encodeBatch(pieces: Piece[], boundBytes: number, compression: KafkaAddress['compression'], client: KafkaClient): Buffer {
  const batch = encodePlainBatch(pieces, boundBytes)
  const { bitmask } = client.compressionsAlgorithms[compression]
  if (bitmask === 0) return batch
  const packed = Buffer.concat([batch.subarray(0, BATCH_HEADER_BYTES), client.compressionsAlgorithms[compression].compressSync(batch.subarray(BATCH_HEADER_BYTES))])
  packed.writeInt32BE(packed.byteLength - LENGTH_END, LENGTH_END - 4)
  packed.writeInt16BE(bitmask, ATTRIBUTES_AT)
  return packed
}

/** The same, not compressed. */
export function encodePlainBatch(pieces: Piece[], boundBytes: number): Buffer {
  const baseTimestamp = pieces[0]?.timestampMs ?? 0
  let maxTimestamp = baseTimestamp
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + boundBytes)
  let at = BATCH_HEADER_BYTES
  let count = 0
  for (const { source, from, to, timestampMs } of pieces) {
    maxTimestamp = Math.max(maxTimestamp, timestampMs)
    const delta = timestampMs - baseTimestamp
    const deltaBytes = sizeOfSigned(delta)
    for (let index = from; index < to; index += 1) {
      at = writeSigned(batch, at, 1 + deltaBytes + sizeOfLength(count) + source.bodyBytes(index))
      batch[at] = 0
      at = writeSigned(batch, at + 1, delta)
      at = writeSigned(batch, at, count)
      at = source.writeBody(index, batch, at)
      count += 1
    }
  }
  batch.writeBigInt64BE(0n, 0)
  batch.writeInt32BE(at - LENGTH_END, LENGTH_END - 4)
  batch.writeInt32BE(-1, LENGTH_END)
  batch[16] = MAGIC
  batch.writeInt16BE(0, ATTRIBUTES_AT)
  batch.writeInt32BE(count - 1, 23)
  batch.writeBigInt64BE(BigInt(baseTimestamp), 27)
  batch.writeBigInt64BE(BigInt(maxTimestamp), 35)
  batch.writeInt32BE(count, 57)
  return batch.subarray(0, at)
}

/** Completes a batch in place; again, when it has to be written by another producer. */
export function sealBatch(batch: Buffer, { producerId, producerEpoch }: Identity, sequence: number, client: { crc32c(bytes: Buffer): number }): void {
  batch.writeBigInt64BE(producerId, 43)
  batch.writeInt16BE(producerEpoch, 51)
  batch.writeInt32BE(sequence, 53)
  batch.writeUInt32BE(client.crc32c(batch.subarray(ATTRIBUTES_AT)), 17)
}

/** Sequences are 31 bits wide and begin again at 0. */
export function addToSequence(sequence: number, count: number): number {
  return (sequence + count) % 0x80000000
}

function sizeOfSigned(value: number): number {
  return value < 0 ? sizeOfUnsigned(-value * 2 - 1) : sizeOfLength(value)
}
