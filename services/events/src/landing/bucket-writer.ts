// Makes bucket files in a thread of its own, so that landing takes nothing from the collector's event loop.
import { Worker } from 'node:worker_threads'
import { errors } from '../errors.ts'
import type { BucketColumn } from '../domain/bucket-columns.ts'
import type { PackedEvents } from './packed-events.ts'
import type { BucketBytes } from './write-bucket-file.ts'

export type WriteTask = { id: number; columns: BucketColumn[]; startMs: number; events: PackedEvents }
export type WriteResult = { id: number; file: BucketBytes } | { id: number; failure: string }

export type BucketWriter = {
  /** As `writeBucketFile`, which says what comes back; `events` moves to the thread and is empty here afterwards. */
  write(columns: BucketColumn[], startMs: number, events: PackedEvents): Promise<BucketBytes>
  close(): Promise<void>
}

type Waiting = { resolve(file: BucketBytes): void; reject(error: Error): void }

/** The thread begins with the first file. If it ends, what it was given fails, and the next file begins another. */
export function createBucketWriter(): BucketWriter {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0

  const start = (): Worker => {
    const started = new Worker(new URL('./bucket-worker.ts', import.meta.url))
    let reason = 'it ended'
    started.on('message', (result: WriteResult) => {
      const one = waiting.get(result.id)
      waiting.delete(result.id)
      if (waiting.size === 0) started.unref()
      if ('file' in result) one?.resolve(result.file)
      else one?.reject(errors.bucketUnwritten({ reason: result.failure }))
    })
    started.once('error', (error) => {
      reason = error instanceof Error ? error.message : String(error)
    })
    started.once('exit', () => {
      if (worker !== started) return
      worker = undefined
      for (const { reject } of waiting.values()) reject(errors.bucketUnwritten({ reason }))
      waiting.clear()
    })
    return started
  }

  return {
    write(columns, startMs, events) {
      worker ??= start()
      worker.ref()
      const task: WriteTask = { id: ++lastId, columns, startMs, events }
      return new Promise<BucketBytes>((resolve, reject) => {
        waiting.set(task.id, { resolve, reject })
        worker?.postMessage(task, [events.values.buffer, events.ends.buffer, events.timesMs.buffer])
      })
    },
    async close() {
      await worker?.terminate()
    },
  }
}
