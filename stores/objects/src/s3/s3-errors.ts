// What an answer of S3, or none, means: to whoever asked, and to the next try.
import { AppError } from '@rondo/errors'
import { findErrno } from '@rondo/files'
import { errors } from '../errors.ts'

type Store = { shown: string; bucket: string }

const BUSY = new Set(['SlowDown', 'Throttling', 'ThrottlingException', 'TooManyRequests', 'RequestTimeout', 'InternalError', 'ServiceUnavailable', 'OperationAborted'])
/** It arrived damaged, in the past, or while another was deciding about the same key. */
const AGAIN = new Set(['BadDigest', 'XAmzContentSHA256Mismatch', 'RequestTimeTooSkewed', 'ConditionalRequestConflict'])
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNABORTED', 'EPROTO', 'ERR_STREAM_PREMATURE_CLOSE'])
const LOGIN = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AccessDenied', 'InvalidToken', 'ExpiredToken', 'TokenRefreshRequired', 'CredentialsProviderError', 'Forbidden', 'InvalidSecurity', 'XAdminUserNotFound'])
const REGION = new Set(['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'])
/** A gateway over a file system, and a store that behaves like one, know no object below another. */
const BLOCKED = new Set(['ExistingObjectIsDirectory', 'ObjectParentIsFile', 'XMinioParentIsObject', 'XMinioObjectExistsAsDirectory'])
const FULL = new Set(['XMinioStorageFull', 'QuotaExceeded', 'XMinioAdminBucketQuotaExceeded', 'InsufficientStorage'])

/** Bytes that did not arrive as they were sent. */
export class BrokenAnswerError extends Error {}

/** The same may succeed in a moment; whether it was done already, nobody knows. */
export function isPassing(thrown: unknown): boolean {
  if (thrown instanceof BrokenAnswerError) return true
  const name = nameOf(thrown)
  return isUnanswered(thrown) || BUSY.has(name) || AGAIN.has(name) || [429, 500, 502, 503, 504].includes(statusOf(thrown) ?? 0)
}

export function isPreconditionFailed(thrown: unknown): boolean {
  return statusOf(thrown) === 412
}

/** Two decided about one key at once, and S3 wants the whole upload again. */
export function isConflict(thrown: unknown): boolean {
  return nameOf(thrown) === 'ConditionalRequestConflict'
}

/** No such object; by name, because an engine may answer 404 for other things too. A missing bucket answers HEAD alike, but was there at the opening. */
export function isMissing(thrown: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(nameOf(thrown))
}

export function isUploadGone(thrown: unknown): boolean {
  return nameOf(thrown) === 'NoSuchUpload'
}

export function isBeyondEnd(thrown: unknown): boolean {
  return statusOf(thrown) === 416
}

export function toS3Error(thrown: unknown, key: string, { shown, bucket }: Store): AppError {
  if (thrown instanceof AppError) return thrown
  const name = nameOf(thrown)
  const reason = toReason(thrown)
  if (statusOf(thrown) === undefined && (isUnanswered(thrown) || findErrno(thrown) !== undefined)) return errors.unreachable({ shown, reason }, thrown)
  if (name === 'NoSuchBucket') return errors.bucketMissing({ shown, bucket }, thrown)
  if (LOGIN.has(name)) return errors.loginRefused({ shown, reason }, thrown)
  if (REGION.has(name) || statusOf(thrown) === 301 || reason.startsWith('Region is missing')) return errors.wrongRegion({ shown, reason }, thrown)
  if (BLOCKED.has(name)) return errors.keyBlocked({ key }, thrown)
  if (FULL.has(name) || statusOf(thrown) === 507) return errors.storageFull({ key }, thrown)
  if (isMissing(thrown)) return errors.notFound({ key }, thrown)
  return errors.refused({ shown, key, reason }, thrown)
}

/** Nobody was there, or went away in the middle. */
function isUnanswered(thrown: unknown): boolean {
  if (statusOf(thrown) !== undefined && statusOf(thrown) !== 0) return false
  return nameOf(thrown) === 'TimeoutError' || NETWORK.has(findErrno(thrown) ?? '') || (thrown instanceof Error && thrown.message === 'aborted')
}

function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  return 'Code' in thrown && typeof thrown.Code === 'string' ? thrown.Code : thrown.name
}

function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('$metadata' in thrown)) return undefined
  const metadata = thrown.$metadata as { httpStatusCode?: number } | undefined
  return metadata?.httpStatusCode
}

function toReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const status = statusOf(thrown)
  // Of an answer that cannot be read, the library goes on with how to look at it.
  const [line = ''] = thrown.message.trim().split('\n')
  const text = line === '' || line === 'UnknownError' ? nameOf(thrown) : line
  const code = findErrno(thrown) ?? nameOf(thrown)
  return `${text.replace(/\.$/, '')}${text.includes(code) || code === '' ? '' : ` (${code})`}${status === undefined ? '' : `, status ${status}`}`
}
