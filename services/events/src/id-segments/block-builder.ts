// Puts ids in order and makes their filters in a thread of its own, so that requests do not wait for it.
import { Worker } from 'node:worker_threads'
import type { BuildBlock, BuiltBlock } from './segment-file.ts'

export type BlockTask = { id: number; parts: Uint32Array<ArrayBuffer>[]; prefixBits: number; bucketBits: number }
export type BlockResult = { id: number; block: BuiltBlock } | { id: number; failure: string }

export type BlockBuilder = { build: BuildBlock; close(): Promise<void> }

type Waiting = { resolve(block: BuiltBlock): void; reject(error: Error): void }

/** The thread begins with the first block. If it ends, what it was given fails, and the next block begins another. */
export function createBlockBuilder(): BlockBuilder {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0
  let isClosing = false

  const start = (): Worker => {
    const started = new Worker(new URL('./block-worker.ts', import.meta.url))
    let reason = 'it ended'
    started.on('message', (result: BlockResult) => {
      const one = waiting.get(result.id)
      waiting.delete(result.id)
      if (waiting.size === 0 && !isClosing) started.unref()
      if ('block' in result) one?.resolve(result.block)
      else one?.reject(new Error(`The ids could not be put in order: ${result.failure}`))
    })
    started.once('error', (error) => {
      reason = error instanceof Error ? error.message : String(error)
    })
    started.once('exit', () => {
      if (worker !== started) return
      worker = undefined
      for (const { reject } of waiting.values()) reject(new Error(`The thread that puts ids in order is gone: ${reason}`))
      waiting.clear()
    })
    return started
  }

  return {
    build(parts, prefixBits, bucketBits) {
      worker ??= start()
      worker.ref()
      const task: BlockTask = { id: ++lastId, parts, prefixBits, bucketBits }
      return new Promise((resolve, reject) => {
        waiting.set(task.id, { resolve, reject })
        worker?.postMessage(task, parts.map(({ buffer }) => buffer))
      })
    },
    async close() {
      // Nothing else may keep the process alive until the thread has ended.
      isClosing = true
      worker?.ref()
      await worker?.terminate()
    },
  }
}
