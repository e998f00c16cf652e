// Leases: one holder at a time, and a fence number by which a store can tell a late writer from the present one.
import { sql, type Kysely } from 'kysely'
import type { Lease } from './port.ts'

type LeaseRow = { fence: number; expires_at_ms: number }

export async function createLeaseTable(db: Kysely<never>): Promise<void> {
  await sql`create table if not exists rondo_leases (name text primary key, holder text not null, fence bigint not null, expires_at_ms bigint not null)`.execute(db)
}

/** One statement, so that of many at once one gets it. The row stays after a release, so that fences never repeat. Repeating it changes nothing. */
export async function acquireLease(db: Kysely<never>, name: string, holder: string, ttlMs: number, nowMs: number): Promise<Lease | undefined> {
  const { rows } = await sql<LeaseRow>`
    insert into rondo_leases as held (name, holder, fence, expires_at_ms) values (${name}, ${holder}, 1, ${nowMs + ttlMs})
    on conflict (name) do update set
      holder = excluded.holder,
      fence = held.fence + case when held.holder = excluded.holder then 0 else 1 end,
      expires_at_ms = excluded.expires_at_ms
    where held.holder = excluded.holder or held.expires_at_ms <= ${nowMs}
    returning fence, expires_at_ms`.execute(db)
  const row = rows[0]
  return row === undefined ? undefined : { fence: Number(row.fence), expiresAtMs: Number(row.expires_at_ms) }
}

/** Does nothing when `holder` no longer holds it. Repeating it changes nothing. */
export async function releaseLease(db: Kysely<never>, name: string, holder: string): Promise<void> {
  await sql`update rondo_leases set holder = '', expires_at_ms = 0 where name = ${name} and holder = ${holder}`.execute(db)
}
