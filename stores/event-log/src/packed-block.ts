// Blocks of records in a form of their own: checked, told apart, and expanded where a driver or a routing by key wants records.
import { errors } from './errors.ts'
import type { Expanders, PackedBlock, RecordBlock } from './port.ts'
import { countRecords, type Records } from './record-block.ts'

/** As they are given to a log. */
export type GivenRecords = Records | PackedBlock

const ENCODING = /^[a-z0-9-]{1,64}$/

export function isPacked(records: GivenRecords): records is PackedBlock {
  return 'encoding' in records
}

export function countGiven(records: GivenRecords): number {
  return isPacked(records) ? records.count : countRecords(records)
}

/** Nothing is kept that could not be read. Throws `BAD_RECORD_BLOCK`, `RECORD_TOO_LARGE`, `RECORD_ENCODING_UNKNOWN`. */
export function checkPacked(topic: string, { encoding, count, largestBytes, body }: PackedBlock, maxRecordBytes: number, expanders: Expanders): void {
  if (!ENCODING.test(encoding)) throw errors.badBlock({ topic, what: `the encoding "${encoding}"` })
  if (!Number.isInteger(count) || count < 1 || count > body.byteLength * MOST_A_BYTE) throw errors.badBlock({ topic, what: `${count} records in ${body.byteLength} bytes` })
  if (largestBytes > maxRecordBytes) throw errors.recordTooLarge({ topic, sizeBytes: largestBytes, maxRecordBytes })
  if (!Object.hasOwn(expanders, encoding)) throw errors.encodingUnknown({ what: `A block for topic "${topic}" is`, encoding, known: Object.keys(expanders) })
}

/** Columns that repeat take next to nothing; still, no few bytes stand for millions of records. */
const MOST_A_BYTE = 1024

/** All of its records. */
export function expandWhole({ encoding, count, body }: PackedBlock, expanders: Expanders): RecordBlock {
  const expand = expanders[encoding]
  if (expand === undefined) throw errors.encodingUnknown({ what: 'A block is', encoding, known: Object.keys(expanders) })
  return expand(body, count, 0, { maxRecords: count, maxBytes: Infinity })
}
