// Where "now" comes from. Code never asks the machine; it asks the clock it was given.

/** Instants are epoch milliseconds inside the house and ISO 8601 on the wire. */
export type Clock = { now(): number }

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands still until moved: for tests, and for the accelerated time of a simulated world. */
export type ManualClock = Clock & {
  /** Moves to `epochMs`. Going back is allowed: clocks jump. */
  moveTo(epochMs: number): void
  advance(durationMs: number): void
}

export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs
  return {
    now: () => nowMs,
    moveTo(epochMs) {
      nowMs = epochMs
    },
    advance(durationMs) {
      nowMs += durationMs
    },
  }
}
