// The pool that Kysely takes its connections from: each is a session around one of the library's.
import type { PostgresPool } from 'kysely'
import type { PoolClient } from 'pg'
import { PostgresSession } from './postgres-session.ts'
import type { Sessions } from './sessions.ts'

export function createSessionPool(sessions: Sessions): PostgresPool {
  // The same again for the same connection: Kysely wraps and remembers each that it has not seen.
  const known = new WeakMap<PoolClient, PostgresSession>()
  return {
    options: {},
    async connect() {
      const client = await sessions.connections.acquire(sessions.awayLimitMs)
      const session = known.get(client) ?? new PostgresSession(client, sessions)
      known.set(client, session)
      return session
    },
    end: () => sessions.connections.close(),
  }
}
