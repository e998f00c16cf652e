// What an error of the client library means: to whoever asked, and to the next try.
import { AppError } from '@rondo/errors'
import { errors } from '../errors.ts'

/** Numbers of the native protocol, version 4, section 9. */
const CODE = { serverError: 0x0000, badCredentials: 0x0100, unavailable: 0x1000, overloaded: 0x1001, bootstrapping: 0x1002, writeTimeout: 0x1100, readTimeout: 0x1200, readFailure: 0x1300, writeFailure: 0x1500, casUnknown: 0x1700, unauthorized: 0x2100 } as const
const PASSING: ReadonlySet<number> = new Set([CODE.serverError, CODE.unavailable, CODE.overloaded, CODE.bootstrapping, CODE.writeTimeout, CODE.readTimeout, CODE.readFailure, CODE.writeFailure, CODE.casUnknown])

/** The same may succeed in a moment; whether it was done already, nobody knows. */
export function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || isLoginRefused(thrown)) return false
  const code = codeOf(thrown)
  if (code !== undefined) return PASSING.has(code)
  return isUnanswered(thrown)
}

/** What comes back from a store that is `shown` so. */
export function toCassandraError(thrown: unknown, shown: string): AppError {
  if (thrown instanceof AppError) return thrown
  const reason = toReason(thrown)
  if (isLoginRefused(thrown) || codeOf(thrown) === CODE.unauthorized) return errors.loginRefused({ shown, reason }, thrown)
  return isPassing(thrown) ? errors.unreachable({ shown, reason }, thrown) : errors.refused({ shown, reason }, thrown)
}

/** The datacenter of the address is none of the cluster's. */
export function isDatacenterUnknown(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'ArgumentError' && /^datacenter /i.test(thrown.message)
}

export function toReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const [first] = innerErrors(thrown)
  return first === undefined ? thrown.message.replace(/\.$/, '') : `${first.host}: ${toReason(first.error)}`
}

function isLoginRefused(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  return thrown.name === 'AuthenticationError' || codeOf(thrown) === CODE.badCredentials || innerErrors(thrown).some(({ error }) => isLoginRefused(error))
}

/** Nobody was there, was busy with others, or went away in the middle. */
function isUnanswered(thrown: Error): boolean {
  // What the pool says of itself is a plain error without a code.
  if (thrown.name === 'Error' && /connection|pool/i.test(thrown.message)) return true
  return ['NoHostAvailableError', 'OperationTimedOutError', 'BusyConnectionError', 'DriverInternalError'].includes(thrown.name) || 'isSocketError' in thrown || 'syscall' in thrown
}

function codeOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && thrown.name === 'ResponseError' && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : undefined
}

/** Of one that tried several nodes. */
function innerErrors(thrown: Error): { host: string; error: unknown }[] {
  const inner = 'innerErrors' in thrown ? thrown.innerErrors : undefined
  return typeof inner === 'object' && inner !== null ? Object.entries(inner).map(([host, error]) => ({ host, error })) : []
}
