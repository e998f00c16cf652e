// What travels with every I/O call: how long it may take, for whom, and under which trace.
import { AppError } from '@rondo/errors'

/** Who acts. `client` names the application a client secret belongs to. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'admin'; name: string }
  | { kind: 'service'; name: string }
  | { kind: 'write'; name: string }
  | { kind: 'client'; name: string }

export type Ctx = {
  readonly signal: AbortSignal
  readonly traceId: string
  readonly principal: Principal
}

export type CtxInit = { signal?: AbortSignal; traceId?: string; principal?: Principal }

const never = new AbortController().signal

/** A context; without arguments: never cancelled, anonymous. Work of the house itself runs as `{ kind: 'service', name }`. */
export function createCtx(init: CtxInit = {}): Ctx {
  return {
    signal: init.signal ?? never,
    traceId: init.traceId ?? crypto.randomUUID().replaceAll('-', ''),
    principal: init.principal ?? { kind: 'anonymous' },
  }
}

/** The same context with an earlier end. */
export function withDeadline(ctx: Ctx, timeoutMs: number): Ctx {
  return { ...ctx, signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(timeoutMs)]) }
}

/** Throws `CANCELLED` when the caller has gone. */
export function throwIfCancelled(ctx: Ctx): void {
  if (!ctx.signal.aborted) return
  throw new AppError({ code: 'CANCELLED', kind: 'cancelled', message: 'The operation was cancelled or ran past its deadline.', cause: ctx.signal.reason })
}
