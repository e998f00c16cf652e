// What PostgreSQL's SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) and a lost connection mean to a caller.
import { AppError, findCertificateRefusal } from '@rondo/errors'
import { errors } from '../errors.ts'

export type FailureKind =
  /** Rolled back because of another transaction; may succeed when tried again. */
  | 'conflict'
  /** Under concurrency sometimes a conflict that the engine has not recognised as one. */
  | 'key-taken'
  /** The connection is gone. */
  | 'lost'
  | 'other'

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'
const DISK_FULL = '53100'
const TOO_MANY_CONNECTIONS = '53300'
const QUERY_CANCELED = '57014'
const LOCK_NOT_AVAILABLE = '55P03'
const IN_FAILED_TRANSACTION = '25P02'
const DATABASE_MISSING = '3D000'
const FEATURE_NOT_SUPPORTED = '0A000'
const NOT_ALLOWED = '42501'
/** Shut down, crashed, starting, idle for too long; a transaction idle for too long. */
const LOST = ['57P01', '57P02', '57P03', '57P05', '25P03']

export function classify(thrown: unknown): FailureKind {
  const state = findState(thrown)
  if (state === undefined) return thrown instanceof Error && isNetwork(thrown) ? 'lost' : 'other'
  if (state === SERIALIZATION_FAILURE || state === DEADLOCK || isStalePlan(thrown)) return 'conflict'
  if (state === UNIQUE_VIOLATION) return 'key-taken'
  return LOST.includes(state) || state.startsWith('08') ? 'lost' : 'other'
}

/** Somebody has changed the tables since this statement was prepared: the same text, prepared anew, will do. */
export function isStalePlan(thrown: unknown): boolean {
  return thrown instanceof Error && findState(thrown) === FEATURE_NOT_SUPPORTED && thrown.message.includes('cached plan')
}

/** The client library has refused it before a byte was sent. */
export function wasNotSent(thrown: unknown): boolean {
  return thrown instanceof Error && findState(thrown) === undefined && thrown.message.includes('is not queryable')
}

/** What a statement met. What did not come from PostgreSQL is returned as it is. */
export function toPostgresError(thrown: unknown, shown: string, sql: string): unknown {
  const state = findState(thrown)
  if (state === undefined || !(thrown instanceof Error)) return thrown
  const reason = 'detail' in thrown && typeof thrown.detail === 'string' ? `${thrown.message}. ${thrown.detail.replace(/\.$/, '')}` : thrown.message
  switch (state) {
    case UNIQUE_VIOLATION:
      return errors.unique({ reason }, thrown)
    case FOREIGN_KEY_VIOLATION:
      return errors.foreignKey({ reason }, thrown)
    case DISK_FULL:
      return errors.full({ file: shown }, thrown)
    case QUERY_CANCELED:
      return errors.statementTimeout({ sql }, thrown)
    case LOCK_NOT_AVAILABLE:
      return errors.lockTimeout({ sql }, thrown)
    case IN_FAILED_TRANSACTION:
      return errors.transactionAborted({ sql }, thrown)
    case NOT_ALLOWED:
      return errors.notAllowed({ reason }, thrown)
    default:
      return state.startsWith('23') ? errors.constraint({ reason }, thrown) : errors.sql({ reason, sql }, thrown)
  }
}

/** Why no connection was made. `isAway` says whether it can be another in a moment. */
export function toConnectError(thrown: unknown, where: { shown: string; user: string; database: string }): { error: unknown; isAway: boolean } {
  if (thrown instanceof AppError) return { error: thrown, isAway: false }
  const { shown, user, database } = where
  const state = findState(thrown)
  const reason = thrown instanceof Error ? thrown.message || ('code' in thrown ? String(thrown.code) : thrown.name) : String(thrown)
  if (state === TOO_MANY_CONNECTIONS) return { error: errors.tooManyConnections({ shown, reason }, thrown), isAway: true }
  if (state === DATABASE_MISSING) return { error: errors.databaseMissing({ shown, database }, thrown), isAway: false }
  // 28…: wrong password, user unknown or not let in; without a password, the library itself refuses to begin.
  if (state?.startsWith('28') === true || reason.includes('client password must be')) return { error: errors.loginRefused({ shown, user, reason }, thrown), isAway: false }
  const refusal = findCertificateRefusal(thrown)
  if (refusal !== undefined) return { error: errors.certificateRefused({ shown, reason: refusal }, thrown), isAway: false }
  if (reason.includes('does not support SSL')) return { error: errors.withoutTls({ shown }, thrown), isAway: false }
  if (state === undefined || LOST.includes(state)) return { error: errors.unreachable({ shown, reason }, thrown), isAway: true }
  return { error: toPostgresError(thrown, shown, 'connect'), isAway: false }
}

function findState(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'severity' in thrown && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
}

const NETWORK_CODES = ['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN']

function isNetwork(thrown: Error): boolean {
  return ('code' in thrown && NETWORK_CODES.includes(String(thrown.code))) || /^(Connection terminated|Query read timeout|Client (was closed|has encountered))/.test(thrown.message)
}
