// What an error of the client library means: to whoever asked, and to the next try.
import { AppError } from '@rondo/errors'
import { errors } from '../errors.ts'

/** gRPC's numbers (grpc/grpc, doc/statuscodes.md). */
const CODE = { cancelled: 1, deadlineExceeded: 4, notFound: 5, alreadyExists: 6, permissionDenied: 7, resourceExhausted: 8, aborted: 10, internal: 13, unavailable: 14, unauthenticated: 16 } as const
/** A connection that is lost in the middle of a call is "internal" or "cancelled". */
const PASSING: ReadonlySet<number> = new Set([CODE.cancelled, CODE.deadlineExceeded, CODE.resourceExhausted, CODE.aborted, CODE.internal, CODE.unavailable])

/** The same may succeed in a moment; whether it was done already, nobody knows. */
export function isPassing(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code !== undefined && PASSING.has(code)
}

export function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === CODE.notFound
}

export function isThereAlready(thrown: unknown): boolean {
  return codeOf(thrown) === CODE.alreadyExists
}

/** What comes back from a store that is `shown` so. */
export function toBigtableError(thrown: unknown, shown: string): AppError {
  if (thrown instanceof AppError) return thrown
  const reason = (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '')
  const code = codeOf(thrown)
  if (code === CODE.permissionDenied || code === CODE.unauthenticated || (code === undefined && /credentials/i.test(reason))) return errors.rightsMissing({ shown, reason }, thrown)
  return isPassing(thrown) ? errors.unreachable({ shown, reason }, thrown) : errors.refused({ shown, reason }, thrown)
}

function codeOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : undefined
}
