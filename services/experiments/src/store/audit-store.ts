// Who changed what, append-only.
import type { Ctx } from '@rondo/context'
import { toIso } from '@rondo/time'
import type { Kysely } from 'kysely'
import type { AuditRow } from '../contract.ts'
import type { ExperimentsDatabase } from './tables.ts'

type Db = Kysely<ExperimentsDatabase>

export type AuditEntry = { id: string; atMs: number; action: string; subject: string; detail: unknown }

export async function addAudit(db: Db, entry: AuditEntry, ctx: Ctx): Promise<void> {
  const { principal } = ctx
  const actor = principal.kind === 'anonymous' ? 'anonymous' : `${principal.kind}:${principal.name}`
  await db.insertInto('audit').values({ id: entry.id, at: entry.atMs, actor, action: entry.action, subject: entry.subject, detail: JSON.stringify(entry.detail) }).execute()
}

export async function listAudit(db: Db, subject: string | undefined, limit: number): Promise<AuditRow[]> {
  let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit)
  if (subject !== undefined) query = query.where('subject', '=', subject)
  const rows = await query.execute()
  return rows.map((row) => ({ id: row.id, at: toIso(Number(row.at)), actor: row.actor, action: row.action, subject: row.subject, detail: JSON.parse(row.detail) as unknown }))
}
