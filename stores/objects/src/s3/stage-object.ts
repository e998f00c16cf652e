// Files that engines write on this machine, on their way into the bucket.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBufferPool, findErrno, isStorageFull, makeFolderDurably, nodeFileSystem, nodeProcessIdentity, type BufferPool, type OpenFile } from '@rondo/files'
import { errors } from '../errors.ts'
import type { ObjectInfo } from '../port.ts'
import { openStaging } from '../staging.ts'
import { PART_BYTES, PARTS_AT_ONCE, type Source } from './write-object.ts'

export type Stage = { path: string; publish(): Promise<ObjectInfo>; discard(): Promise<void> }

export type Stages = {
  /** `upload` makes the file an object. */
  stage(key: string, upload: (source: Source) => Promise<ObjectInfo>): Stage
  close(): Promise<void>
}

/** In `folder`, where what dead processes left is swept; without one, in a folder among the machine's temporary ones that goes with `close`. */
export async function openStages(folder: string | undefined): Promise<Stages> {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'rondo-objects-')))
  await makeFolderDurably(nodeFileSystem, root)
  const pool = createBufferPool(PARTS_AT_ONCE * PART_BYTES)
  const staging = await openStaging(nodeFileSystem, root, nodeProcessIdentity)
  return {
    stage(key, upload) {
      const path = staging.newPath(key)
      const drop = (): Promise<void> => nodeFileSystem.unlink(path).catch(() => undefined)
      let hasEnded = false
      return {
        path,
        async publish() {
          if (hasEnded) throw errors.stageEnded({ key })
          hasEnded = true
          try {
            return await withFile(key, path, pool, upload)
          } finally {
            await drop()
          }
        },
        async discard() {
          hasEnded = true
          await drop()
        },
      }
    },
    async close() {
      await staging.close()
      if (folder === undefined) await rm(root, { recursive: true, force: true })
    },
  }
}

async function withFile<T>(key: string, path: string, pool: BufferPool, work: (source: Source) => Promise<T>): Promise<T> {
  const onDisk = <R>(operation: Promise<R>): Promise<R> =>
    operation.catch((thrown: unknown) => {
      if (findErrno(thrown) === 'ENOENT') throw errors.stageMissing({ key, path }, thrown)
      throw isStorageFull(thrown) ? errors.storageFull({ key }, thrown) : errors.ioFailed({ key, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
    })
  const file: OpenFile = await onDisk(nodeFileSystem.open(path, 'r'))
  try {
    const sizeBytes = await onDisk(file.size())
    return await work({
      sizeBytes,
      async lend(start, end, use) {
        const buffer = pool.take(end - start)
        const bytes = buffer.subarray(0, end - start)
        await onDisk(file.read(bytes, start))
        const result = await use(bytes)
        // Not after a failure: a request that was given up may still be sending it.
        pool.give(buffer)
        return result
      },
    })
  } finally {
    await file.close()
  }
}
