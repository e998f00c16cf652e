// Makes bucket files in a thread of its own, so that landing takes nothing from the collector's event loop.
import { Worker } from 'node:worker_threads'
import { errors } from '../errors.ts'
import type { BucketColumn } from '../domain/bucket-columns.ts'
import type { PackedEvents } from './packed-events.ts'
import type { BucketBytes } from './write-bucket-file.ts'
import type { PackedBytes, Piece } from './write-packed-file.ts'

type OneTask = { columns: BucketColumn[]; startMs: number; events: PackedEvents }
type PackTask = { startMs: number; pieces: Piece[] }
export type WriteTask = { id: number } & (OneTask | PackTask)
export type WriteResult = { id: number; file: BucketBytes | PackedBytes } | { id: number; failure: string }

export type BucketWriter = {
  /** As `writeBucketFile`, which says what comes back; `events` moves to the thread and is empty here afterwards. */
  write(columns: BucketColumn[], startMs: number, events: PackedEvents): Promise<BucketBytes>
  /** As `writePackedFile`; the events of all pieces move as well. */
  pack(startMs: number, pieces: Piece[]): Promise<PackedBytes>
  close(): Promise<void>
}

type Waiting = { resolve(file: BucketBytes | PackedBytes): void; reject(error: Error): void }

/** The thread begins with the first file. If it ends, what it was given fails, and the next file begins another. */
export function createBucketWriter(): BucketWriter {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0
  let isClosing = false

  const start = (): Worker => {
    const started = new Worker(new URL('./bucket-worker.ts', import.meta.url))
    let reason = 'it ended'
    started.on('message', (result: WriteResult) => {
      const one = waiting.get(result.id)
      waiting.delete(result.id)
      if (waiting.size === 0 && !isClosing) started.unref()
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

  function run<F extends BucketBytes | PackedBytes>(given: OneTask | PackTask, moved: PackedEvents[]): Promise<F> {
    worker ??= start()
    worker.ref()
    const task: WriteTask = { id: ++lastId, ...given }
    return new Promise<F>((resolve, reject) => {
      waiting.set(task.id, { resolve: (file) => resolve(file as F), reject })
      worker?.postMessage(task, moved.flatMap(({ values, ends, timesMs }) => [values.buffer, ends.buffer, timesMs.buffer]))
    })
  }

  return {
    write: (columns, startMs, events) => run<BucketBytes>({ columns, startMs, events }, [events]),
    pack: (startMs, pieces) => run<PackedBytes>({ startMs, pieces }, pieces.map(({ events }) => events)),
    async close() {
      // Nothing else may keep the process alive until the thread has ended.
      isClosing = true
      worker?.ref()
      await worker?.terminate()
    },
  }
}
