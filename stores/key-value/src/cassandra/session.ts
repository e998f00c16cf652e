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
  batch(statements: Statement[], timestampUs: number, ctx: Ctx): Promise<void>
  /** A condition and a write, once and not again: what it throws is the library's own. */
  executeOnce(statement: Statement, ctx: Ctx): Promise<types.ResultSet>
  /** Runs `work`, again while what it throws may pass. */
  again<T>(ctx: Ctx, work: () => Promise<T>): Promise<T>
  /** Once, and now. */
  ask(statement: Statement, ctx: Ctx): Promise<void>
  close(): Promise<void>
}

const MOST_AT_ONCE = 256
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2_000

export function createSession({ client, shutDown }: Connected, settings: CassandraSettings, { random, wait = (ms, signal) => waitMs(ms, undefined, { signal }) }: SessionOptions): Session {
  const limit: Limit = createLimit(MOST_AT_ONCE)
  const closing = new AbortController()

  const check = (ctx: Ctx): void => {
    if (closing.signal.aborted) throw errors.closed({ folder: settings.shown })
    throwIfCancelled(ctx)
  }
  const again = async <T>(ctx: Ctx, work: () => Promise<T>): Promise<T> => {
    const startMs = performance.now()
    for (let attempt = 1; ; attempt += 1) {
      check(ctx)
      try {
        return await work()
      } catch (thrown) {
        check(ctx)
        if (!isPassing(thrown) || performance.now() - startMs >= settings.giveUpAfterMs) throw toCassandraError(thrown, settings.shown)
        await wait(computePauseMs(attempt, random.next()), AbortSignal.any([ctx.signal, closing.signal])).catch(() => check(ctx))
      }
    }
  }
  const send = <T>(ctx: Ctx, request: () => Promise<T>): Promise<T> => limit(() => untilCancelled(request(), ctx), ctx)

  return {
    check,
    again,
    execute: ({ query, params }, options, ctx) => again(ctx, () => send(ctx, () => client.execute(query, params, { ...options, isIdempotent: true }))),
    batch: async (statements, timestamp, ctx) => {
      await again(ctx, () => send(ctx, () => client.batch(statements, { logged: false, timestamp, isIdempotent: true })))
    },
    executeOnce: ({ query, params }, ctx) => send(ctx, () => client.execute(query, params, { isIdempotent: false })),
    async ask({ query, params }, ctx) {
      check(ctx)
      await untilCancelled(client.execute(query, params, { isIdempotent: true }), ctx).catch((thrown: unknown) => {
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

/** The request itself cannot be called back; whoever has gone does not wait for it. */
async function untilCancelled<T>(request: Promise<T>, ctx: Ctx): Promise<T> {
  const gone = Promise.withResolvers<never>()
  const leave = (): void => gone.reject(ctx.signal.reason)
  ctx.signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([request, gone.promise])
  } finally {
    ctx.signal.removeEventListener('abort', leave)
  }
}
