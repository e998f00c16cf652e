// Forward-only migrations: what ran is written down in the database, in the same transaction.
import { AppError } from '@rondo/errors'
import { sql, type Kysely } from 'kysely'
import { errors } from './errors.ts'
import type { Migration } from './port.ts'

type Run = <T>(work: (tx: Kysely<never>) => Promise<T>) => Promise<T>

/** Runs what is missing, all or none, in a transaction of `run`, in which nobody else migrates. Throws `NEWER_DATABASE`, `MIGRATION_OUT_OF_ORDER`, `MIGRATION_FAILED`. */
export async function migrate(run: Run, migrations: Migration[]): Promise<{ applied: string[] }> {
  refuseDisorder(migrations)
  const known = new Set(migrations.map((migration) => migration.name))
  return run(async (tx) => {
    await sql`create table if not exists rondo_migrations (name text primary key, position integer not null)`.execute(tx)
    const { rows } = await sql<{ name: string }>`select name from rondo_migrations order by position`.execute(tx)
    const done = new Set(rows.map((row) => row.name))
    const unknown = rows.filter((row) => !known.has(row.name)).map((row) => row.name)
    if (unknown.length > 0) throw errors.newerDatabase({ unknown })
    const missing = migrations.filter((migration) => !done.has(migration.name))
    const last = rows.at(-1)?.name ?? ''
    for (const [index, migration] of missing.entries()) {
      if (migration.name < last) throw errors.migrationOrder({ migration: migration.name, after: last })
      try {
        await migration.up(tx)
      } catch (cause) {
        if (cause instanceof AppError && cause.kind === 'storage-full') throw cause
        throw errors.migrationFailed({ migration: migration.name, reason: cause instanceof Error ? cause.message : String(cause) }, cause)
      }
      await sql`insert into rondo_migrations (name, position) values (${migration.name}, ${done.size + index + 1})`.execute(tx)
    }
    return { applied: missing.map((migration) => migration.name) }
  })
}

function refuseDisorder(migrations: Migration[]): void {
  for (const [index, migration] of migrations.entries()) {
    const before = migrations[index - 1]
    if (before !== undefined && before.name >= migration.name) throw errors.migrationOrder({ migration: migration.name, after: before.name })
  }
}
