// What a key and a value may be, the same for every driver.
import { errors } from './errors.ts'
import type { Entry, Key } from './port.ts'

const KEY_PART_LIMIT_BYTES = 512
/** Of the embedded drivers. */
export const VALUE_LIMIT_BYTES = 16 * 1024 * 1024
export const SCAN_LIMIT = 1_000

/** Throws `BAD_KEY`. */
export function checkKey(key: Key): void {
  checkPartition(key.partition)
  if (Buffer.byteLength(key.sort) > KEY_PART_LIMIT_BYTES) throw errors.badKey({ part: 'sort', value: key.sort, reason: 'is too long' })
}

export function checkPartition(partition: string): void {
  const refuse = (reason: string) => errors.badKey({ part: 'partition', value: partition, reason })
  if (partition === '') throw refuse('is empty')
  if (partition.includes('\0')) throw refuse('contains NUL')
  if (Buffer.byteLength(partition) > KEY_PART_LIMIT_BYTES) throw refuse('is too long')
}

/** Throws `BAD_KEY`, `VALUE_TOO_LARGE`. */
export function checkEntry(entry: Entry, limitBytes: number): void {
  checkKey(entry)
  const sizeBytes = entry.value.byteLength
  if (sizeBytes > limitBytes) throw errors.tooLarge({ partition: entry.partition, sort: entry.sort, sizeBytes, limitBytes })
}
