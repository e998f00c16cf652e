// Open files of the whole log, few at a time: thousands of topics share a bounded number of descriptors.
import { createLimit } from '@rondo/async'
import type { FileSystem, OpenFile } from '@rondo/files'

export type HandlePool = {
  /** `work` gets the file, opened for reading and durable writing (`rd+`); it stays open at least until `work` settles. Waits while `maxOpen` files are in use. */
  use<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T>
  /** Counts a file that `work` opens itself. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Closes the file as soon as nobody uses it: before it is unlinked. */
  forget(path: string): void
  /** Closes each file once nobody uses it; resolves when all are closed. */
  close(): Promise<void>
}

type Handle = { path: string; file: Promise<OpenFile>; users: number; isForgotten: boolean; closed: PromiseWithResolvers<void> }

/** At most `maxOpen` are open, beside those that are just being closed. */
export function createHandlePool(fileSystem: FileSystem, maxOpen: number): HandlePool {
  /** In the order of last use. */
  const handles = new Map<string, Handle>()
  const unclosed = new Set<Handle>()
  const limit = createLimit(maxOpen)

  const open = (path: string): Handle => {
    const handle: Handle = { path, file: fileSystem.open(path, 'rd+'), users: 0, isForgotten: false, closed: Promise.withResolvers() }
    unclosed.add(handle)
    return handle
  }
  const shut = (handle: Handle): void => {
    const end = (): void => {
      unclosed.delete(handle)
      handle.closed.resolve()
    }
    handle.file.then((file) => file.close()).then(end, end)
  }
  const forget = (handle: Handle): void => {
    if (handles.get(handle.path) === handle) handles.delete(handle.path)
    if (handle.isForgotten) return
    handle.isForgotten = true
    if (handle.users === 0) shut(handle)
  }
  const evict = (): void => {
    for (const handle of handles.values()) {
      if (handles.size <= maxOpen) return
      if (handle.users === 0) forget(handle)
    }
  }
  const use = async <T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T> => {
    const handle = handles.get(path) ?? open(path)
    handle.users += 1
    handles.delete(path)
    handles.set(path, handle)
    evict()
    try {
      const file = await handle.file.catch((error: unknown) => {
        forget(handle)
        throw error
      })
      return await work(file)
    } finally {
      handle.users -= 1
      if (handle.users === 0 && handle.isForgotten) shut(handle)
    }
  }

  return {
    use: (path, work) => limit(() => use(path, work)),
    run: limit,
    forget(path) {
      const handle = handles.get(path)
      if (handle) forget(handle)
    },
    async close() {
      for (const handle of [...handles.values()]) forget(handle)
      await Promise.all([...unclosed].map(({ closed }) => closed.promise))
    },
  }
}
