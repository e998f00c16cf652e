// The codec of what is read: records out of batches (grammar in encode-batch.ts). Values are views of the bytes that came.
import { errors } from '../errors.ts'
import type { StoredRecord } from '../port.ts'
import { BATCH_HEADER_BYTES, type Identity } from './encode-batch.ts'
import type { KafkaClient } from './kafka-client.ts'
import { readSigned, type VarintReader } from './varint.ts'

const LENGTH_END = 12
const COMPRESSION_BITS = 0b111
const CONTROL_BIT = 1 << 5

export type BatchHeader = Identity & { firstOffset: number; nextOffset: number; sequence: number; attributes: number; baseTimestamp: number; count: number; at: number; end: number }

/** Where records come from; `offset` is the first one wanted. */
export type DecodeFrom = { topic: string; partition: number; offset: number }
export type DecodeLimits = { maxRecords: number; maxBytes: number }

/** Whole batches; what is cut short at the end is left out. */
export function* listBatches(bytes: Buffer): Generator<BatchHeader> {
  for (let at = 0; at + BATCH_HEADER_BYTES <= bytes.byteLength; ) {
    const end = at + LENGTH_END + bytes.readInt32BE(at + 8)
    if (end > bytes.byteLength || end < at + BATCH_HEADER_BYTES) return
    const firstOffset = Number(bytes.readBigInt64BE(at))
    yield {
      firstOffset,
      nextOffset: firstOffset + bytes.readInt32BE(at + 23) + 1,
      attributes: bytes.readInt16BE(at + 21),
      baseTimestamp: Number(bytes.readBigInt64BE(at + 27)),
      producerId: bytes.readBigInt64BE(at + 43),
      producerEpoch: bytes.readInt16BE(at + 51),
      sequence: bytes.readInt32BE(at + 53),
      count: bytes.readInt32BE(at + 57),
      at,
      end,
    }
    at = end
  }
}

/**
 * Every batch's checksum is verified; throws `LOG_BATCH_CORRUPT`. At least one record when there is a whole batch behind `offset`. Each offset comes once: a broker
 * whose disk was full in the middle of an append may have the batch twice at the same offsets, since it was sent again.
 */
export function decodeRecords(bytes: Buffer, from: DecodeFrom, limits: DecodeLimits, client: KafkaClient): StoredRecord[] {
  const records: StoredRecord[] = []
  const left = { ...limits }
  let next = from.offset
  for (const header of listBatches(bytes)) {
    if (header.nextOffset <= next || (header.attributes & CONTROL_BIT) !== 0) continue
    const damage = findDamage(bytes, header, client)
    if (damage !== undefined) {
      // What lies before it is whole; the next read begins with it.
      if (records.length > 0) break
      throw errors.batchCorrupt({ topic: from.topic, partition: from.partition, offset: header.firstOffset, reason: damage })
    }
    if (!decodeBatch(unpack(bytes, header, client), header, next, left, records)) break
    next = header.nextOffset
  }
  return records
}

function findDamage(bytes: Buffer, { at, end }: BatchHeader, client: KafkaClient): string | undefined {
  if (bytes[at + 16] !== 2) return 'it is of a format before Kafka 0.11'
  return client.crc32c(bytes.subarray(at + 21, end)) === bytes.readUInt32BE(at + 17) ? undefined : 'its checksum does not hold'
}

function unpack(bytes: Buffer, { at, end, attributes }: BatchHeader, client: KafkaClient): Buffer {
  const packed = bytes.subarray(at + BATCH_HEADER_BYTES, end)
  const kind = attributes & COMPRESSION_BITS
  if (kind === 0) return packed
  const algorithm = client.compressionsAlgorithmsByBitmask[kind]
  if (algorithm === undefined) throw new RangeError(`compression ${kind} is unknown`)
  return algorithm.decompressSync(packed)
}

/** False when a limit was met. */
function decodeBatch(bytes: Buffer, { firstOffset, baseTimestamp, count }: BatchHeader, fromOffset: number, left: DecodeLimits, into: StoredRecord[]): boolean {
  const reader: VarintReader = { bytes, at: 0 }
  const memory = bytes.buffer
  for (let index = 0; index < count; index += 1) {
    const length = readSigned(reader)
    const end = reader.at + length
    reader.at += 1
    const timestampMs = baseTimestamp + readSigned(reader)
    const offset = firstOffset + readSigned(reader)
    if (offset >= fromOffset) {
      const keyBytes = Math.max(0, readSigned(reader))
      const keyAt = reader.at
      reader.at += keyBytes
      const valueBytes = Math.max(0, readSigned(reader))
      const valueAt = reader.at
      reader.at += valueBytes
      if (into.length >= left.maxRecords || (into.length > 0 && keyBytes + valueBytes > left.maxBytes)) return false
      left.maxBytes -= keyBytes + valueBytes
      const record: StoredRecord = { key: readKey(bytes, keyAt, keyBytes), value: new Uint8Array(memory, bytes.byteOffset + valueAt, valueBytes), offset, timestampMs }
      const headers = readSigned(reader)
      if (headers > 0) record.headers = readHeaders(reader, bytes, headers)
      into.push(record)
    }
    reader.at = end
  }
  return true
}

/** Keys are short and mostly ASCII: below some length a loop beats the decoder. */
function readKey(bytes: Buffer, at: number, size: number): string {
  if (size > 24) return bytes.toString('utf8', at, at + size)
  let key = ''
  for (let index = at; index < at + size; index += 1) {
    const byte = bytes[index] as number
    if (byte > 0x7f) return bytes.toString('utf8', at, at + size)
    key += String.fromCharCode(byte)
  }
  return key
}

function readHeaders(reader: VarintReader, bytes: Buffer, count: number): Record<string, string> {
  const entries: [string, string][] = []
  for (let index = 0; index < count; index += 1) entries.push([readText(reader, bytes), readText(reader, bytes)])
  return Object.fromEntries(entries)
}

function readText(reader: VarintReader, bytes: Buffer): string {
  const size = Math.max(0, readSigned(reader))
  const at = reader.at
  reader.at += size
  return bytes.toString('utf8', at, at + size)
}
