// So many places, first come, first served; whoever is cancelled while waiting leaves the queue.
import { throwIfCancelled, type Ctx } from '@rondo/context'

export type Semaphore = {
  /** Resolves with the function that gives the place back (a second call does nothing), or rejects with `CANCELLED`: no place is held then. */
  acquire(ctx?: Ctx): Promise<() => void>
}

export function createSemaphore(places: number): Semaphore {
  const waiting = new Set<() => void>()
  let taken = 0
  const giveBack = (): void => {
    const [next] = waiting
    if (next === undefined) taken -= 1
    else next()
  }
  const createRelease = (): (() => void) => {
    let isHeld = true
    return () => {
      if (isHeld) giveBack()
      isHeld = false
    }
  }
  return {
    async acquire(ctx) {
      if (ctx !== undefined) throwIfCancelled(ctx)
      if (taken >= places) await waitTurn(waiting, ctx)
      else taken += 1
      return createRelease()
    },
  }
}

/** Resolves when the place of one that has ended was handed over, or rejects with `CANCELLED` when the caller has gone before. */
function waitTurn(waiting: Set<() => void>, ctx: Ctx | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      waiting.delete(enter)
      try {
        if (ctx !== undefined) throwIfCancelled(ctx)
      } catch (cancelled) {
        reject(cancelled)
      }
    }
    const enter = (): void => {
      waiting.delete(enter)
      ctx?.signal.removeEventListener('abort', leave)
      resolve()
    }
    ctx?.signal.addEventListener('abort', leave, { once: true })
    waiting.add(enter)
  })
}
