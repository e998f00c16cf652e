// Records as columns: checked, and turned into records of their own where a driver or a routing by key wants them one by one.
import { isAscii, isUtf8 } from 'node:buffer'
import { errors } from './errors.ts'
import type { LogRecord, RecordBlock } from './port.ts'

/** Records one by one, or as columns. */
export type Records = LogRecord[] | RecordBlock

export function countRecords(records: Records): number {
  return Array.isArray(records) ? records.length : records.valueBytes.length
}

/** The rules of `checkRecords`, and that the sizes fit the bytes. Throws `BAD_RECORD_BLOCK`, `RECORD_TOO_LARGE`, `BAD_RECORD_KEY`. */
export function checkBlock(topic: string, block: RecordBlock, maxRecordBytes: number): void {
  const { keys, keyBytes, values, valueBytes } = block
  if (keyBytes.length !== valueBytes.length) throw errors.badBlock({ topic, what: `${keyBytes.length} keys and ${valueBytes.length} values` })
  let keysEnd = 0
  let valuesEnd = 0
  for (let index = 0; index < keyBytes.length; index += 1) {
    const sizeBytes = valueBytes[index] as number
    const ofKey = keyBytes[index] as number
    if (sizeBytes + (ofKey > 256 ? ofKey : 0) > maxRecordBytes) throw errors.recordTooLarge({ topic, sizeBytes: sizeBytes + ofKey, maxRecordBytes })
    keysEnd += ofKey
    valuesEnd += sizeBytes
  }
  if (keysEnd !== keys.byteLength) throw errors.badBlock({ topic, what: `sizes of ${keysEnd} bytes for ${keys.byteLength} bytes of keys` })
  if (valuesEnd !== values.byteLength) throw errors.badBlock({ topic, what: `sizes of ${valuesEnd} bytes for ${values.byteLength} bytes of values` })
  if (!isAscii(keys)) for (const key of sliceKeys(block)) if (!isUtf8(key)) throw errors.badKey({ key: key.toString() })
}

/** Lengths of the keys in UTF-16 units. */
export function computeKeyUnits(block: RecordBlock): Uint32Array {
  return isAscii(block.keys) ? block.keyBytes : Uint32Array.from(listKeys(block), (key) => key.length)
}

/** Values are views of the block's. */
export function toRecords(records: Records): LogRecord[] {
  if (Array.isArray(records)) return records
  const { values, valueBytes } = records
  let at = 0
  return listKeys(records).map((key, index) => {
    const from = at
    at += valueBytes[index] as number
    return { key, value: values.subarray(from, at) }
  })
}

function listKeys(block: RecordBlock): string[] {
  return sliceKeys(block).map((key) => key.toString())
}

function sliceKeys({ keys, keyBytes }: RecordBlock): Buffer[] {
  const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength)
  let at = 0
  return Array.from(keyBytes, (size) => bytes.subarray(at, (at += size)))
}
