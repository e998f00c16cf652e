// The port that file drivers write through, so that a test can put a failing disk behind them.

/**
 * `r` reads; `r+` reads and writes what exists; `wx+` creates, reads and writes, and fails with EEXIST when the path is taken. `rd+` is as `r+`,
 * and each `writev` is as if `dataSync` came with it: in one call of the system where it can (O_DSYNC), else in two.
 */
export type OpenFlags = 'r' | 'r+' | 'rd+' | 'wx+'

/** Positions and sizes are bytes. Failures carry `code` as Node's errors do (ENOSPC, EIO, ENOENT …). */
export type OpenFile = {
  /** Fills `into` from `position`; fewer bytes than asked only at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>
  /** The same while everything waits: for the few bytes of a look that cannot. */
  readNow(into: Uint8Array, position: number): number
  /** Writes all parts one after the other, or fails having written any prefix of them. */
  writev(parts: Uint8Array[], position: number): Promise<void>
  /** Content and size survive a loss of power once resolved (fdatasync); the name needs `syncFolder`. */
  dataSync(): Promise<void>
  truncate(sizeBytes: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/** `id` (the inode) stays when a path is renamed and linked, and is another for a copy; absent where there is none. */
export type PathInfo = { kind: 'file' | 'folder'; sizeBytes: number; modifiedMs: number; id?: string }

export type FolderEntry = { name: string; kind: 'file' | 'folder' }

export type FileSystem = {
  open(path: string, flags: OpenFlags): Promise<OpenFile>
  find(path: string): Promise<PathInfo | undefined>
  /** In no particular order. */
  readFolder(path: string): Promise<FolderEntry[]>
  /** One level; false when it was there. */
  makeFolder(path: string): Promise<boolean>
  /** Replaces what is at `to`. */
  rename(from: string, to: string): Promise<void>
  /** A second name for a file; fails with EEXIST when `to` is taken. */
  link(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  /** An empty one. */
  removeFolder(path: string): Promise<void>
  /** Names made, changed or removed directly in this folder survive a loss of power once resolved. */
  syncFolder(path: string): Promise<void>
}
