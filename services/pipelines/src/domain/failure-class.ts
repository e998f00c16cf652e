// What a failed run means for the next try.
import type { ErrorKind } from '@rondo/errors'
import { HOUR_MS, MINUTE_MS } from '@rondo/time'
import type { FailureClass } from '../contract.ts'

/** A file that is gone is a missing input; what the engine rejects stays wrong until code or inputs change; everything else may pass by itself. */
export function classify(error: { code: string; kind: ErrorKind }): FailureClass {
  if (error.code === 'DATA_UNREADABLE' || error.code === 'OBJECT_NOT_FOUND') return 'missing-input'
  if (error.kind === 'invalid' || error.kind === 'forbidden' || error.kind === 'too-large') return 'permanent'
  return 'transient'
}

/** When to try again, in clock time: after 1, 2, 4 … minutes, at most an hour; undefined: not by itself. `attempt` from 1. */
export function computeRetryAt(failure: FailureClass, attempt: number, nowMs: number): number | undefined {
  if (failure === 'permanent' || failure === 'checks') return undefined
  return nowMs + Math.min(HOUR_MS, MINUTE_MS * 2 ** Math.min(attempt - 1, 10))
}
