// The machine's file system behind the port. Callback calls on plain descriptors: they cost less CPU than FileHandle objects.
import fs from 'node:fs'
import { findErrno } from './errno.ts'
import type { FileSystem, OpenFile } from './file-system.ts'

/** POSIX limit of parts in one writev (IOV_MAX on Linux and macOS). */
const MAX_PARTS = 1024

export const nodeFileSystem: FileSystem = {
  async open(path, flags) {
    if (flags === 'rd+') return openDurably(path)
    return openFile(await call<number>((done) => fs.open(path, flags, done)))
  },
  async find(path) {
    try {
      const stats = await fs.promises.stat(path)
      return { kind: stats.isDirectory() ? 'folder' : 'file', sizeBytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs), id: String(stats.ino) }
    } catch (error) {
      if (findErrno(error) === 'ENOENT' || findErrno(error) === 'ENOTDIR') return undefined
      throw error
    }
  },
  async readFolder(path) {
    const entries = await fs.promises.readdir(path, { withFileTypes: true })
    return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }))
  },
  async makeFolder(path) {
    try {
      await fs.promises.mkdir(path)
      return true
    } catch (error) {
      if (findErrno(error) === 'EEXIST') return false
      throw error
    }
  },
  rename: (from, to) => fs.promises.rename(from, to),
  link: (from, to) => fs.promises.link(from, to),
  unlink: (path) => fs.promises.unlink(path),
  removeFolder: (path) => fs.promises.rmdir(path),
  async syncFolder(path) {
    const handle = await fs.promises.open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

const { O_RDWR, O_DSYNC } = fs.constants
/** What a system or a file system answers that does not know the flag. */
const REFUSALS = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'])

async function openDurably(path: string): Promise<OpenFile> {
  // Not every system has the flag, whatever the types say.
  if (typeof O_DSYNC === 'number') {
    try {
      return openFile(await call<number>((done) => fs.open(path, O_RDWR | O_DSYNC, done)))
    } catch (error) {
      if (!REFUSALS.has(findErrno(error) ?? '')) throw error
    }
  }
  const file = openFile(await call<number>((done) => fs.open(path, 'r+', done)))
  return {
    ...file,
    async writev(parts, position) {
      await file.writev(parts, position)
      await file.dataSync()
    },
  }
}

function openFile(fd: number): OpenFile {
  return {
    async read(into, position) {
      let filled = 0
      while (filled < into.byteLength) {
        const count = await call<number>((done) => fs.read(fd, into, filled, into.byteLength - filled, position + filled, done))
        if (count === 0) break
        filled += count
      }
      return filled
    },
    readNow(into, position) {
      let filled = 0
      while (filled < into.byteLength) {
        const count = fs.readSync(fd, into, filled, into.byteLength - filled, position + filled)
        if (count === 0) break
        filled += count
      }
      return filled
    },
    async writev(parts, position) {
      let rest = parts
      let at = position
      while (rest.length > 0) {
        const written = await call<number>((done) => fs.writev(fd, rest.slice(0, MAX_PARTS), at, done))
        at += written
        rest = dropBytes(rest, written)
      }
    },
    dataSync: () => call<void>((done) => fs.fdatasync(fd, done)),
    truncate: (sizeBytes) => call<void>((done) => fs.ftruncate(fd, sizeBytes, done)),
    size: async () => (await call<fs.Stats>((done) => fs.fstat(fd, done))).size,
    close: () => call<void>((done) => fs.close(fd, done)),
  }
}

/** What is left of `parts` after their first `count` bytes: a full disk makes short writes. */
function dropBytes(parts: Uint8Array[], count: number): Uint8Array[] {
  let left = count
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as Uint8Array
    if (left < part.byteLength) return left === 0 ? parts.slice(index) : [part.subarray(left), ...parts.slice(index + 1)]
    left -= part.byteLength
  }
  return []
}

function call<T>(start: (done: (error: NodeJS.ErrnoException | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value as T)))
  })
}
