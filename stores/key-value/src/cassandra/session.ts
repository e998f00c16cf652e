// How requests go to Cassandra: so many at once, given up when the caller leaves, tried again while what fails may pass.
import { setTimeout as waitMs } from 'node:timers/promises'
import { createLimit, type Limit } from '@rondo/async'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { Random } from '@rondo/random'
import type { QueryOptions, types } from 'cassandra-driver'
import { errors } from '../errors.ts'
import { isPassing, toCassandraError } from './cassandra-failure.ts'
import type { Connected } from './connect.ts'
import type { CassandraSettings } from './parse-cassandra-address.ts'
import { untilAnswered } from './until-answered.ts'
import { createUntilCancelled } from './until-cancelled.ts'

export type SessionOptions = {
  random: Random
  /** How the pause between two tries is waited for; real time when absent. It ends early, rejecting, when its signal fires. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

export type Statement = { query: string; params: unknown[] }

export type Session = {
  /** Throws `STORE_CLOSED`, `CANCELLED`. */
  check(ctx: Ctx): void
  /** One request that changes nothing when it is done twice. */
  execute(statement: Statement, options: QueryOptions, ctx: Ctx): Promise<types.ResultSet>
  /** Statements of one partition, which Cassandra applies as one. */
  batch(statements: Statement[], timestampUs: number, ctx: Ctx): Promise<unknown>
  /** A condition and a write, once and not again: what it throws is the library's own. */
  executeOnce(statement: Statement, ctx: Ctx): Promise<types.ResultSet>
  /** Runs `work`, again while what it throws may pass. */
  again<T>(ctx: Ctx, work: () => Promise<T>): Promise<T>
  /** Once, and now. */
  ask(statement: Statement, ctx: Ctx): Promise<void>
  close(): Promise<void>
}

const MOST_AT_ONCE = 256
/** Of an engine that is there; requests of work wait for longer. */
const ANSWERS_WITHIN_MS = 5_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2_000

export function createSession({ client, shutDown }: Connected, settings: CassandraSettings, { random, wait = (ms, signal) => waitMs(ms, undefined, { signal }) }: SessionOptions): Session {
  const limit: Limit = createLimit(MOST_AT_ONCE / 2)
  let running = 0
  const untilCancelled = createUntilCancelled()
  const closing = new AbortController()

  const check = (ctx: Ctx): void => {
    if (closing.signal.aborted) throw errors.closed({ folder: settings.shown })
    throwIfCancelled(ctx)
  }
  const goOn = async <T>(ctx: Ctx, work: () => Promise<T>, startMs: number, failed: unknown): Promise<T> => {
    let thrown = failed
    for (let attempt = 1; ; attempt += 1) {
      check(ctx)
      if (!isPassing(thrown) || performance.now() - startMs >= settings.giveUpAfterMs) throw toCassandraError(thrown, settings.shown)
      await wait(computePauseMs(attempt, random.next()), AbortSignal.any([ctx.signal, closing.signal])).catch(() => check(ctx))
      check(ctx)
      try {
        return await work()
      } catch (next) {
        thrown = next
      }
    }
  }
  /** What succeeds at once, as nearly all does, costs no more promises than it must. */
  const again = <T>(ctx: Ctx, work: () => Promise<T>): Promise<T> => {
    check(ctx)
    const startMs = performance.now()
    return work().then(undefined, (thrown: unknown) => goOn(ctx, work, startMs, thrown))
  }
  const end = (): void => void (running -= 1)
  /** Most requests find a place at once; the others wait in order, each with the turn of its own. */
  const send = <T>(ctx: Ctx, request: () => Promise<T>): Promise<T> => {
    if (running >= MOST_AT_ONCE / 2) return limit(() => untilCancelled(request(), ctx.signal), ctx)
    running += 1
    return untilCancelled(request(), ctx.signal, end)
  }

  return {
    check,
    again,
    execute: ({ query, params }, options, ctx) => again(ctx, () => send(ctx, () => client.execute(query, params, { ...options, isIdempotent: true }))),
    batch: (statements, timestamp, ctx) => again(ctx, () => send(ctx, () => client.batch(statements, { logged: false, timestamp, isIdempotent: true }))),
    executeOnce: ({ query, params }, ctx) => send(ctx, () => client.execute(query, params, { isIdempotent: false })),
    async ask({ query, params }, ctx) {
      check(ctx)
      const asked = untilCancelled(client.execute(query, params, { isIdempotent: true }), ctx.signal)
      await untilAnswered(asked, Math.min(settings.timeoutMs, ANSWERS_WITHIN_MS), settings).catch((thrown: unknown) => {
        throw toCassandraError(thrown, settings.shown)
      })
    },
    async close() {
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
