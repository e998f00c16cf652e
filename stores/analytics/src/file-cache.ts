// Remote files on this machine: each version is fetched once, used by any number of queries, and goes when the room is needed, the longest unused first.
//
//   <folder>/<slot>/<hash of key and version>-<name>      a slot belongs to one process at a time; what an earlier one fetched is used on
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { createLimit } from '@rondo/async'
import { createCtx, throwIfCancelled, type Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import { acquireFolderLock, findErrno, FolderLockedError, isStorageFull, makeFolderDurably, nodeFileSystem, type FileSystem, type FolderLock } from '@rondo/files'
import { errors } from './errors.ts'
import { lookUpFiles } from './look-up-files.ts'
import type { RemoteFile, RemoteFiles } from './remote-files.ts'

export type FileCacheOptions = { remote: RemoteFiles; folder: string; limitBytes: number; fileSystem?: FileSystem }

export type Held = {
  /** A path is its own path. */
  pathOf(location: string): string
  /** An error in the names that the caller knows. A file that it names is fetched anew the next time: it may have been harmed here. */
  explain(error: AppError): AppError
  release(): void
}

export type FileCache = {
  /** Fetches what is not here in its present version. The files stay until `release`. Throws `DATA_UNREADABLE`, `SQL_TOO_LARGE`, `STORAGE_FULL`, and what the store throws. */
  hold(locations: string[], ctx: Ctx): Promise<Held>
  close(): Promise<void>
}

type Entry = { path: string; sizeBytes: number; holders: number; /** Rejects, and the entry is gone, when it could not be fetched. */ here: Promise<void> }

const FETCHES_AT_ONCE = 4
/** Of one file in memory. */
const CHUNK_BYTES = 8 * 2 ** 20
const SLOTS = 64
const FILE = /^[0-9a-f]{32}-/

export async function openFileCache({ remote, folder, limitBytes, fileSystem = nodeFileSystem }: FileCacheOptions): Promise<FileCache> {
  const { slot, lock } = await takeSlot(fileSystem, folder)
  /** The longest unused first. */
  const entries = await readEntries(fileSystem, slot)
  const limit = createLimit(FETCHES_AT_ONCE)
  const closing = new AbortController()
  const fetching = new Set<Promise<void>>()
  const leaving = new Map<string, Promise<void>>()

  const drop = (path: string): Promise<void> => {
    entries.delete(path)
    const left = fileSystem.unlink(path).catch(ignoreMissing).finally(() => leaving.delete(path))
    leaving.set(path, left)
    return left
  }
  const makeRoom = async (): Promise<void> => {
    let used = 0
    for (const { sizeBytes } of entries.values()) used += sizeBytes
    for (const [path, { sizeBytes, holders }] of [...entries]) {
      if (used <= limitBytes) return
      if (holders > 0) continue
      used -= sizeBytes
      await drop(path)
    }
  }
  const fetchFile = async (location: string, file: RemoteFile, path: string): Promise<void> => {
    const part = `${path}.part`
    try {
      await leaving.get(path)
      await makeRoom()
      await download(fileSystem, remote, location, file, part, createCtx({ signal: closing.signal }))
      await fileSystem.rename(part, path)
    } catch (thrown) {
      entries.delete(path)
      await fileSystem.unlink(part).catch(() => undefined)
      if (isStorageFull(thrown)) throw errors.full({ reason: `fetching "${location}"` }, thrown)
      throw thrown instanceof AppError ? thrown : errors.files({ reason: `"${location}" could not be fetched: ${thrown instanceof Error ? thrown.message : String(thrown)}` }, thrown)
    }
  }
  const hold = (location: string, file: RemoteFile): Entry => {
    const path = join(slot, `${createHash('sha256').update(`${file.key}\0${file.version}`).digest('hex').slice(0, 32)}-${basename(file.key)}`)
    const known = entries.get(path)
    // A file of an earlier process that was cut is no file.
    if (known !== undefined && known.sizeBytes !== file.sizeBytes) void drop(path).catch(() => undefined)
    else if (known !== undefined) {
      // To the end of the line.
      entries.delete(path)
      entries.set(path, known)
      known.holders += 1
      return known
    }
    const here = limit(() => fetchFile(location, file, path))
    const entry: Entry = { path, sizeBytes: file.sizeBytes, holders: 1, here }
    entries.set(path, entry)
    const ended = here.catch(() => undefined).finally(() => fetching.delete(ended))
    fetching.add(ended)
    return entry
  }

  return {
    async hold(locations, ctx) {
      const keys = new Map<string, string>()
      for (const location of locations) {
        const key = remote.findKey(location)
        if (key !== undefined) keys.set(location, key)
      }
      const files = await lookUpFiles(remote, [...keys.values()], ctx)
      const found = [...keys.keys()].map((location, index) => ({ location, file: files[index] }))
      const missing = found.find(({ file }) => file === undefined)
      if (missing !== undefined) throw errors.files({ reason: `there is no "${missing.location}"` })
      const sizeBytes = files.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0)
      if (sizeBytes > limitBytes) throw errors.cache({ files: keys.size, sizeMb: Math.ceil(sizeBytes / 1e6), limitMb: Math.floor(limitBytes / 1e6) })
      const held = new Map<string, Entry>()
      for (const { location, file } of found) if (file !== undefined) held.set(location, hold(location, file))
      const release = (): void => {
        for (const entry of held.values()) entry.holders -= 1
        held.clear()
      }
      try {
        await orCancelled(Promise.all([...held.values()].map(({ here }) => here)), ctx)
      } catch (thrown) {
        release()
        throw thrown
      }
      return {
        pathOf: (location) => held.get(location)?.path ?? location,
        explain(error) {
          for (const { path } of held.values()) if (error.message.includes(path)) void drop(path).catch(() => undefined)
          const rename = (text: string): string => [...held].reduce((renamed, [location, { path }]) => renamed.replaceAll(path, location), text)
          const details = Object.fromEntries(Object.entries(error.details).map(([name, value]) => [name, typeof value === 'string' ? rename(value) : value]))
          return new AppError({ code: error.code, kind: error.kind, message: rename(error.message), details, cause: error.cause, ...(error.help === undefined ? {} : { help: error.help }) })
        },
        release,
      }
    },
    async close() {
      if (closing.signal.aborted) return
      closing.abort(errors.closed({}))
      await Promise.all(fetching)
      await lock.release()
    },
  }
}

