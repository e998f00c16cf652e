// The records of a produced batch (grammar in kafka/encode-batch.ts). It comes from outside: checksum, counts and every length are checked.
import { listBatches, type BatchHeader } from '../kafka/decode-batches.ts'
import { BATCH_HEADER_BYTES } from '../kafka/encode-batch.ts'
import { readSigned, type VarintReader } from '../kafka/varint.ts'
import { crc32c } from './crc32c.ts'
import { CODE, FaceError } from './error-code.ts'
import type { FaceLimits, ProducedRecord } from './port.ts'
import { unpack } from './unpack.ts'

const MAGIC_AT = 16
const CRC_AT = 17
const COVERED_AT = 21
const COMPRESSION_BITS = 0b111
const TRANSACTION_BITS = 0b110000
/** Lengths of a record and its parts, and of no headers. */
const SHORTEST_RECORD_BYTES = 7

/** The one batch that a request has for a partition. Throws a `FaceError`. */
export function readBatchHeader(bytes: Buffer): BatchHeader {
  if (bytes.byteLength > MAGIC_AT && bytes[MAGIC_AT] !== 2) throw new FaceError(CODE.oldMessageFormat, 'records of the format before Kafka 0.11 are not taken')
  const [batch] = listBatches(bytes)
  if (batch === undefined || batch.end !== bytes.byteLength) throw new FaceError(CODE.invalidRecord, 'one batch a partition is taken, whole, and nothing else')
  if (crc32c(bytes.subarray(COVERED_AT)) !== bytes.readUInt32BE(CRC_AT)) throw new FaceError(CODE.corruptMessage, 'the checksum of the batch does not hold')
  if ((batch.attributes & TRANSACTION_BITS) !== 0) throw new FaceError(CODE.transactionForbidden, 'there are no transactions')
  return batch
}

/** Throws a `FaceError`. */
export function readProducedRecords(bytes: Buffer, { attributes, baseTimestamp, count }: BatchHeader, { maxUnpackedBytes, maxBatchRecords }: Pick<FaceLimits, 'maxUnpackedBytes' | 'maxBatchRecords'>): ProducedRecord[] {
  const body = unpack(bytes.subarray(BATCH_HEADER_BYTES), attributes & COMPRESSION_BITS, maxUnpackedBytes)
  if (count < 1 || count * SHORTEST_RECORD_BYTES > body.byteLength) throw new FaceError(CODE.invalidRecord, `${count} records are said to be in ${body.byteLength} bytes`)
  if (count > maxBatchRecords) throw new FaceError(CODE.messageTooLarge, `a batch has at most ${maxBatchRecords} records here, not ${count}`)
  const reader: VarintReader = { bytes: body, at: 0 }
  const headersLeft = { count: 2 * maxBatchRecords }
  try {
    const records = Array.from({ length: count }, () => readRecord(body, reader, baseTimestamp, headersLeft))
    if (reader.at !== body.byteLength) throw new RangeError('bytes are left behind the last record')
    return records
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new FaceError(CODE.invalidRecord, `the records cannot be read: ${thrown.message}`)
    throw thrown
  }
}

function readRecord(body: Buffer, reader: VarintReader, baseTimestamp: number, headersLeft: { count: number }): ProducedRecord {
  const length = readSigned(reader)
  const end = reader.at + length
  if (!(length > 0 && end <= body.byteLength)) throw new RangeError('a record has no such length')
  reader.at += 1
  const timestampMs = baseTimestamp + readSigned(reader)
  readSigned(reader)
  const key = readPart(body, reader, end)
  const value = readPart(body, reader, end)
  const headers: ProducedRecord['headers'] = []
  const count = readSigned(reader)
  if (count < 0) throw new RangeError('a record has no such count of headers')
  headersLeft.count -= count
  if (headersLeft.count < 0) throw new FaceError(CODE.messageTooLarge, 'the records of a batch have too many headers')
  for (let left = count; left > 0; left -= 1) {
    const name = readPart(body, reader, end)
    headers.push([(name ?? Buffer.alloc(0)).toString('utf8'), readPart(body, reader, end) ?? Buffer.alloc(0)])
  }
  if (reader.at !== end) throw new RangeError('a record has another length than it says')
  return { key, value, headers, timestampMs }
}

function readPart(body: Buffer, reader: VarintReader, end: number): Buffer | undefined {
  const size = readSigned(reader)
  if (size < 0) return undefined
  const from = reader.at
  const to = from + size
  if (!(to <= end)) throw new RangeError('a part of a record is longer than the record')
  reader.at = to
  return body.subarray(from, to)
}
