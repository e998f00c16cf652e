// Opens one schema of a PostgreSQL database as the relational store of one service.
import { createCtx, throwIfCancelled, type Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import type { Random } from '@rondo/random'
import { Kysely, sql, type PostgresCursorConstructor } from 'kysely'
import { acquireLease, releaseLease } from '../leases.ts'
import { migrate } from '../migrate.ts'
import type { Relational } from '../port.ts'
import { openConnections, type Connections } from './connections.ts'
import { loadPg, type PgLibrary } from './load-pg.ts'
import { parsePostgresAddress } from './parse-postgres-address.ts'
import { ByteOrderedDialect } from './postgres-dialect.ts'
import { toPostgres, types } from './postgres-values.ts'
import { isPrepared, lockSchema, prepareSchema } from './prepare-schema.ts'
import { createRunTransaction } from './run-transaction.ts'
import { createSessionPool } from './session-pool.ts'
import { createSessions, type Sessions } from './sessions.ts'

export type PostgresOptions = { name: string | undefined; awayLimitMs: number; random: Random }

/** One transaction after the other by a lock of its own: it must see what the one before has committed, and may take its time. */
const alone = { isolation: 'read committed', isPatient: true } as const

export async function openPostgres<DB>(address: string, options: PostgresOptions): Promise<Relational<DB>> {
  const settings = parsePostgresAddress(address, options.name)
  const library = await loadPg()
  const connections = openConnections(library, settings)
  const sessions = createSessions(library, connections, options)
  const dialect = new ByteOrderedDialect({ pool: createSessionPool(sessions), cursor: createCursorClass(library) })
  const db = new Kysely<DB>({ dialect })
  const own = new Kysely<never>({ dialect })
  const runTransaction = createRunTransaction(sessions)
  await closeIfFailed(connections, sessions, async () => {
    // The first connection says what is wrong with the address, and does not wait for it to become better.
    await connections.check()
    if (!(await isPrepared(own, settings.schema))) await runTransaction(own, (tx) => prepareSchema(tx, settings.schema), createCtx(), alone)
  })
  return {
    capabilities: { dialect: 'postgres', concurrentWriters: true },
    db,
    transaction: (work, ctx) => runTransaction(db, work, ctx),
    async migrate(migrations, ctx) {
      const run = <T>(work: (tx: Kysely<never>) => Promise<T>) => runTransaction(own, (tx) => lockSchema(tx, settings.schema).then(() => work(tx)), ctx, alone)
      throwIfCancelled(ctx)
      return migrate(run, migrations)
    },
    acquireLease: (name, holder, ttlMs, nowMs, ctx) => repeat(() => acquireLease(own, name, holder, ttlMs, nowMs), ctx),
    releaseLease: (name, holder, ctx) => repeat(() => releaseLease(own, name, holder), ctx),
    async scrub(table, ctx) {
      throwIfCancelled(ctx)
      await sql`vacuum ${sql.table(table)}`.execute(own)
    },
    async ready(ctx) {
      throwIfCancelled(ctx)
      await connections.check()
    },
    async close() {
      await connections.close()
      sessions.watch.close()
    },
  }
}

/** For what may be done twice: a connection that breaks under it is no reason to fail. */
async function repeat<T>(work: () => Promise<T>, ctx: Ctx): Promise<T> {
  throwIfCancelled(ctx)
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'CONNECTION_LOST') throw thrown
  }
  throwIfCancelled(ctx)
  return work()
}

async function closeIfFailed(connections: Connections, { watch }: Sessions, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    await connections.close()
    watch.close()
    throw thrown
  }
}

function createCursorClass({ Cursor }: PgLibrary): PostgresCursorConstructor {
  return class TypedCursor<Row> extends Cursor<Row> {
    constructor(sql: string, parameters: unknown[]) {
      super(sql, toPostgres(parameters, sql), { types })
    }
  }
}
