// The only place that knows HTTP statuses: what an AppError becomes on the wire (RFC 9457).
import type { RawResponse } from '@rondo/contract'
import type { AppError, ErrorKind } from '@rondo/errors'

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'wrong-method': 405,
  conflict: 409,
  'too-large': 413,
  limited: 429,
  cancelled: 499,
  internal: 500,
  'not-implemented': 501,
  unavailable: 503,
  'storage-full': 507,
}

const TITLE: Record<ErrorKind, string> = {
  invalid: 'The request is wrong',
  unauthenticated: 'Who are you?',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  'wrong-method': 'Not with this method',
  conflict: 'Conflict',
  'too-large': 'Too large',
  limited: 'Too many requests',
  cancelled: 'Cancelled',
  internal: 'Something broke here',
  'not-implemented': 'Not yet',
  unavailable: 'A part does not answer',
  'storage-full': 'The disk is full',
}

export function toStatus(kind: ErrorKind): number {
  return STATUS[kind]
}

export function toProblem(error: AppError, traceId: string): RawResponse {
  const status = STATUS[error.kind]
  const body = {
    type: `urn:rondo:problem:${error.code.toLowerCase()}`,
    title: TITLE[error.kind],
    status,
    detail: error.message,
    code: error.code,
    kind: error.kind,
    ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
    ...(error.help === undefined ? {} : { help: error.help }),
    traceId,
  }
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="rondo", Basic realm="rondo"'
  const { allow } = error.details
  if (status === 405 && Array.isArray(allow)) headers['allow'] = allow.join(', ')
  // Whole seconds until another try may pass, when the error knows.
  const { retryAfterS } = error.details
  if (status === 429 || status === 503) headers['retry-after'] = typeof retryAfterS === 'number' ? String(retryAfterS) : '2'
  return { status, headers, body: JSON.stringify(body) }
}
