// One call to Pub/Sub: tried again while it may pass and time is left, its failures in the words of the log.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import { errors } from '../errors.ts'
import { pause } from '../pause.ts'
import type { PubsubAddress } from './parse-pubsub-address.ts'

/** Status codes of gRPC. */
export const STATUS = { cancelled: 1, unknown: 2, invalidArgument: 3, deadlineExceeded: 4, notFound: 5, alreadyExists: 6, permissionDenied: 7, resourceExhausted: 8, failedPrecondition: 9, aborted: 10, internal: 13, unavailable: 14, unauthenticated: 16 } as const

const PASSING: ReadonlySet<number> = new Set([STATUS.unknown, STATUS.deadlineExceeded, STATUS.resourceExhausted, STATUS.aborted, STATUS.internal, STATUS.unavailable])
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2_000
export const ENGINE = 'Pub/Sub'

export type CallOptions = { timeout: number; retry: null }

export type Calls = {
  /** `what` completes "refused to …". The answer is the first of what the client gives. Ends with `CANCELLED` as soon as the caller has gone; without `ctx` there is none that could. */
  call<T>(what: string, ctx: Ctx | undefined, send: (options: CallOptions) => Promise<[T, ...unknown[]]>): Promise<T>
}

/** `ended` fires when nobody waits any more: what is under way is not tried again. */
export function createCalls(address: PubsubAddress, ended: AbortSignal): Calls {
  return {
    async call(what, ctx, send) {
      const end = performance.now() + address.timeoutMs
      for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS)) {
        if (ctx !== undefined) throwIfCancelled(ctx)
        try {
          const sent = send({ timeout: Math.max(1, end - performance.now()), retry: null })
          const answer = await (ctx === undefined ? sent : untilAborted(sent, ctx.signal))
          if (answer !== undefined) return answer[0]
        } catch (thrown) {
          if (!mayPass(thrown) || ended.aborted || performance.now() + waitMs >= end) throw toLogError(thrown, address, what)
        }
        await pause(waitMs, ended, ...(ctx === undefined ? [] : [ctx.signal]))
      }
    },
  }
}

/** Undefined as soon as a signal fires. The call itself goes on: the library gives no way to take it back. */
export function untilAborted<T>(work: Promise<T>, ...signals: AbortSignal[]): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      for (const signal of signals) signal.removeEventListener('abort', end)
    }
    const end = (): void => {
      leave()
      resolve(undefined)
    }
    for (const signal of signals) signal.addEventListener('abort', end)
    work.then(
      (value) => {
        leave()
        resolve(value)
      },
      (error: unknown) => {
        leave()
        reject(error)
      },
    )
    if (signals.some(({ aborted }) => aborted)) end()
  })
}

export function codeOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : undefined
}

function mayPass(thrown: unknown): boolean {
  return PASSING.has(codeOf(thrown) ?? -1)
}

export function toLogError(thrown: unknown, address: PubsubAddress, what: string): AppError {
  if (thrown instanceof AppError) return thrown
  const place = { engine: ENGINE, address: address.shown }
  const code = codeOf(thrown)
  const reason = describe(thrown)
  if (code === STATUS.unauthenticated) return errors.credentialsRefused({ ...place, reason }, thrown)
  if (code === undefined || mayPass(thrown)) return errors.unavailable({ ...place, reason }, thrown)
  return errors.engineRefused({ ...place, what, reason }, thrown)
}

/** "14 UNAVAILABLE: No connection established" → "No connection established" */
export function describe(thrown: unknown): string {
  const text = thrown instanceof Error ? ('details' in thrown && typeof thrown.details === 'string' && thrown.details !== '' ? thrown.details : thrown.message) : String(thrown)
  return text.replace(/^\d+ [A-Z_]+: /, '').replace(/\.$/, '')
}
