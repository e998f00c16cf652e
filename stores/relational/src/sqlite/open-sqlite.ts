// Opens a SQLite database as the relational store of one service.
import { dirname } from 'node:path'
import { throwIfCancelled } from '@rondo/context'
import { makeFolderDurably, nodeFileSystem } from '@rondo/files'
import { Kysely, sql } from 'kysely'
import { errors } from '../errors.ts'
import { acquireLease, createLeaseTable, releaseLease } from '../leases.ts'
import { migrate } from '../migrate.ts'
import type { Relational } from '../port.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { SqliteDriver, type SqliteHandles } from './sqlite-driver.ts'
import { toSqliteError } from './sqlite-errors.ts'
import { openSqliteSession } from './sqlite-session.ts'

/** Short, since SQLite's own waiting blocks the whole process; the driver waits on, without blocking. */
const BUSY_MS = 5

export async function openSqlite<DB>(file: string, options: { busyLimitMs: number }): Promise<Relational<DB>> {
  const driver = new SqliteDriver(file === ':memory:' ? openMemory() : await openFile(file, options.busyLimitMs))
  const dialect = createSqliteDialect(driver)
  const db = new Kysely<DB>({ dialect })
  const own = new Kysely<never>({ dialect })
  const begin = <T>(work: (tx: Kysely<never>) => Promise<T>) => own.transaction().execute(work)
  const withLeases = <T>(work: (tx: Kysely<never>) => Promise<T>) =>
    begin(async (tx) => {
      await createLeaseTable(tx)
      return work(tx)
    })
  return {
    capabilities: { dialect: 'sqlite', concurrentWriters: false },
    db,
    async transaction(work, ctx) {
      throwIfCancelled(ctx)
      return db.transaction().execute((tx) => {
        throwIfCancelled(ctx)
        return driver.inside(() => work(tx))
      })
    },
    async migrate(migrations, ctx) {
      throwIfCancelled(ctx)
      return migrate(begin, migrations)
    },
    async acquireLease(name, holder, ttlMs, nowMs, ctx) {
      throwIfCancelled(ctx)
      return withLeases((tx) => acquireLease(tx, name, holder, ttlMs, nowMs))
    },
    async releaseLease(name, holder, ctx) {
      throwIfCancelled(ctx)
      return withLeases((tx) => releaseLease(tx, name, holder))
    },
    async scrub(_table, ctx) {
      throwIfCancelled(ctx)
      await driver.emptyLog()
    },
    async ready(ctx) {
      throwIfCancelled(ctx)
      await sql`select 1`.execute(own)
    },
    close: () => driver.destroy(),
  }
}

function openMemory(): SqliteHandles {
  const writer = openSqliteSession(':memory:', { readOnly: false, busyMs: 0 })
  return { file: ':memory:', writer, reader: writer, busyLimitMs: 0 }
}

async function openFile(file: string, busyLimitMs: number): Promise<SqliteHandles> {
  try {
    await makeFolderDurably(nodeFileSystem, dirname(file))
    const writer = openSqliteSession(file, { readOnly: false, busyMs: BUSY_MS })
    writer.run('pragma journal_mode = wal', [])
    writer.run('pragma synchronous = full', [])
    // What a row leaves behind where it moves or is deleted is zeroed, as far as that writes no further page.
    writer.run('pragma secure_delete = fast', [])
    const openReader = () => openSqliteSession(file, { readOnly: true, busyMs: BUSY_MS })
    const reader = openReader()
    await nodeFileSystem.syncFolder(dirname(file))
    return { file, writer, reader, openReader, busyLimitMs }
  } catch (thrown) {
    const error = toSqliteError(thrown, file, 'open')
    if (error !== thrown) throw error
    throw errors.cannotOpen({ file, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
  }
}
