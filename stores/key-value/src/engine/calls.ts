// How calls go to an engine: so many requests at once, given up when the caller leaves, tried again while what fails may pass.
import { setTimeout as waitMs } from 'node:timers/promises'
import { createLimit, type Limit } from '@rondo/async'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { Random } from '@rondo/random'
import { errors } from '../errors.ts'
import { untilAnswered } from './until-answered.ts'
import { createUntilCancelled } from './until-cancelled.ts'

export type CallOptions = {
  random: Random
  /** How the pause between two tries is waited for; real time when absent. It ends early, rejecting, when its signal fires. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

export type CalledEngine = {
  /** The address without its password and parameters, for messages. */
  shown: string
  /** How long one request waits for its answer. */
  timeoutMs: number
  /** No further try of a call begins so long after its first. */
  giveUpAfterMs: number
  /** The same may succeed in a moment; whether it was done already, nobody knows. */
  isPassing(thrown: unknown): boolean
  toError(thrown: unknown): Error
}

export type Calls = {
  /** Throws `STORE_CLOSED`, `CANCELLED`. */
  check(ctx: Ctx): void
  /** Runs `work`, again while what it throws may pass. */
  again<T>(ctx: Ctx, work: () => Promise<T>): Promise<T>
  /** One request, when there is a place for it; what it throws is the library's own. */
  send<T>(ctx: Ctx, request: () => Promise<T>): Promise<T>
  /** Once, and now: an engine that is there answers within five seconds. Throws `KEY_VALUE_UNREACHABLE`. */
  ask(ctx: Ctx, request: () => Promise<unknown>): Promise<void>
  /** `shutDown` is called once. */
  close(shutDown: () => Promise<void>): Promise<void>
}

/** Of an engine that is there; requests of work wait for longer. */
export const ANSWERS_WITHIN_MS = 5_000
const MOST_AT_ONCE = 256
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2_000

export function createCalls({ shown, timeoutMs, giveUpAfterMs, isPassing, toError }: CalledEngine, { random, wait = (ms, signal) => waitMs(ms, undefined, { signal }) }: CallOptions): Calls {
  const limit: Limit = createLimit(MOST_AT_ONCE / 2)
  let running = 0
  const closing = new AbortController()
  const untilCancelled = createUntilCancelled(closing.signal)

  const check = (ctx: Ctx): void => {
    if (closing.signal.aborted) throw errors.closed({ folder: shown })
    throwIfCancelled(ctx)
  }
  const goOn = async <T>(ctx: Ctx, work: () => Promise<T>, startMs: number, failed: unknown): Promise<T> => {
    let thrown = failed
    for (let attempt = 1; ; attempt += 1) {
      check(ctx)
      if (!isPassing(thrown) || performance.now() - startMs >= giveUpAfterMs) throw toError(thrown)
      await wait(computePauseMs(attempt, random.next()), AbortSignal.any([ctx.signal, closing.signal])).catch(() => check(ctx))
      check(ctx)
      try {
        return await work()
      } catch (next) {
        thrown = next
      }
    }
  }
  const end = (): void => void (running -= 1)

  return {
    check,
    /** What succeeds at once, as nearly all does, costs no more promises than it must. */
    again(ctx, work) {
      check(ctx)
      const startMs = performance.now()
      return work().then(undefined, (thrown: unknown) => goOn(ctx, work, startMs, thrown))
    },
    /** Most requests find a place at once; the others wait in order, each with the turn of its own. */
    send(ctx, request) {
      if (running >= MOST_AT_ONCE / 2) return limit(() => untilCancelled(request(), ctx.signal), ctx)
      running += 1
      return untilCancelled(request(), ctx.signal, end)
    },
    async ask(ctx, request) {
      check(ctx)
      await untilAnswered(untilCancelled(request(), ctx.signal), Math.min(timeoutMs, ANSWERS_WITHIN_MS), shown).catch((thrown: unknown) => {
        check(ctx)
        throw toError(thrown)
      })
    },
    async close(shutDown) {
      if (closing.signal.aborted) return
      closing.abort()
      await shutDown()
    },
  }
}

/** Full jitter, as in M. Brooker, "Exponential Backoff And Jitter" (2015). `chance` in [0, 1). */
function computePauseMs(attempt: number, chance: number): number {
  return chance * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1))
}
