// Appending to a file by many callers at once: whoever arrives while a sync runs shares the next one.
import type { OpenFile } from '@rondo/files'
import { toDiskError } from './disk-error.ts'

/** Bytes of one group at most, so that the first of many callers does not wait for all. */
const MAX_GROUP_BYTES = 16 * 1024 * 1024

/** A file opened `rd+` that grows at its end: what a `writev` wrote is durable once it resolves. `isTailUnknown`: a write failed, so anything may lie beyond `durableBytes`. */
export type AppendTarget = {
  readonly path: string
  use<T>(work: (file: OpenFile) => Promise<T>): Promise<T>
  durableBytes: number
  isTailUnknown: boolean
}

export type GroupCommitInit<Entry extends { sizeBytes: number }> = {
  /** Which file the next group goes to. */
  target(group: Entry[]): Promise<AppendTarget>
  /** The bytes of a group that will lie at `target.durableBytes`; their lengths are the entries' `sizeBytes`. */
  seal(group: Entry[], target: AppendTarget): Uint8Array[]
  /** The group is durable; `target.durableBytes` is still where it begins. Called before its callers hear of it. */
  landed(group: Entry[], target: AppendTarget): void
}

export type GroupCommit<Entry> = {
  /** Resolves with the same entry once it is durable. */
  append(entry: Entry): Promise<Entry>
  /** Resolves at a moment when nothing is being written; what is appended afterwards starts in a later turn of the event loop. */
  idle(): Promise<void>
}

type Pending<Entry> = { entry: Entry; resolve(entry: Entry): void; reject(error: unknown): void }

/**
 * After a failure the tail is cut off before the next group is written, also when a sync failed: pages of a failed sync may be marked
 * clean, so they are never trusted, only rewritten.
 */
export function createGroupCommit<Entry extends { sizeBytes: number }>(init: GroupCommitInit<Entry>): GroupCommit<Entry> {
  let queue: Pending<Entry>[] = []
  let running: Promise<void> | undefined

  const run = async (): Promise<void> => {
    while (true) {
      // One turn of the event loop, so that those who were just told, and whoever came beside them, share the next group.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (queue.length === 0) break
      const group = takeGroup()
      try {
        await writeGroup(group.map(({ entry }) => entry))
        for (const { entry, resolve } of group) resolve(entry)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    running = undefined
  }

  const takeGroup = (): Pending<Entry>[] => {
    let bytes = 0
    let count = 0
    for (const { entry } of queue) {
      bytes += entry.sizeBytes
      if (count > 0 && bytes > MAX_GROUP_BYTES) break
      count += 1
    }
    const group = queue.slice(0, count)
    queue = queue.slice(count)
    return group
  }

  const writeGroup = async (group: Entry[]): Promise<void> => {
    const target = await init.target(group)
    const parts = init.seal(group, target)
    try {
      await target.use(async (file) => {
        await cutTail(target, file)
        target.isTailUnknown = true
        await file.writev(parts, target.durableBytes)
        target.isTailUnknown = false
      })
    } catch (error) {
      throw toDiskError(error, target.path)
    }
    init.landed(group, target)
    for (const { sizeBytes } of group) target.durableBytes += sizeBytes
  }

  return {
    append: (entry) =>
      new Promise((resolve, reject) => {
        queue.push({ entry, resolve, reject })
        running ??= run()
      }),
    async idle() {
      while (running) await running
    },
  }
}

/** Removes what a failed write may have left. */
export async function cutTail(target: AppendTarget, file: OpenFile): Promise<void> {
  if (!target.isTailUnknown) return
  await file.truncate(target.durableBytes)
  target.isTailUnknown = false
}
