// Lets a long computation on the main thread give way to the server it runs in.
import { setImmediate } from 'node:timers/promises'

/** A function to call often: it waits for one turn of the event loop once `everyMs` have passed since the last time. */
export function createYield(everyMs = 8): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < everyMs) return undefined
    return setImmediate().then(() => {
      last = performance.now()
    })
  }
}
