// The port of transactional control-plane state: SQL through Kysely, forward-only migrations, and leases.
import type { Ctx } from '@rondo/context'
import type { Kysely, Transaction } from 'kysely'

export type RelationalCapabilities = {
  dialect: 'sqlite' | 'postgres'
  /** Writers of other processes can work at the same time. */
  concurrentWriters: boolean
}

/** Written once, run on every engine; names sort in the order of their run. Never edited after landing. */
export type Migration = { name: string; up(db: Kysely<never>): Promise<void> }

export type Lease = { fence: number; expiresAtMs: number }

export type Relational<DB> = {
  readonly capabilities: RelationalCapabilities
  /** Reads, and single statements. Durable when resolved (SQLite: WAL with synchronous=FULL). */
  readonly db: Kysely<DB>
  /** Serialisable; retried when the engine says so, therefore `work` must have no effect but through `tx`. One at a time on SQLite. */
  transaction<T>(work: (tx: Transaction<DB>) => Promise<T>, ctx: Ctx): Promise<T>
  /** Runs what is missing. A database with migrations this program does not know is refused (`NEWER_DATABASE`). */
  migrate(migrations: Migration[], ctx: Ctx): Promise<{ applied: string[] }>
  /** One holder at a time; the fence grows at each change of holder. Undefined while somebody else holds it. */
  acquireLease(name: string, holder: string, ttlMs: number, nowMs: number, ctx: Ctx): Promise<Lease | undefined>
  releaseLease(name: string, holder: string, ctx: Ctx): Promise<void>
  /**
   * What was written over in `table` before, by values of the same length, is in no file of a SQLite database any more: neither in a page nor in the write-ahead log. What was deleted may
   * be, in pages that became free. PostgreSQL lets go of old versions of rows; their bytes last until pages and its own log are used again.
   */
  scrub(table: string, ctx: Ctx): Promise<void>
  ready(ctx: Ctx): Promise<void>
  close(): Promise<void>
}
