// Timestamps of plain writes: of two writes to one cell, Cassandra keeps the one with the larger.
//
// They are taken when the port is called, so that calls count in their order (KV12) and a request that is tried again is the same write. They follow the
// machine's clock and never the store's own, which may be simulated: time that stands still or goes back would make later writes the smaller ones.

export type WriteClock = {
  /** Microseconds since 1970, even, larger than all before. The odd number behind it is kept free: see put-if.ts. */
  next(): number
}

/** `chance` in [0, 1) sets two processes apart that write in the same millisecond. */
export function createWriteClock(machineNowMs: () => number, chance: number): WriteClock {
  const offsetUs = 2 * Math.floor(chance * 500)
  let lastUs = 0
  return {
    next() {
      lastUs = Math.max(Math.floor(machineNowMs()) * 1_000 + offsetUs, lastUs + 2)
      return lastUs
    },
  }
}
