// Open files of the whole log, few at a time: thousands of topics share a bounded number of descriptors.
import type { FileSystem, OpenFile } from '@rondo/files'

export type HandlePool = {
  /** `work` gets the file, opened for reading and writing; it stays open at least until `work` settles. */
  use<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T>
  /** Closes the file as soon as nobody uses it: before it is unlinked. */
  forget(path: string): void
  /** Resolves when all are closed; nothing may be in use. */
  close(): Promise<void>
}

type Handle = { path: string; file: Promise<OpenFile>; users: number; isForgotten: boolean }

/** More than `maxOpen` are open only while more are in use at once. */
export function createHandlePool(fileSystem: FileSystem, maxOpen: number): HandlePool {
  /** In the order of last use. */
  const handles = new Map<string, Handle>()
  const closing = new Set<Promise<void>>()

  const shut = (handle: Handle): void => {
    const done = handle.file.then((file) => file.close()).catch(() => undefined)
    closing.add(done)
    void done.then(() => closing.delete(done))
  }
  const evict = (): void => {
    for (const handle of handles.values()) {
      if (handles.size <= maxOpen) return
      if (handle.users > 0) continue
      handles.delete(handle.path)
      shut(handle)
    }
  }

  return {
    async use(path, work) {
      const handle = handles.get(path) ?? { path, file: fileSystem.open(path, 'r+'), users: 0, isForgotten: false }
      handle.users += 1
      handles.delete(path)
      handles.set(path, handle)
      evict()
      try {
        return await work(await handle.file)
      } catch (error) {
        await handle.file.catch(() => {
          if (handles.get(path) === handle) handles.delete(path)
        })
        throw error
      } finally {
        handle.users -= 1
        if (handle.users === 0 && handle.isForgotten) shut(handle)
      }
    },
    forget(path) {
      const handle = handles.get(path)
      if (!handle) return
      handles.delete(path)
      handle.isForgotten = true
      if (handle.users === 0) shut(handle)
    },
    async close() {
      for (const handle of handles.values()) shut(handle)
      handles.clear()
      await Promise.all(closing)
    },
  }
}
