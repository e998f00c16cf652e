// The one place that tries again: exponential backoff with full jitter, and an end.
import { setTimeout as waitMs } from 'node:timers/promises'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { Random } from '@rondo/random'
import { isPassing } from './s3-errors.ts'

export type RetryOptions = {
  random: Random
  /** Tries in all. Default 10. */
  tries?: number
  /** No further try begins so long after the first. Default 60,000. */
  giveUpAfterMs?: number
  /** How the pause is waited for; real time when absent. It ends early, rejecting, when the caller leaves. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** Runs `work`, again while what it throws may pass. `attempt` from 1: from 2 on, the work may have been done before without our knowing. */
export type Retry = <T>(ctx: Ctx, work: (attempt: number) => Promise<T>) => Promise<T>

const FIRST_MS = 50
const LONGEST_MS = 5_000

export function createRetry({ random, tries = 10, giveUpAfterMs = 60_000, wait = (ms, signal) => waitMs(ms, undefined, { signal }) }: RetryOptions): Retry {
  return async (ctx, work) => {
    const startMs = performance.now()
    for (let attempt = 1; ; attempt += 1) {
      throwIfCancelled(ctx)
      try {
        return await work(attempt)
      } catch (thrown) {
        throwIfCancelled(ctx)
        if (!isPassing(thrown) || attempt >= tries || performance.now() - startMs >= giveUpAfterMs) throw thrown
        await wait(computePauseMs(attempt, random.next()), ctx.signal).catch(() => throwIfCancelled(ctx))
      }
    }
  }
}

/** Full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015): uniform between 0 and the exponential step, so that many clients spread out. `chance` in [0, 1). */
export function computePauseMs(attempt: number, chance: number): number {
  return chance * Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1))
}
