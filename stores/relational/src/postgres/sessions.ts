// What the sessions of one store share, and the pool that Kysely takes them from.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { createSerial, type Limit } from '@rondo/async'
import type { Random } from '@rondo/random'
import type { PostgresPool } from 'kysely'
import { errors } from '../errors.ts'
import type { Attempt } from './attempt.ts'
import type { Connections } from './connections.ts'
import { PostgresSession } from './postgres-session.ts'

export type Sessions = {
  readonly connections: Connections
  /** How long a lost engine is waited for. */
  readonly awayLimitMs: number
  /** Statements that lost against others go one by one, so that they do not lose against each other again. */
  readonly second: Limit
  /** Which attempt the running code is inside of. */
  readonly attempts: AsyncLocalStorage<Attempt>
  /** Before try `count`, 1 and on: grows to 100 ms at most, and differs between processes. */
  pauseBefore(count: number): Promise<void>
}

/** How often what conflicts with others is tried. */
export const CONFLICT_TRIES = 12

export function createSessions(connections: Connections, options: { awayLimitMs: number; random: Random }): Sessions {
  return {
    connections,
    awayLimitMs: options.awayLimitMs,
    second: createSerial(),
    attempts: new AsyncLocalStorage(),
    pauseBefore: (count) => pause(options.random.next() * Math.min(100, 2 ** count)),
  }
}

export function createSessionPool(sessions: Sessions): PostgresPool {
  return {
    options: {},
    async connect() {
      if (sessions.connections.isClosed) throw errors.closed({ file: sessions.connections.settings.shown })
      return new PostgresSession(await sessions.connections.acquire(sessions.awayLimitMs), sessions)
    },
    end: () => sessions.connections.close(),
  }
}
