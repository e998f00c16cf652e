// The embedded driver: LMDB, one environment in one folder for each namespace.
//
// LMDB's own thread commits; writes that come while it does share the next commit. Overlapping sync is off: a commit is flushed to disk
// before its promise resolves, so that "resolved" means durable and needs no second promise.
import { statfs } from 'node:fs/promises'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { makeFolderDurably, nodeFileSystem } from '@rondo/files'
import type { Clock } from '@rondo/time'
import { open, type RootDatabase } from 'lmdb'
import { errors } from '../errors.ts'
import { fromKeyBytes, fromStored, isExpired, toEndOfPrefix, toKeyBytes, toStored } from '../key-codec.ts'
import { SCAN_LIMIT, VALUE_LIMIT_BYTES, checkEntry, checkKey, checkPartition } from '../limits.ts'
import type { Entry, KeyValue } from '../port.ts'
import { findLmdbFault } from './check-lmdb-file.ts'

/** How many entries one round of `removeExpired` looks at before it lets others run. */
const SWEEP_ENTRIES = 5_000

/** Numbers of the operating system and of LMDB, as commits report them. */
const EIO = 5
const ENOSPC = 28
const EDQUOT = 122
const MAP_FULL = -30792
const FREE_BYTES_LEAST = 1024 * 1024

