// Threads that run kernels over ranges of rows on one shared memory, while the caller's event loop stays free.
//
//   caller            run(task) ── message ──▶ thread: begin = counter += chunk, until begin >= total or the stop flag is up
//   control memory    [counter, stop]          kernel(begin, end, scratch of this thread, ...args)
//   caller            ◀── message ──           done
import { Worker } from 'node:worker_threads'
import { numericsErrors } from '../errors.ts'

export type KernelTask = {
  kernel: string
  /** The kernel is called for ranges of `chunk` numbers that together cover 0..total. */
  total: number
  chunk: number
  args: readonly number[]
}

export type PoolOptions = {
  module: WebAssembly.Module
  memory: WebAssembly.Memory
  threads: number
  /** Thread t works in its own `scratchBytes` from scratchAt + t * scratchBytes. */
  scratchAt: number
  scratchBytes: number
}

export type PoolSetup = { module: WebAssembly.Module; memory: WebAssembly.Memory; control: Int32Array<SharedArrayBuffer>; scratch: number }

export type KernelPool = {
  /** One task at a time. Rejects with the signal's reason, after all threads have stopped, when it aborts. */
  run(task: KernelTask, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

export const COUNTER = 0
export const STOP = 1

/** The threads do not keep the process alive between tasks. */
export function openKernelPool({ module, memory, threads, scratchAt, scratchBytes }: PoolOptions): KernelPool {
  const control = new Int32Array(new SharedArrayBuffer(8))
  let broken: unknown
  let finish: ((failure?: unknown) => void) | undefined
  let busy = 0
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData: PoolSetup = { module, memory, control, scratch: scratchAt + thread * scratchBytes }
    const worker = new Worker(new URL('./pool-worker.ts', import.meta.url), { workerData })
    worker.on('message', () => {
      busy -= 1
      if (busy === 0) finish?.()
    })
    worker.on('error', (error) => fail(error))
    worker.on('exit', () => fail(new Error('a thread ended')))
    worker.unref()
    return worker
  })

  function fail(error: unknown): void {
    broken ??= error
    Atomics.store(control, STOP, 1)
    finish?.(error)
  }

  return {
    async run(task, signal) {
      signal?.throwIfAborted()
      if (broken) throw numericsErrors.poolClosed({ reason: String(broken) }, broken)
      Atomics.store(control, COUNTER, 0)
      Atomics.store(control, STOP, 0)
      const stop = (): void => void Atomics.store(control, STOP, 1)
      signal?.addEventListener('abort', stop)
      busy = workers.length
      const failure = await new Promise<unknown>((resolve) => {
        finish = resolve
        for (const worker of workers) {
          worker.ref()
          worker.postMessage(task)
        }
      })
      finish = undefined
      for (const worker of workers) worker.unref()
      signal?.removeEventListener('abort', stop)
      if (failure) throw numericsErrors.poolClosed({ reason: String(failure) }, failure)
      signal?.throwIfAborted()
    },
    async close() {
      broken ??= new Error('the pool was closed')
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
