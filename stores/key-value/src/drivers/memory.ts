// The driver without a disk: for tests, and for what may be lost with the process.
import { throwIfCancelled } from '@rondo/context'
import type { Clock } from '@rondo/time'
import { errors } from '../errors.ts'
import { SCAN_LIMIT, VALUE_LIMIT_BYTES, checkEntry, checkKey, checkPartition } from '../limits.ts'
import type { Key, KeyValue } from '../port.ts'

type Stored = { value: Uint8Array; expiresAtMs: number }
type Partition = { entries: Map<string, Stored>; /** In order; undefined after a change of keys. */ sorts: string[] | undefined }

export function createMemoryKeyValue(clock: Clock): KeyValue {
  const partitions = new Map<string, Partition>()
  let closed = false

  const check = (ctx: Parameters<typeof throwIfCancelled>[0]): void => {
    if (closed) throw errors.closed({ folder: 'memory:' })
    throwIfCancelled(ctx)
  }
  const find = (key: Key): Uint8Array | undefined => {
    const stored = partitions.get(key.partition)?.entries.get(key.sort)
    return stored === undefined || isExpired(stored, clock.now()) ? undefined : stored.value
  }
  const set = (key: Key, value: Uint8Array, expiresAtMs: number): void => {
    let partition = partitions.get(key.partition)
    if (partition === undefined) partitions.set(key.partition, (partition = { entries: new Map(), sorts: undefined }))
    if (!partition.entries.has(key.sort)) partition.sorts = undefined
    partition.entries.set(key.sort, { value: copy(value), expiresAtMs })
  }
  const remove = (key: Key): void => {
    const partition = partitions.get(key.partition)
    if (partition?.entries.delete(key.sort) !== true) return
    partition.sorts = undefined
    if (partition.entries.size === 0) partitions.delete(key.partition)
  }

  return {
    capabilities: { readsOwnWrites: true, survivesPowerLoss: false, maxValueBytes: VALUE_LIMIT_BYTES, maxTogetherBytes: Infinity, maxPartitionBytes: Infinity },

    async get(key, ctx) {
      check(ctx)
      checkKey(key)
      const value = find(key)
      return value === undefined ? undefined : copy(value)
    },
    async getMany(keys, ctx) {
      check(ctx)
      keys.forEach(checkKey)
      return keys.map(find).map((value) => (value === undefined ? undefined : copy(value)))
    },
    async putMany(entries, { ttlMs }, ctx) {
      check(ctx)
      for (const entry of entries) checkEntry(entry, VALUE_LIMIT_BYTES)
      const expiresAtMs = ttlMs === undefined ? 0 : clock.now() + ttlMs
      for (const entry of entries) set(entry, entry.value, expiresAtMs)
    },
    async putIf(entry, expected, ctx) {
      check(ctx)
      checkEntry(entry, VALUE_LIMIT_BYTES)
      const current = find(entry)
      if (current === undefined ? expected !== undefined : expected === undefined || Buffer.compare(current, expected) !== 0) return false
      set(entry, entry.value, 0)
      return true
    },
    async deleteMany(keys, ctx) {
      check(ctx)
      keys.forEach(checkKey)
      keys.forEach(remove)
    },
    async scan({ partition: name, prefix = '', after, limit = SCAN_LIMIT, reverse = false }, ctx) {
      check(ctx)
      checkPartition(name)
      const partition = partitions.get(name)
      if (partition === undefined) return []
      partition.sorts ??= [...partition.entries.keys()].sort(compareUtf8)
      const nowMs = clock.now()
      const found = []
      for (const sort of reverse ? partition.sorts.toReversed() : partition.sorts) {
        if (found.length >= limit) break
        if (!sort.startsWith(prefix)) continue
        if (after !== undefined && compareUtf8(sort, after) * (reverse ? -1 : 1) <= 0) continue
        const stored = partition.entries.get(sort)
        if (stored !== undefined && !isExpired(stored, nowMs)) found.push({ partition: name, sort, value: copy(stored.value) })
      }
      return found
    },
    async removeExpired(ctx) {
      check(ctx)
      const nowMs = clock.now()
      let removed = 0
      for (const [partition, { entries }] of partitions) {
        for (const [sort, stored] of entries) {
          if (!isExpired(stored, nowMs)) continue
          remove({ partition, sort })
          removed += 1
        }
      }
      return removed
    },
    async ready(ctx) {
      check(ctx)
    },
    async close() {
      closed = true
      partitions.clear()
    },
  }
}

function isExpired(stored: Stored, nowMs: number): boolean {
  return stored.expiresAtMs !== 0 && stored.expiresAtMs <= nowMs
}

function copy(value: Uint8Array): Uint8Array {
  return Buffer.from(value)
}

/** UTF-8 byte order; it differs from the order of UTF-16 units only where surrogates are involved. */
function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
