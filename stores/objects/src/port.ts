// The port of large immutable objects: buckets of Parquet, audio, model artefacts.
import type { Ctx } from '@rondo/context'

export type ObjectInfo = { key: string; sizeBytes: number; modifiedMs: number; /** Another one when the object was put again with other bytes. */ version: string }

export type Capabilities = {
  /** `locate` gives paths of files on this machine, which any program reads; otherwise addresses, which lead to the bytes only through this port. */
  isLocal: boolean
}

export type Objects = {
  readonly capabilities: Capabilities
  /**
   * Whole or not at all: a reader sees the old object, the new one, or none; durable when resolved. With `ifAbsent`, returns false and
   * changes nothing when the key is taken. Keys are "/"-separated segments of [A-Za-z0-9._=-]; anything else is refused (`BAD_KEY`).
   */
  put(key: string, bytes: Uint8Array, options: { ifAbsent?: boolean }, ctx: Ctx): Promise<boolean>
  /** Throws `OBJECT_NOT_FOUND`. `range` is half-open, in bytes. */
  get(key: string, options: { range?: { start: number; end: number } }, ctx: Ctx): Promise<Uint8Array>
  find(key: string, ctx: Ctx): Promise<ObjectInfo | undefined>
  /** In key order; `after` is the last key of the page before. */
  list(prefix: string, options: { after?: string; limit?: number }, ctx: Ctx): Promise<ObjectInfo[]>
  delete(key: string, ctx: Ctx): Promise<void>
  /** The address under which an analytics engine knows this key: a path, or an s3:// URL without secrets. */
  locate(key: string): string
  /** The key that `locate` gave this address for; undefined for any other address. */
  findKey(location: string): string | undefined
  /** For engines that write files themselves: they write to `path` on this machine, then `publish()` makes it the object `key`, whole and durable; `discard()` drops it. */
  stage(key: string, ctx: Ctx): Promise<{ path: string; publish(): Promise<ObjectInfo>; discard(): Promise<void> }>
  ready(ctx: Ctx): Promise<void>
  close(): Promise<void>
}
