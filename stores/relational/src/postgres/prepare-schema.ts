// The schema of one store: made when it is missing, by one process at a time.
import { sql, type Kysely } from 'kysely'
import { createLeaseTable } from '../leases.ts'

export async function isPrepared(db: Kysely<never>, schema: string): Promise<boolean> {
  const { rows } = await sql<{ found: number }>`select to_regclass(${`"${schema}".rondo_leases`}) is not null as found`.execute(db)
  return rows[0]?.found === 1
}

export async function prepareSchema(tx: Kysely<never>, schema: string): Promise<void> {
  await lockSchema(tx, schema)
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(tx)
  if (rows.length === 0) await sql`create schema ${sql.id(schema)}`.execute(tx)
  await createLeaseTable(tx)
}

/** Until the transaction ends, nobody else prepares or migrates this schema; this waits as long as somebody does. */
export async function lockSchema(tx: Kysely<never>, schema: string): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(tx)
  await sql`set local lock_timeout = 0`.execute(tx)
  await sql`select pg_advisory_xact_lock(hashtext('rondo'), hashtext(${schema}))`.execute(tx)
}
