// What is told where nobody listens: troubles on the console, each kind once an hour.
import type { RondoError } from './types.ts'

const QUIET_MS = 3_600_000

export function createWarner(now: () => number): (error: RondoError) => void {
  const quietUntil: Record<string, number> = {}
  return ({ code, message }) => {
    if (now() < quietUntil[code]!) return
    quietUntil[code] = now() + QUIET_MS
    console.warn(`rondo: ${code}: ${message}`)
  }
}
