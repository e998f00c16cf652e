// A bound on how many files are open at once, however many callers there are.

/** At most so many `work`s run at once; the others wait in their order. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>

export function createLimit(maxRunning: number): Limit {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= maxRunning) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
