// What SQLite's result codes (https://sqlite.org/rescode.html) mean to a caller.
import { errors } from '../errors.ts'

const BUSY = 5
const LOCKED = 6
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const CONSTRAINT = 19
const NOTADB = 26
const CONSTRAINT_FOREIGNKEY = 787
const CONSTRAINT_PRIMARYKEY = 1555
const CONSTRAINT_UNIQUE = 2067
const CONSTRAINT_ROWID = 2579

/** The extended result code; undefined for what did not come from SQLite. */
function findSqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return undefined
  return typeof thrown.errcode === 'number' ? thrown.errcode : undefined
}

export function isBusy(thrown: unknown): boolean {
  const code = findSqliteCode(thrown)
  return code !== undefined && [BUSY, LOCKED].includes(code & 0xff)
}

/** What did not come from SQLite is returned as it is. */
export function toSqliteError(thrown: unknown, file: string, sql: string): unknown {
  const code = findSqliteCode(thrown)
  if (code === undefined || !(thrown instanceof Error)) return thrown
  const reason = thrown.message
  if (code === CONSTRAINT_PRIMARYKEY || code === CONSTRAINT_UNIQUE || code === CONSTRAINT_ROWID) return errors.unique({ reason }, thrown)
  if (code === CONSTRAINT_FOREIGNKEY) return errors.foreignKey({ reason }, thrown)
  switch (code & 0xff) {
    case BUSY:
    case LOCKED:
      return errors.busy({ file, waitedMs: 0 }, thrown)
    case FULL:
      return errors.full({ file }, thrown)
    case CORRUPT:
    case NOTADB:
      return errors.corrupt({ file, reason }, thrown)
    case CANTOPEN:
      return errors.cannotOpen({ file, reason }, thrown)
    case CONSTRAINT:
      return errors.constraint({ reason }, thrown)
    default:
      return errors.sql({ reason, sql }, thrown)
  }
}
