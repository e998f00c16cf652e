// Waits for the outside world, in real time: processes and ports announce nothing.
import { setTimeout as delay } from 'node:timers/promises'

/** Asks again until the answer is true; false when `withinMs` went by. */
export async function waitFor(withinMs: number, ask: () => boolean | Promise<boolean>): Promise<boolean> {
  const untilMs = performance.now() + withinMs
  for (;;) {
    if (await ask()) return true
    if (performance.now() >= untilMs) return false
    await delay(50)
  }
}