/** The first that no living process has: two processes may share a folder, but not each other's files, which the other may drop. */
async function takeSlot(fileSystem: FileSystem, folder: string): Promise<{ slot: string; lock: FolderLock }> {
  for (let number = 1; ; number += 1) {
    const slot = join(folder, String(number))
    await makeFolderDurably(fileSystem, slot)
    try {
      return { slot, lock: await acquireFolderLock(fileSystem, slot) }
    } catch (thrown) {
      if (!(thrown instanceof FolderLockedError) || number === SLOTS) throw thrown
    }
  }
}

async function readEntries(fileSystem: FileSystem, slot: string): Promise<Map<string, Entry>> {
  const found: { path: string; sizeBytes: number; modifiedMs: number }[] = []
  for (const { name } of await fileSystem.readFolder(slot)) {
    if (!FILE.test(name)) continue
    const path = join(slot, name)
    if (name.endsWith('.part')) await fileSystem.unlink(path).catch(ignoreMissing)
    else {
      const info = await fileSystem.find(path)
      if (info !== undefined) found.push({ path, sizeBytes: info.sizeBytes, modifiedMs: info.modifiedMs })
    }
  }
  found.sort((a, b) => a.modifiedMs - b.modifiedMs)
  return new Map(found.map(({ path, sizeBytes }) => [path, { path, sizeBytes, holders: 0, here: Promise.resolve() }]))
}

async function download(fileSystem: FileSystem, remote: RemoteFiles, location: string, file: RemoteFile, path: string, ctx: Ctx): Promise<void> {
  const replaced = (): AppError => errors.files({ reason: `"${location}" was replaced while it was read` })
  const target = await fileSystem.open(path, 'wx+')
  try {
    if (file.sizeBytes <= CHUNK_BYTES) {
      const bytes = await remote.get(file.key, {}, ctx)
      if (bytes.byteLength !== file.sizeBytes) throw replaced()
      await target.writev([bytes], 0)
    } else {
      for (let start = 0; start < file.sizeBytes; start += CHUNK_BYTES) {
        const range = { start, end: Math.min(file.sizeBytes, start + CHUNK_BYTES) }
        const bytes = await remote.get(file.key, { range }, ctx)
        if (bytes.byteLength !== range.end - range.start) throw replaced()
        await target.writev([bytes], start)
      }
      // The parts belong together only if it is still the same.
      if ((await remote.find(file.key, ctx))?.version !== file.version) throw replaced()
    }
    // A later process believes what has its name.
    await target.dataSync()
  } finally {
    await target.close()
  }
}

/** A fetch goes on for others, and for the next try, when one caller leaves. */
function orCancelled<T>(work: Promise<T>, ctx: Ctx): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      try {
        throwIfCancelled(ctx)
      } catch (cancelled) {
        reject(cancelled)
      }
    }
    leave()
    ctx.signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => ctx.signal.removeEventListener('abort', leave))
  })
}

function ignoreMissing(thrown: unknown): void {
  if (findErrno(thrown) !== 'ENOENT') throw thrown
}
