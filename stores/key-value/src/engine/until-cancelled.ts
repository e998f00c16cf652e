// Leaving a request behind: it cannot be called back, but whoever has gone does not wait for it.
//
// Hundreds of requests share one signal, and a listener for each would be looked for among all of them whenever one is added or taken away. So a signal has one
// listener, and the requests are in a set beside it.

/** Settles as the request does, or rejects with the reason of the signal when that comes first; `end` is called when the request has ended, in any case. */
export type UntilCancelled = <T>(request: Promise<T>, signal: AbortSignal, end?: () => void) => Promise<T>

/** `closing`: when it fires, all leave. */
export function createUntilCancelled(closing?: AbortSignal): UntilCancelled {
  const everyone = new Set<() => void>()
  closing?.addEventListener('abort', () => everyone.forEach((leave) => leave()), { once: true })
  const waiting = new WeakMap<AbortSignal, Set<() => void>>()
  const findWaiting = (signal: AbortSignal): Set<() => void> => {
    const found = waiting.get(signal)
    if (found !== undefined) return found
    const made = new Set<() => void>()
    waiting.set(signal, made)
    signal.addEventListener('abort', () => made.forEach((leave) => leave()), { once: true })
    return made
  }
  return (request, signal, end) =>
    new Promise((resolve, reject) => {
      const others = findWaiting(signal)
      const leave = (): void => reject(signal.aborted ? signal.reason : closing?.reason)
      others.add(leave)
      everyone.add(leave)
      request.then(
        (result) => {
          others.delete(leave)
          everyone.delete(leave)
          end?.()
          resolve(result)
        },
        (thrown: unknown) => {
          others.delete(leave)
          everyone.delete(leave)
          end?.()
          reject(thrown)
        },
      )
    })
}
