// The port of point reads and writes: online features, users' state, weekly lists.
import type { Ctx } from '@rondo/context'
import type { Clock } from '@rondo/time'

/** Entries of one partition live together and are ordered by `sort` (UTF-8 bytes); both at most 512 bytes. */
export type Key = { partition: string; sort: string }

export type Entry = Key & { value: Uint8Array }

export type PutOptions = {
  /** Seen as absent after this long. */
  ttlMs?: number
}

export type KeyValueOptions = {
  /** Says when entries with a `ttlMs` expire. */
  clock: Clock
  /** Stores of one address and different namespaces share no keys: one for each service. */
  namespace?: string
}

/** In what engines differ. */
export type KeyValueCapabilities = {
  /** Who reads after a write was reported sees it, or a later one, from any process. */
  readsOwnWrites: boolean
  /** What was reported survives the machines losing power all at once, not only the processes. */
  survivesPowerLoss: boolean
  /** Largest value. */
  maxValueBytes: number
  /** Up to so many bytes (values, keys, 128 more an entry) the entries of one call and partition are written; more is refused (`BATCH_TOO_LARGE`). */
  maxTogetherBytes: number
  /** What one partition may hold in all; beyond it the engine refuses to read and write it. */
  maxPartitionBytes: number
}

export type KeyValue = {
  readonly capabilities: KeyValueCapabilities
  get(key: Key, ctx: Ctx): Promise<Uint8Array | undefined>
  /** In the order of `keys`. */
  getMany(keys: Key[], ctx: Ctx): Promise<(Uint8Array | undefined)[]>
  /** Durable when resolved. Entries of one call and one partition become visible together. */
  putMany(entries: Entry[], options: PutOptions, ctx: Ctx): Promise<void>
  /** Durable when resolved. Writes only when the current value equals `expected` (undefined: absent); false when it did not. */
  putIf(entry: Entry, expected: Uint8Array | undefined, ctx: Ctx): Promise<boolean>
  /** Durable when resolved. Keys of one call and one partition go together. */
  deleteMany(keys: Key[], ctx: Ctx): Promise<void>
  /** Entries of a partition whose `sort` begins with `prefix`, in order (or reversed), beyond `after` in that direction. Default limit 1,000. */
  scan(range: { partition: string; prefix?: string; after?: string; limit?: number; reverse?: boolean }, ctx: Ctx): Promise<Entry[]>
  /** Gives back the space of entries that have expired; reads ignore them in any case. Returns how many there were. */
  removeExpired(ctx: Ctx): Promise<number>
  ready(ctx: Ctx): Promise<void>
  close(): Promise<void>
}