export async function openLmdb(folder: string, clock: Clock): Promise<KeyValue> {
  const db = await openEnvironment(folder)
  let closing: Promise<void> | undefined

  const check = (ctx: Ctx): void => {
    if (closing !== undefined) throw errors.closed({ folder })
    throwIfCancelled(ctx)
  }
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (thrown) {
      throw await toLmdbError(thrown, folder)
    }
  }
  const find = (partition: string, sort: string): Uint8Array | undefined => {
    const stored = db.get(toKeyBytes(partition, sort))
    return stored === undefined ? undefined : fromStored(stored, clock.now())
  }

  return {
    capabilities: { readsOwnWrites: true, survivesPowerLoss: true, maxValueBytes: VALUE_LIMIT_BYTES, maxTogetherBytes: Infinity, maxPartitionBytes: Infinity },

    async get(key, ctx) {
      check(ctx)
      checkKey(key)
      return find(key.partition, key.sort)
    },
    async getMany(keys, ctx) {
      check(ctx)
      keys.forEach(checkKey)
      return keys.map((key) => find(key.partition, key.sort))
    },
    async putMany(entries, { ttlMs }, ctx) {
      check(ctx)
      for (const entry of entries) checkEntry(entry, VALUE_LIMIT_BYTES)
      if (entries.length === 0) return
      const expiresAtMs = ttlMs === undefined ? 0 : clock.now() + ttlMs
      await write(() => writeTogether(db, entries, (entry) => db.put(toKeyBytes(entry.partition, entry.sort), toStored(entry.value, expiresAtMs))))
    },
    async putIf(entry, expected, ctx) {
      check(ctx)
      checkEntry(entry, VALUE_LIMIT_BYTES)
      const key = toKeyBytes(entry.partition, entry.sort)
      const stored = toStored(entry.value, 0)
      const wanted = expected === undefined ? undefined : Buffer.from(expected)
      return write(() =>
        db.transaction(() => {
          const current = find(entry.partition, entry.sort)
          if (current === undefined ? wanted !== undefined : wanted === undefined || Buffer.compare(current, wanted) !== 0) return false
          void db.put(key, stored)
          return true
        }),
      )
    },
    async deleteMany(keys, ctx) {
      check(ctx)
      keys.forEach(checkKey)
      if (keys.length === 0) return
      await write(() => writeTogether(db, keys, (key) => db.remove(toKeyBytes(key.partition, key.sort))))
    },
    async scan({ partition, prefix = '', after, limit = SCAN_LIMIT, reverse = false }, ctx) {
      check(ctx)
      checkPartition(partition)
      const first = toKeyBytes(partition, prefix)
      const end = toEndOfPrefix(first)
      const beyond = after === undefined ? undefined : toKeyBytes(partition, after)
      const nowMs = clock.now()
      const found: Entry[] = []
      const range = reverse
        ? { start: beyond !== undefined && Buffer.compare(beyond, end) < 0 ? beyond : end, end: first, inclusiveEnd: true, reverse }
        : { start: beyond !== undefined && Buffer.compare(beyond, first) > 0 ? beyond : first, end }
      for (const { key, value } of db.getRange(range)) {
        if (found.length >= limit) break
        if (beyond?.equals(key) === true || (reverse && end.equals(key))) continue
        const live = fromStored(value, nowMs)
        if (live !== undefined) found.push({ ...fromKeyBytes(key), value: live })
      }
      return found
    },
    async removeExpired(ctx) {
      let removed = 0
      for (let start: Buffer | undefined; ; ) {
        check(ctx)
        const nowMs = clock.now()
        const seen = [...db.getRange({ ...(start === undefined ? {} : { start, exclusiveStart: true }), limit: SWEEP_ENTRIES })]
        const expired = seen.filter((entry) => isExpired(entry.value, nowMs)).map((entry) => entry.key)
        if (expired.length > 0) removed += await write(() => db.transaction(() => removeStillExpired(db, expired, nowMs)))
        if (seen.length < SWEEP_ENTRIES) return removed
        start = seen.at(-1)?.key
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async ready(ctx) {
      check(ctx)
      find('\u0001', '')
    },
    close() {
      closing ??= db.close()
      return closing
    },
  }
}

async function openEnvironment(folder: string): Promise<RootDatabase<Buffer, Buffer>> {
  try {
    const fault = await findLmdbFault(folder)
    if (fault !== undefined) throw new Error(fault)
    await makeFolderDurably(nodeFileSystem, folder)
    const db = open<Buffer, Buffer>({
      path: folder,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
      cache: false,
      overlappingSync: false,
      // With it on, the library keeps a promise for itself that a full disk rejects and nobody handles, which ends the process.
      eventTurnBatching: false,
    })
    await nodeFileSystem.syncFolder(folder)
    return db
  } catch (thrown) {
    throw errors.cannotOpen({ folder, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
  }
}

/** They were read outside the transaction; somebody may have written them anew. */
function removeStillExpired(db: RootDatabase<Buffer, Buffer>, keys: Buffer[], nowMs: number): number {
  let removed = 0
  for (const key of keys) {
    const stored = db.get(key)
    if (stored === undefined || !isExpired(stored, nowMs)) continue
    void db.remove(key)
    removed += 1
  }
  return removed
}

/** One batch is one commit. Its writes share few promises, which fail together with the batch's own. */
async function writeTogether<T>(db: RootDatabase<Buffer, Buffer>, items: T[], write: (item: T) => Promise<boolean>): Promise<void> {
  const parts = new Set<Promise<boolean>>()
  const batch = db.batch(() => {
    for (const item of items) parts.add(write(item))
  })
  await Promise.all([batch, ...parts])
}

/** LMDB reports a write that found too little space as an input/output error, since a part of it went through. */
async function toLmdbError(thrown: unknown, folder: string): Promise<AppError> {
  const cause = await findCommitError(thrown)
  const reason = cause instanceof Error ? cause.message : String(cause)
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const isFull = code === ENOSPC || code === EDQUOT || code === MAP_FULL || (code === EIO && (await findFreeBytes(folder)) < FREE_BYTES_LEAST)
  return isFull ? errors.full({ folder, reason }, cause) : errors.failed({ folder, reason }, cause)
}

/** A failed commit rejects with an error that carries a promise of the real one. */
async function findCommitError(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || !('commitError' in thrown)) return thrown
  try {
    await thrown.commitError
    return thrown
  } catch (cause) {
    return cause
  }
}

async function findFreeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return Infinity
  }
}
