// Every error of this store in one table, whatever the engine.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  badAddress: entry({
    code: 'BAD_STORE_ADDRESS',
    kind: 'invalid',
    message: (d: { address: string }) => `"${d.address}" is no address of a relational store.`,
    help: 'Write "sqlite:./folder/name.db", or "sqlite::memory:" for one that is gone with the process.',
  }),
  cannotOpen: entry({
    code: 'DATABASE_CANNOT_OPEN',
    kind: 'unavailable',
    message: (d: { file: string; reason: string }) => `The database "${d.file}" cannot be opened: ${d.reason}.`,
    help: 'Check that the folder exists and that this user may write to it.',
  }),
  corrupt: entry({
    code: 'DATABASE_CORRUPT',
    kind: 'internal',
    message: (d: { file: string; reason: string }) => `The database "${d.file}" is damaged: ${d.reason}.`,
    help: (d) => `Stop the platform, keep a copy of "${d.file}" with its -wal file, then restore a backup, or try: sqlite3 "${d.file}" ".recover" | sqlite3 recovered.db`,
  }),
  full: entry({
    code: 'STORAGE_FULL',
    kind: 'storage-full',
    message: (d: { file: string }) => `No space is left to write to the database "${d.file}"; nothing of this write was kept.`,
    help: 'Free space on that volume, then try again.',
  }),
  busy: entry({
    code: 'DATABASE_BUSY',
    kind: 'unavailable',
    message: (d: { file: string; waitedMs: number }) => `Another process kept the database "${d.file}" locked for ${d.waitedMs} ms.`,
    help: 'Try again; if it stays, find the process that holds the file open.',
  }),
  unique: entry({ code: 'UNIQUE_VIOLATION', kind: 'conflict', message: (d: { reason: string }) => `A row with the same key exists already: ${d.reason}.` }),
  foreignKey: entry({ code: 'FOREIGN_KEY_VIOLATION', kind: 'conflict', message: (d: { reason: string }) => `A row refers to another one that does not exist: ${d.reason}.` }),
  constraint: entry({ code: 'CONSTRAINT_VIOLATION', kind: 'internal', message: (d: { reason: string }) => `A row breaks a rule of its table: ${d.reason}.` }),
  sql: entry({ code: 'SQL_FAILED', kind: 'internal', message: (d: { reason: string; sql: string }) => `The database refused "${d.sql}": ${d.reason}.` }),
  badParameter: entry({
    code: 'BAD_PARAMETER',
    kind: 'internal',
    message: (d: { position: number; type: string; sql: string }) => `Parameter ${d.position} of "${d.sql}" is a ${d.type}, which no column holds.`,
    help: 'Instants are epoch milliseconds, objects and lists JSON text.',
  }),
  writeOutside: entry({
    code: 'WRITE_OUTSIDE_TRANSACTION',
    kind: 'internal',
    message: (d: { sql: string }) => `"${d.sql}" would wait for ever: it writes past the transaction it runs in.`,
    help: 'Inside transaction(), write through its `tx`.',
  }),
  closed: entry({ code: 'STORE_CLOSED', kind: 'unavailable', message: (d: { file: string }) => `The database "${d.file}" is closed.` }),
  newerDatabase: entry({
    code: 'NEWER_DATABASE',
    kind: 'conflict',
    message: (d: { unknown: string[] }) => `The database has migrations that this program does not know: "${d.unknown.join('", "')}".`,
    help: 'It was opened by a newer version of Rondo. Start that version, or restore a backup of before.',
  }),
  migrationOrder: entry({
    code: 'MIGRATION_OUT_OF_ORDER',
    kind: 'internal',
    message: (d: { migration: string; after: string }) => `The migration "${d.migration}" sorts before "${d.after}", which comes first.`,
    help: 'Migrations only go forward: give it a name that sorts last, and no name twice.',
  }),
  migrationFailed: entry({
    code: 'MIGRATION_FAILED',
    kind: 'internal',
    message: (d: { migration: string; reason: string }) => `The migration "${d.migration}" failed, and none of this run was kept: ${d.reason}`,
  }),
})
