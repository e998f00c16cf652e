// The one error type of the house: what failed, the offending value, and what to do about it.

/** What an error means to a caller. Only `@rondo/host` maps a kind to an HTTP status. */
export type ErrorKind =
  | 'invalid' // the input is wrong; sending it again will not help
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'wrong-method' // what is asked for is there, but not with this verb
  | 'conflict'
  | 'too-large'
  | 'limited' // too many requests; try again later
  | 'unavailable' // a part we need does not answer; try again later
  | 'storage-full'
  | 'cancelled'
  | 'not-implemented'
  | 'internal'

export type ErrorDetails = Record<string, unknown>

export type AppErrorInit = {
  code: string
  kind: ErrorKind
  message: string
  details?: ErrorDetails
  help?: string
  cause?: unknown
}

/** `code` is stable and machine readable; `message` says what failed with the offending value in quotes; `help` says what to do. */
export class AppError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  readonly details: ErrorDetails
  readonly help: string | undefined

  constructor(init: AppErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'AppError'
    this.code = init.code
    this.kind = init.kind
    this.details = init.details ?? {}
    this.help = init.help
  }

  toJSON(): { code: string; kind: ErrorKind; message: string; details: ErrorDetails; help?: string } {
    return { code: this.code, kind: this.kind, message: this.message, details: this.details, ...(this.help === undefined ? {} : { help: this.help }) }
  }
}

/** Anything thrown, as an AppError; what was not one becomes `INTERNAL` with the original as cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new AppError({ code: 'CANCELLED', kind: 'cancelled', message: thrown.message || 'The operation was cancelled.', cause: thrown })
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError({ code: 'INTERNAL', kind: 'internal', message, cause: thrown })
}
