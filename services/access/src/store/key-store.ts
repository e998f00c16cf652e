// Keys, sessions, links and the audit in SQL.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { Selectable, Transaction } from 'kysely'
import type { AuditRow, KeyKind } from '../contract.ts'
import type { StoredKey } from '../domain/stored-key.ts'
import type { AccessTables } from './tables.ts'

export type AuditEntry = { id: string; atMs: number; actor: string; action: string; subject: string; detail: string }
export type Session = { hash: string; name: string; expiresAtMs: number }

export type KeyStore = {
  listKeys(): Promise<StoredKey[]>
  findKey(hash: string): Promise<StoredKey | undefined>
  /**
   * Revokes `replaced` and adds `key` in one transaction, each with its line in the audit. False, and nothing done, when `isWanted` says no to the keys that are not
   * revoked by then: another process may have been first.
   */
  addKey(key: StoredKey, audit: AuditEntry[], replaced: { id: string; atMs: number }[], isWanted: (standing: StoredKey[]) => boolean, ctx: Ctx): Promise<boolean>
  revokeKey(id: string, atMs: number, audit: AuditEntry, ctx: Ctx): Promise<void>
  writeLastUsed(uses: ReadonlyMap<string, number>, ctx: Ctx): Promise<void>
  addLink(hash: string, nowMs: number, expiresAtMs: number, audit: AuditEntry, ctx: Ctx): Promise<void>
  /** The link is gone and the session there, or neither: false when the link is unknown or too old. */
  exchangeLink(linkHash: string, session: Session, nowMs: number, audit: AuditEntry, ctx: Ctx): Promise<boolean>
  listSessions(nowMs: number): Promise<Session[]>
  findSession(hash: string): Promise<Session | undefined>
  listAudit(limit: number): Promise<AuditRow[]>
}

export function createKeyStore(relational: Relational<AccessTables>): KeyStore {
  const { db } = relational
  const write = (tx: Transaction<AccessTables>, { atMs, ...entry }: AuditEntry) => tx.insertInto('audit').values({ ...entry, at: atMs }).execute()
  return {
    listKeys: async () => (await db.selectFrom('keys').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').execute()).map(toStored),
    async findKey(hash) {
      const row = await db.selectFrom('keys').selectAll().where('hash', '=', hash).executeTakeFirst()
      return row === undefined ? undefined : toStored(row)
    },
    addKey: (key, audit, replaced, isWanted, ctx) =>
      relational.transaction(async (tx) => {
        const standing = await tx.selectFrom('keys').selectAll().where('revoked_at', 'is', null).execute()
        if (!isWanted(standing.map(toStored))) return false
        for (const { id, atMs } of replaced) await tx.updateTable('keys').set({ revoked_at: atMs }).where('id', '=', id).execute()
        await tx.insertInto('keys').values(toRow(key)).execute()
        for (const entry of audit) await write(tx, entry)
        return true
      }, ctx),
    revokeKey: (id, atMs, audit, ctx) =>
      relational.transaction(async (tx) => {
        await tx.updateTable('keys').set({ revoked_at: atMs }).where('id', '=', id).where('revoked_at', 'is', null).execute()
        await write(tx, audit)
      }, ctx),
    writeLastUsed: (uses, ctx) =>
      relational.transaction(async (tx) => {
        for (const [id, atMs] of uses) await tx.updateTable('keys').set({ last_used_at: atMs }).where('id', '=', id).execute()
      }, ctx),
    addLink: (hash, nowMs, expiresAtMs, audit, ctx) =>
      relational.transaction(async (tx) => {
        await tx.deleteFrom('links').where('expires_at', '<=', nowMs).execute()
        await tx.insertInto('links').values({ hash, created_at: nowMs, expires_at: expiresAtMs }).execute()
        await write(tx, audit)
      }, ctx),
    exchangeLink: (linkHash, session, nowMs, audit, ctx) =>
      relational.transaction(async (tx) => {
        const spent = await tx.deleteFrom('links').where('hash', '=', linkHash).where('expires_at', '>', nowMs).executeTakeFirst()
        if (Number(spent.numDeletedRows) === 0) return false
        await tx.deleteFrom('sessions').where('expires_at', '<=', nowMs).execute()
        await tx.insertInto('sessions').values({ hash: session.hash, name: session.name, created_at: nowMs, expires_at: session.expiresAtMs }).execute()
        await write(tx, audit)
        return true
      }, ctx),
    listSessions: async (nowMs) => (await db.selectFrom('sessions').selectAll().where('expires_at', '>', nowMs).execute()).map(toSession),
    async findSession(hash) {
      const row = await db.selectFrom('sessions').selectAll().where('hash', '=', hash).executeTakeFirst()
      return row === undefined ? undefined : toSession(row)
    },
    listAudit: async (limit) =>
      (await db.selectFrom('audit').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(({ at, ...row }) => ({ ...row, at: new Date(Number(at)).toISOString() })),
  }
}

function toSession(row: Selectable<AccessTables['sessions']>): Session {
  return { hash: row.hash, name: row.name, expiresAtMs: Number(row.expires_at) }
}

function toStored(row: Selectable<AccessTables['keys']>): StoredKey {
  const ms = (value: number | null): number | null => (value === null ? null : Number(value))
  return {
    id: row.id,
    kind: row.kind as KeyKind,
    name: row.name,
    scope: row.scope,
    prefix: row.prefix,
    hash: row.hash,
    createdAtMs: Number(row.created_at),
    createdBy: row.created_by,
    expiresAtMs: ms(row.expires_at),
    lastUsedAtMs: ms(row.last_used_at),
    revokedAtMs: ms(row.revoked_at),
  }
}

function toRow(key: StoredKey): AccessTables['keys'] {
  return {
    id: key.id,
    kind: key.kind,
    name: key.name,
    scope: key.scope,
    prefix: key.prefix,
    hash: key.hash,
    created_at: key.createdAtMs,
    created_by: key.createdBy,
    expires_at: key.expiresAtMs,
    last_used_at: key.lastUsedAtMs,
    revoked_at: key.revokedAtMs,
  }
}
