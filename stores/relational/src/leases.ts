// Leases: one holder at a time, and a fence number by which a store can tell a late writer from the present one.
import { sql, type Kysely } from 'kysely'
import type { Lease } from './port.ts'

type LeaseRow = { holder: string; fence: number; expires_at_ms: number }

/** The row stays after a release, so that fences never repeat. */
export async function acquireLease(db: Kysely<never>, name: string, holder: string, ttlMs: number, nowMs: number): Promise<Lease | undefined> {
  return db.transaction().execute(async (tx) => {
    await createLeaseTable(tx)
    const { rows } = await sql<LeaseRow>`select holder, fence, expires_at_ms from rondo_leases where name = ${name}`.execute(tx)
    const row = rows[0]
    const isMine = row?.holder === holder
    if (row !== undefined && !isMine && Number(row.expires_at_ms) > nowMs) return undefined
    const lease = { fence: Number(row?.fence ?? 0) + (isMine ? 0 : 1), expiresAtMs: nowMs + ttlMs }
    await sql`
      insert into rondo_leases (name, holder, fence, expires_at_ms) values (${name}, ${holder}, ${lease.fence}, ${lease.expiresAtMs})
      on conflict (name) do update set holder = excluded.holder, fence = excluded.fence, expires_at_ms = excluded.expires_at_ms`.execute(tx)
    return lease
  })
}

/** Does nothing when `holder` no longer holds it. */
export async function releaseLease(db: Kysely<never>, name: string, holder: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await createLeaseTable(tx)
    await sql`update rondo_leases set holder = '', expires_at_ms = 0 where name = ${name} and holder = ${holder}`.execute(tx)
  })
}

async function createLeaseTable(db: Kysely<never>): Promise<void> {
  await sql`create table if not exists rondo_leases (name text primary key, holder text not null, fence bigint not null, expires_at_ms bigint not null)`.execute(db)
}
