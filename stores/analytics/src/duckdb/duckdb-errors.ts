// What DuckDB's errors mean to a caller. The engine is opened with errors_as_json, which gives the kind and the position apart.
import { AppError } from '@rondo/errors'
import { errors } from '../errors.ts'
import type { Unrepeatable } from './find-unrepeatable.ts'

type EngineError = { kind: string; reason: string; position: number | undefined }

/** `sql` is the text the caller wrote; `offset` where it begins in the text that ran. */
export function toDuckdbError(thrown: unknown, sql: string, offset = 0): AppError {
  if (thrown instanceof AppError) return thrown
  const { kind, reason, position } = readEngineError(thrown)
  if (kind === 'Out of Memory') return (reason.includes('max_temp_directory_size') ? errors.spill : errors.memory)({ reason: reason.split('\n')[0] ?? reason }, thrown)
  if (/no space left on device|disk quota/i.test(reason)) return errors.full({ reason }, thrown)
  if (kind === 'Permission') return errors.refused({ what: 'this file', why: reason }, thrown)
  if (kind === 'IO' || kind === 'HTTP') return errors.files({ reason }, thrown)
  if (kind === 'INTERNAL' || kind === 'FATAL' || kind === '') return errors.failed({ reason }, thrown)
  return toInvalid(reason, sql, position === undefined ? undefined : position - offset, thrown)
}

/** Of making a dataset's view: no SQL of the caller's is involved, so it is the table as given, or its files. */
export function toTableError(thrown: unknown, table: string): AppError {
  const error = toDuckdbError(thrown, '')
  if (error.code !== 'SQL_INVALID') return error
  const { kind, reason } = readEngineError(thrown)
  return ['Catalog', 'Parser', 'Binder'].includes(kind) ? errors.badTable({ table, reason }, thrown) : errors.files({ reason }, thrown)
}

export function toInvalid(reason: string, sql: string, position: number | undefined, cause?: unknown): AppError {
  if (position === undefined || position < 0 || position > sql.length) return errors.invalid({ reason }, cause)
  return errors.invalid({ reason, ...toPlace(sql, position) }, cause)
}

export function toUnrepeatable({ call, why, position }: Unrepeatable, sql: string): AppError {
  const { line, column } = toPlace(sql, position)
  return errors.unrepeatable({ call, why, line, column })
}

/** The engine counts bytes. */
function toPlace(sql: string, bytes: number): { position: number; line: number; column: number } {
  const before = Buffer.from(sql).subarray(0, bytes).toString()
  return { position: before.length, line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}

/** An engine that has said this must be opened anew. */
export function isFatal(thrown: unknown): boolean {
  const { kind, reason } = readEngineError(thrown)
  return kind === 'INTERNAL' || kind === 'FATAL' || /database has been invalidated/i.test(reason)
}

export function isInterrupt(thrown: unknown): boolean {
  return readEngineError(thrown).kind.toUpperCase() === 'INTERRUPT'
}

/** Looks through our own errors at what they were made of. */
function readEngineError(thrown: unknown): EngineError {
  const source = thrown instanceof AppError && thrown.cause !== undefined ? thrown.cause : thrown
  const message = source instanceof Error ? source.message : String(source)
  const start = message.indexOf('{"exception_type"')
  if (start >= 0) {
    try {
      const read = JSON.parse(message.slice(start)) as { exception_type: string; exception_message: string; position?: string }
      return { kind: read.exception_type, reason: read.exception_message, position: read.position === undefined ? undefined : Number(read.position) }
    } catch {
      // Not JSON after all: read as text below.
    }
  }
  const [, kind, reason] = /^([\w ]+?) Error: ([^]*)$/.exec(message) ?? []
  return { kind: kind ?? '', reason: reason ?? message, position: undefined }
}
