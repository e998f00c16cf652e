// Guessing is slowed: so many wrong secrets a minute from one source, then nothing from it is looked at for a while.

export type FailureLimiter = {
  /** Milliseconds until this source is heard again; 0 when it is heard now. */
  blockedForMs(source: string, nowMs: number): number
  fail(source: string, nowMs: number): void
}

export type FailureLimits = { failures: number; windowMs: number; maxSources: number }

/** Counts in fixed windows per source. Sources beyond `maxSources` push out the oldest. */
export function createFailureLimiter(limits: FailureLimits): FailureLimiter {
  const windows = new Map<string, { startMs: number; failures: number }>()
  return {
    blockedForMs(source, nowMs) {
      const window = windows.get(source)
      if (window === undefined || window.failures < limits.failures) return 0
      return Math.max(0, window.startMs + limits.windowMs - nowMs)
    },
    fail(source, nowMs) {
      const window = windows.get(source)
      if (window !== undefined && nowMs >= window.startMs && nowMs < window.startMs + limits.windowMs) {
        window.failures += 1
        return
      }
      windows.delete(source)
      windows.set(source, { startMs: nowMs, failures: 1 })
      if (windows.size > limits.maxSources) windows.delete(windows.keys().next().value ?? source)
    },
  }
}
