// The machine's time, passed in: how fast simulated time may go, and how long to wait between tries.
import { setTimeout as sleep } from 'node:timers/promises'

export type RealTime = {
  /** Milliseconds that only grow. */
  now(): number
  /** Resolves early, without an error, when the signal fires. */
  pause(ms: number, signal: AbortSignal): Promise<void>
}

export const machineTime: RealTime = {
  now: () => performance.now(),
  pause: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
}
