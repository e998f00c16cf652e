// Every error of this store in one table, whatever the engine.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  badAddress: entry({
    code: 'BAD_STORE_ADDRESS',
    kind: 'invalid',
    message: (d: { address: string; reason?: string }) => `"${d.address}" is no address of a relational store${d.reason === undefined ? '' : `: ${d.reason}`}.`,
    help: 'Write "sqlite:./folder/name.db", "sqlite::memory:" for one that is gone with the process, or "postgres://user:password@host:5432/database?schema=name&pool=5".',
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
  transactionAborted: entry({
    code: 'TRANSACTION_ABORTED',
    kind: 'internal',
    message: (d: { sql: string }) => `"${d.sql}" came after a statement of the same transaction that had failed; nothing of it was kept.`,
    help: 'What may fail goes into a transaction of its own, or asks first: "on conflict do nothing".',
  }),
  transactionConflict: entry({
    code: 'TRANSACTION_CONFLICT',
    kind: 'unavailable',
    message: (d: { tries: number }) => `Others changed the same rows each of the ${d.tries} times this was tried; nothing was kept.`,
    help: 'Try again in a moment.',
  }),
  commitUnknown: entry({
    code: 'COMMIT_UNKNOWN',
    kind: 'unavailable',
    message: (d: { shown: string }) => `The connection to "${d.shown}" broke during a commit, and the database cannot tell whether it was kept.`,
    help: 'Look whether the change is there before it is made again; with ids of its own it can be made again at once.',
  }),
  connectionLost: entry({
    code: 'CONNECTION_LOST',
    kind: 'unavailable',
    message: (d: { shown: string; sql: string; done: 'nothing' | 'unknown'; reason: string }) =>
      `The connection to "${d.shown}" broke during "${d.sql}" (${d.reason}); ${d.done === 'nothing' ? 'nothing was kept' : 'it may have been kept or not'}.`,
    help: (d) => (d.done === 'nothing' ? 'Try again.' : 'Look whether the change is there before it is made again; with ids of its own it can be made again at once.'),
  }),
  statementTimeout: entry({
    code: 'STATEMENT_TIMEOUT',
    kind: 'unavailable',
    message: (d: { sql: string }) => `"${d.sql}" took longer than a statement may; nothing of it was kept.`,
    help: 'Look for a missing index or a long lock, or raise statementTimeoutMs in the address.',
  }),
  lockTimeout: entry({
    code: 'LOCK_TIMEOUT',
    kind: 'unavailable',
    message: (d: { sql: string }) => `"${d.sql}" waited too long for rows that another transaction holds; nothing of it was kept.`,
    help: 'Try again; if it stays, find the transaction: select * from pg_stat_activity where wait_event_type = \'Lock\'. The limit is lockTimeoutMs in the address.',
  }),
  notAllowed: entry({
    code: 'DATABASE_FORBIDS',
    kind: 'internal',
    message: (d: { reason: string }) => `The database does not let this user do that: ${d.reason}.`,
    help: 'Grant it: grant create, connect on database … to …; or make the schema yourself and give it to the user: create schema … authorization ….',
  }),
  unreachable: entry({
    code: 'DATABASE_UNREACHABLE',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The database at "${d.shown}" does not answer: ${d.reason}.`,
    help: 'Check the host and the port in the address, that PostgreSQL runs there (pg_isready -h … -p …), and that it listens to this machine (listen_addresses).',
  }),
  tooManyConnections: entry({
    code: 'DATABASE_TOO_MANY_CONNECTIONS',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The database at "${d.shown}" takes no more connections: ${d.reason}.`,
    help: 'Each service of each process holds up to `pool` connections: lower it in the address, or raise max_connections.',
  }),
  poolExhausted: entry({
    code: 'POOL_EXHAUSTED',
    kind: 'unavailable',
    message: (d: { pool: number; waitedMs: number }) => `All ${d.pool} connections were busy for ${d.waitedMs} ms.`,
    help: 'Look for slow statements, or raise `pool` in the address.',
  }),
  loginRefused: entry({
    code: 'LOGIN_REFUSED',
    kind: 'unavailable',
    message: (d: { shown: string; user: string; reason: string }) => `The database at "${d.shown}" does not let "${d.user}" in: ${d.reason}.`,
    help: (d) =>
      d.reason.includes('no encryption')
        ? 'Let it be encrypted: add sslmode=verify-full to the address, and sslrootcert=FILE where the authority is one of your own.'
        : 'Check user and password in the address (special characters percent-encoded), and pg_hba.conf of the server.',
  }),
  certificateRefused: entry({
    code: 'CERTIFICATE_REFUSED',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The certificate of the database at "${d.shown}" is not trusted: ${d.reason}.`,
    help: "Write the host as the certificate names it, and the file of the authority's certificate: sslmode=verify-full&sslrootcert=FILE.",
  }),
  withoutTls: entry({
    code: 'DATABASE_WITHOUT_TLS',
    kind: 'unavailable',
    message: (d: { shown: string }) => `The database at "${d.shown}" does not speak TLS, which the address asks for.`,
    help: 'Turn it on there (ssl = on), or leave sslmode out of the address where you trust the network between.',
  }),
  databaseMissing: entry({
    code: 'DATABASE_MISSING',
    kind: 'unavailable',
    message: (d: { shown: string; database: string }) => `There is no database "${d.database}" at "${d.shown}".`,
    help: (d) => `Make it: createdb ${d.database}`,
  }),
  databaseReadOnly: entry({
    code: 'DATABASE_READ_ONLY',
    kind: 'unavailable',
    message: (d: { shown: string }) => `The database at "${d.shown}" only follows another one and takes no writes.`,
    help: 'Write the address of the primary.',
  }),
  versionTooOld: entry({
    code: 'DATABASE_TOO_OLD',
    kind: 'unavailable',
    message: (d: { shown: string; version: string; oldest: string }) => `The database at "${d.shown}" is PostgreSQL ${d.version}; ${d.oldest} is the oldest that works.`,
    help: (d) => `Upgrade it to PostgreSQL ${d.oldest} or newer.`,
  }),
  packageMissing: entry({
    code: 'PACKAGE_MISSING',
    kind: 'unavailable',
    message: (d: { packages: string[] }) => `PostgreSQL needs a package that is not installed: ${d.packages.join(', ')}.`,
    help: (d) => `npm install ${d.packages.join(' ')}`,
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
