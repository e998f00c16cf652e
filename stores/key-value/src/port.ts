// The port of point reads and writes: online features, users' state, weekly lists.
import type { Ctx } from '@rondo/context'

/** Entries of one partition live together and are ordered by `sort` (UTF-8 bytes); both at most 512 bytes. */
export type Key = { partition: string; sort: string }

export type Entry = Key & { value: Uint8Array }

export type PutOptions = {
  /** Seen as absent after this long. */
  ttlMs?: number
}

export type KeyValue = {
  get(key: Key, ctx: Ctx): Promise<Uint8Array | undefined>
  /** In the order of `keys`. */
  getMany(keys: Key[], ctx: Ctx): Promise<(Uint8Array | undefined)[]>
  /** Durable when resolved. Entries of one call and one partition become visible together. */
  putMany(entries: Entry[], options: PutOptions, ctx: Ctx): Promise<void>
  /** Writes only when the current value equals `expected` (undefined: absent); false when it did not. */
  putIf(entry: Entry, expected: Uint8Array | undefined, ctx: Ctx): Promise<boolean>
  deleteMany(keys: Key[], ctx: Ctx): Promise<void>
  /** Entries of a partition whose `sort` begins with `prefix`, in order, after `after`. Default limit 1,000. */
  scan(range: { partition: string; prefix?: string; after?: string; limit?: number; reverse?: boolean }, ctx: Ctx): Promise<Entry[]>
  ready(ctx: Ctx): Promise<void>
  close(): Promise<void>
}
