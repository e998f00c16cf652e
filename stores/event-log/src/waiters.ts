// Long polls: who waits for records beyond which offset.
import { AppError } from '@rondo/errors'

type Waiter = { offset: number; finish(arrived: boolean): void }

/** Of one partition. */
export type Waiters = {
  /** True once `announce` tells of an end beyond `offset`, false after `timeoutMs` (real time) or at `release`; throws `CANCELLED` when the signal fires. */
  wait(offset: number, timeoutMs: number, signal: AbortSignal): Promise<boolean>
  announce(end: number): void
  release(): void
}

export function createWaiters(): Waiters {
  const waiting = new Set<Waiter>()
  return {
    wait(offset, timeoutMs, signal) {
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', cancel)
          waiting.delete(waiter)
        }
        const cancel = (): void => {
          stop()
          reject(new AppError({ code: 'CANCELLED', kind: 'cancelled', message: 'Waiting for records was cancelled.', cause: signal.reason }))
        }
        const waiter: Waiter = {
          offset,
          finish(arrived) {
            stop()
            resolve(arrived)
          },
        }
        const timer = setTimeout(() => waiter.finish(false), Math.min(timeoutMs, 0x7fffffff))
        signal.addEventListener('abort', cancel)
        waiting.add(waiter)
      })
    },
    announce(end) {
      for (const waiter of waiting) if (end > waiter.offset) waiter.finish(true)
    },
    release() {
      for (const waiter of waiting) waiter.finish(false)
    },
  }
}
