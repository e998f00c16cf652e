// Objects as files under their keys. A file is written aside, synced, and renamed, so that a key always leads to whole bytes.
import { basename, dirname, join, relative, sep } from 'node:path'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import { createLimit } from '@rondo/async'
import { createFolderSyncs, findErrno, isStorageFull, makeFolderDurably, nodeFileSystem, nodeProcessIdentity, type FileSystem, type ProcessIdentity } from '@rondo/files'
import { checkKey, checkLimit, checkPrefix, checkRange, isKey } from '../check-key.ts'
import { errors } from '../errors.ts'
import type { ObjectInfo, Objects } from '../port.ts'
import { openStaging } from '../staging.ts'
import { listTree } from './list-tree.ts'

export type FileObjectsOptions = { fileSystem?: FileSystem; identity?: ProcessIdentity }

const MAX_OPEN_FILES = 64
const DEFAULT_LIMIT = 1_000

export async function openFileObjects(root: string, options: FileObjectsOptions = {}): Promise<Objects> {
  const fileSystem = options.fileSystem ?? nodeFileSystem
  const staging = await (async () => {
    await makeFolderDurably(fileSystem, root)
    return openStaging(fileSystem, root, options.identity ?? nodeProcessIdentity)
  })().catch((error: unknown) => {
    throw toObjectsError(error, basename(root))
  })
  const syncFolder = createFolderSyncs(fileSystem)
  const limit = createLimit(MAX_OPEN_FILES)
  const knownFolders = new Set<string>()
  let isClosed = false

  const enter = (ctx: Ctx): void => {
    throwIfCancelled(ctx)
    if (isClosed) throw errors.closed({})
  }
  /** Every disk operation: bounded, and with its error in the words of the store. */
  const onDisk = <T>(key: string, work: () => Promise<T>): Promise<T> =>
    limit(work).catch((error: unknown) => {
      throw toObjectsError(error, key)
    })
  const find = async (key: string): Promise<ObjectInfo | undefined> => {
    const info = await fileSystem.find(join(root, key))
    if (info?.kind !== 'file') return undefined
    const { sizeBytes, modifiedMs, id = '' } = info
    return { key, sizeBytes, modifiedMs, version: `${id}-${modifiedMs}-${sizeBytes}` }
  }
  /** Gives the synced file at `temporary` its key; with `ifAbsent`, false when the key is taken. The temporary name is gone afterwards. */
  const publish = async (temporary: string, key: string, ifAbsent: boolean): Promise<boolean> => {
    const path = join(root, key)
    const folder = dirname(path)
    for (let isRetry = false; ; isRetry = true) {
      try {
        if (!knownFolders.has(folder)) {
          await makeFolderDurably(fileSystem, folder)
          knownFolders.add(folder)
        }
        if (ifAbsent) await fileSystem.link(temporary, path)
        else await fileSystem.rename(temporary, path)
        break
      } catch (error) {
        if (ifAbsent && findErrno(error) === 'EEXIST') return false
        // Somebody removed the folder behind our back: it is made once more.
        if (isRetry || findErrno(error) !== 'ENOENT' || !knownFolders.delete(folder)) throw error
      }
    }
    await syncFolder(folder)
    return true
  }
  const drop = (path: string): Promise<void> => fileSystem.unlink(path).catch(() => undefined)

  return {
    capabilities: { isLocal: true },

    async put(key, bytes, { ifAbsent = false }, ctx) {
      enter(ctx)
      checkKey(key)
      return onDisk(key, async () => {
        if (ifAbsent && (await find(key))) return false
        const temporary = staging.newPath(key)
        try {
          const file = await fileSystem.open(temporary, 'wx+')
          try {
            await file.writev([bytes], 0)
            await file.dataSync()
          } finally {
            await file.close()
          }
          const isPublished = await publish(temporary, key, ifAbsent)
          if (ifAbsent) await drop(temporary)
          return isPublished
        } catch (error) {
          await drop(temporary)
          throw error
        }
      })
    },

    async get(key, { range }, ctx) {
      enter(ctx)
      checkKey(key)
      checkRange(key, range)
      return onDisk(key, async () => {
        const file = await fileSystem.open(join(root, key), 'r')
        try {
          const sizeBytes = await file.size()
          const start = Math.min(range?.start ?? 0, sizeBytes)
          const bytes = Buffer.allocUnsafeSlow(Math.min(range?.end ?? sizeBytes, sizeBytes) - start)
          return bytes.subarray(0, await file.read(bytes, start))
        } finally {
          await file.close()
        }
      }).catch((error: AppError) => {
        throw isMissing(error.cause) ? errors.notFound({ key }, error.cause) : error
      })
    },

    async find(key, ctx) {
      enter(ctx)
      checkKey(key)
      return onDisk(key, () => find(key))
    },

    async list(prefix, { after = '', limit: maxKeys = DEFAULT_LIMIT }, ctx) {
      enter(ctx)
      checkPrefix(prefix)
      checkPrefix(after)
      checkLimit(maxKeys)
      return onDisk(prefix, async () => {
        const rows: ObjectInfo[] = []
        for await (const key of listTree(fileSystem, root, prefix, after)) {
          const info = await find(key)
          if (info) rows.push(info)
          if (rows.length >= maxKeys) break
        }
        return rows
      })
    },

    async delete(key, ctx) {
      enter(ctx)
      checkKey(key)
      await onDisk(key, async () => {
        if (!(await find(key))) return
        await fileSystem.unlink(join(root, key)).catch((error: unknown) => {
          if (findErrno(error) !== 'ENOENT') throw error
        })
        await syncFolder(dirname(join(root, key)))
      })
    },

    locate(key) {
      checkKey(key)
      return join(root, key)
    },

    findKey(location) {
      const key = relative(root, location).replaceAll(sep, '/')
      return isKey(key) && join(root, key) === location ? key : undefined
    },

    async stage(key, ctx) {
      enter(ctx)
      checkKey(key)
      const path = staging.newPath(key)
      let hasEnded = false
      return {
        path,
        async publish() {
          if (hasEnded) throw errors.stageEnded({ key })
          if (isClosed) throw errors.closed({})
          hasEnded = true
          return onDisk(key, async () => {
            if (!(await fileSystem.find(path))) throw errors.stageMissing({ key, path })
            try {
              const file = await fileSystem.open(path, 'r+')
              try {
                await file.dataSync()
              } finally {
                await file.close()
              }
              await publish(path, key, false)
            } catch (error) {
              await drop(path)
              throw error
            }
            return (await find(key)) ?? { key, sizeBytes: 0, modifiedMs: 0, version: '' }
          })
        },
        async discard() {
          hasEnded = true
          await drop(path)
        },
      }
    },

    async ready(ctx) {
      enter(ctx)
      await onDisk(basename(root), () => fileSystem.readFolder(root))
    },

    async close() {
      if (isClosed) return
      isClosed = true
      await onDisk(basename(root), () => staging.close())
    },
  }
}

function toObjectsError(thrown: unknown, key: string): AppError {
  if (thrown instanceof AppError) return thrown
  const code = findErrno(thrown)
  if (isStorageFull(thrown)) return errors.storageFull({ key }, thrown)
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOTEMPTY') return errors.keyBlocked({ key }, thrown)
  return errors.ioFailed({ key, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
}

/** No file lies there: nothing at all, a folder, or something below a file. */
function isMissing(thrown: unknown): boolean {
  const code = findErrno(thrown)
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR'
}
