// The pool that Kysely takes its connections from: each is a session around one of the library's.
import type { PostgresPool } from 'kysely'
import { PostgresSession } from './postgres-session.ts'
import type { Sessions } from './sessions.ts'

export function createSessionPool(sessions: Sessions): PostgresPool {
  return {
    options: {},
    connect: async () => new PostgresSession(await sessions.connections.acquire(sessions.awayLimitMs), sessions),
    end: () => sessions.connections.close(),
  }
}
