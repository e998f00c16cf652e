// So many at once; the others wait in order, and leave the queue when their caller does.
import { throwIfCancelled, type Ctx } from './context.ts'

export type Limiter = { run<T>(ctx: Ctx, work: () => Promise<T>): Promise<T> }

export function createLimiter(limit: number): Limiter {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    async run(ctx, work) {
      throwIfCancelled(ctx)
      if (running >= limit) await waitTurn(waiting, ctx)
      else running += 1
      try {
        throwIfCancelled(ctx)
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}

/** Resolves when the place of one that has ended was handed over, or rejects with `CANCELLED` when the caller has gone before. */
function waitTurn(waiting: (() => void)[], ctx: Ctx): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      waiting.splice(waiting.indexOf(enter), 1)
      try {
        throwIfCancelled(ctx)
      } catch (cancelled) {
        reject(cancelled)
      }
    }
    const enter = (): void => {
      ctx.signal.removeEventListener('abort', leave)
      resolve()
    }
    ctx.signal.addEventListener('abort', leave, { once: true })
    waiting.push(enter)
  })
}
