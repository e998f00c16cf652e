// A package's errors as one table: code, kind, message, help; each entry becomes a function that makes the error.
import { AppError, type ErrorDetails, type ErrorKind } from './app-error.ts'

export type ErrorEntry<D extends ErrorDetails> = {
  code: string
  kind: ErrorKind
  message: (details: D) => string
  help?: string | ((details: D) => string)
}

export type ErrorMaker<D extends ErrorDetails> = (details: D, cause?: unknown) => AppError

/** One entry of a table; exists so that `details` is typed where the message is written. */
export function entry<D extends ErrorDetails>(value: ErrorEntry<D>): ErrorEntry<D> {
  return value
}

/**
 * `const errors = defineErrors({ flagUnknown: entry({ code: 'FLAG_NOT_FOUND', kind: 'not-found', message: (d: { flag: string }) => `No flag is called "${d.flag}".` }) })`,
 * then `throw errors.flagUnknown({ flag })`.
 */
export function defineErrors<T extends Record<string, ErrorEntry<never>>>(
  table: T,
): { [K in keyof T]: T[K] extends ErrorEntry<infer D> ? ErrorMaker<D> : never } {
  const makers: Record<string, ErrorMaker<never>> = {}
  for (const [name, row] of Object.entries(table)) {
    makers[name] = (details: never, cause?: unknown) => {
      const help = typeof row.help === 'function' ? row.help(details) : row.help
      return new AppError({
        code: row.code,
        kind: row.kind,
        message: row.message(details),
        details,
        ...(help === undefined ? {} : { help }),
        ...(cause === undefined ? {} : { cause }),
      })
    }
  }
  return makers as { [K in keyof T]: T[K] extends ErrorEntry<infer D> ? ErrorMaker<D> : never }
}
