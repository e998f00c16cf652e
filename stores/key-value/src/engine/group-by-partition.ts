// What one call writes, by partition: each part is one write of the engine's, seen whole or not at all.
import { errors } from '../errors.ts'
import type { Entry, Key } from '../port.ts'

/** What lies in one mutation. Cassandra's own limit is 16 MiB by default, half a segment of its commit log; Bigtable advises 10 MB for a cell. */
export const TOGETHER_LIMIT_BYTES = 8 * 1024 * 1024
/** Of an entry beside its key and value, and at least what keeps a batch below 65,536 statements. */
const ENTRY_BYTES = 128

/** In the order of first mention; of two with the same sort the later. */
export function groupByPartition<K extends Key>(keys: K[]): Map<string, K[]> {
  const [only] = keys
  if (only !== undefined && keys.length === 1) return new Map([[only.partition, keys]])
  const groups = new Map<string, Map<string, K>>()
  for (const key of keys) {
    const group = groups.get(key.partition)
    if (group === undefined) groups.set(key.partition, new Map([[key.sort, key]]))
    else group.set(key.sort, key)
  }
  return new Map(Array.from(groups, ([partition, group]) => [partition, [...group.values()]]))
}

/** Throws `BATCH_TOO_LARGE`. */
export function checkTogether(partition: string, entries: Entry[]): void {
  let sizeBytes = 0
  for (const { sort, value } of entries) sizeBytes += value.byteLength + Buffer.byteLength(sort) + ENTRY_BYTES
  if (sizeBytes > TOGETHER_LIMIT_BYTES) throw errors.tooLargeTogether({ partition, sizeBytes, limitBytes: TOGETHER_LIMIT_BYTES })
}
