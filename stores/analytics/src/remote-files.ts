// Files that do not lie on this machine, as an object store gives them: what the engine reads is fetched from there first.
import type { Ctx } from '@rondo/context'

export type RemoteFile = { key: string; sizeBytes: number; /** Another one when the file was replaced by other bytes. */ version: string }

export type RemoteFiles = {
  /** The key of a file by the name that callers give; undefined when it is a path on this machine. */
  findKey(location: string): string | undefined
  find(key: string, ctx: Ctx): Promise<RemoteFile | undefined>
  /** In the order of keys, those behind `after`. Fewer than `limit` are all there are. */
  list(prefix: string, options: { after: string; limit: number }, ctx: Ctx): Promise<RemoteFile[]>
  /** `range` is half-open, in bytes. */
  get(key: string, options: { range?: { start: number; end: number } }, ctx: Ctx): Promise<Uint8Array>
}
