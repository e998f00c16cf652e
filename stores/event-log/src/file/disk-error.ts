// What the disk refused, in the words of the log.
import { AppError } from '@rondo/errors'
import { isStorageFull } from '@rondo/files'
import { errors } from '../errors.ts'

export function toDiskError(thrown: unknown, path: string): AppError {
  if (thrown instanceof AppError) return thrown
  if (isStorageFull(thrown)) return errors.storageFull({ path }, thrown)
  return errors.ioFailed({ path, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
}
