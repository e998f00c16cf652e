// Starts a world in a thread of its own; only the platform's clock and the progress come back to the caller's.
import { Worker } from 'node:worker_threads'
import { AppError } from '@rondo/errors'
import { errors } from './errors.ts'
import type { RunWorldOptions } from './run-world.ts'
import type { FromWorld, ToWorld, WorldData } from './world-messages.ts'

export type WorldOptions = Omit<RunWorldOptions, 'fetch' | 'time' | 'timers'>

export type RunningWorld = {
  /** Never resolves; rejects when the world breaks. */
  failed: Promise<never>
  /** Ends after the step that runs; the state is kept. */
  close(): Promise<void>
}

export async function startWorld({ advance, onProgress, warn, ...data }: WorldOptions): Promise<RunningWorld> {
  const worker = new Worker(new URL('./world-worker.ts', import.meta.url), { workerData: data satisfies WorldData })
  const tell = (message: ToWorld): void => worker.postMessage(message)
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  let isClosing = false
  const failed = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (exitCode) => {
      if (!isClosing) reject(errors.workerStopped({ exitCode }))
    })
    worker.on('message', (message: FromWorld) => {
      if (message.kind === 'failed') reject(new AppError(message.error))
      else if (message.kind === 'progress') onProgress(message.progress)
      else if (message.kind === 'warning') warn?.(message.text)
      else if (message.kind === 'advance') advance(message.toMs).then(() => tell({ kind: 'advanced' }), (thrown: unknown) => {
        reject(thrown instanceof Error ? thrown : new Error(String(thrown)))
        void worker.terminate()
      })
    })
  })
  failed.catch(() => {})
  return {
    failed,
    async close() {
      isClosing = true
      tell({ kind: 'stop' })
      await ended
    },
  }
}
