// Work that waits until it is its turn.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { createSemaphore } from './semaphore.ts'

/** Runs `work` in its turn and settles as it does; with `ctx`, work whose caller has gone before its turn is never begun (`CANCELLED`). */
export type Limit = <T>(work: () => Promise<T>, ctx?: Ctx) => Promise<T>

/** At most so many `work`s run at once; the others wait in the order of the calls. */
export function createLimit(maxRunning: number): Limit {
  const semaphore = createSemaphore(maxRunning)
  return async (work, ctx) => {
    const release = await semaphore.acquire(ctx)
    try {
      // The place may have come in the same moment in which the caller went.
      if (ctx !== undefined) throwIfCancelled(ctx)
      return await work()
    } finally {
      release()
    }
  }
}

/** One after the other. */
export function createSerial(): Limit {
  return createLimit(1)
}
