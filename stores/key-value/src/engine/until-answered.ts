// An engine may hold its connections and say nothing: whoever asks whether it is there waits for so long and no longer.
import { errors } from '../errors.ts'

/** Settles as `asked` does, or throws `KEY_VALUE_UNREACHABLE` when that takes longer. */
export async function untilAnswered<T>(asked: Promise<T>, withinMs: number, shown: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(errors.unreachable({ shown, reason: `no answer within ${withinMs} ms` })), withinMs)
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
