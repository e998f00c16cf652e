// Timestamps of writes: of two cells of one column, Bigtable shows the one with the larger. They are whole milliseconds, which it keeps.
//
// They are taken when the port is called, so that calls count in their order (KV12) and a request that is tried again is the same write. They follow the machine's
// clock and never the store's own, which may be simulated. A partition that is written again within a millisecond takes the next one.

export type WriteClock = {
  /** Milliseconds since 1970, larger than before for each of the partitions. */
  next(partitions: Iterable<string>): number
  /** The same, and larger than what is there. */
  nextAfter(partition: string, thereMs: number): number
}

export function createWriteClock(machineNowMs: () => number): WriteClock {
  const written = new Set<string>()
  let lastMs = 0
  const moveTo = (ms: number): void => {
    lastMs = ms
    written.clear()
  }
  return {
    next(partitions) {
      const nowMs = Math.floor(machineNowMs())
      const names = [...partitions]
      if (nowMs > lastMs) moveTo(nowMs)
      else if (names.some((name) => written.has(name))) moveTo(lastMs + 1)
      for (const name of names) written.add(name)
      return lastMs
    },
    nextAfter(partition, thereMs) {
      const ms = this.next([partition])
      if (ms > thereMs) return ms
      moveTo(thereMs + 1)
      written.add(partition)
      return lastMs
    },
  }
}
