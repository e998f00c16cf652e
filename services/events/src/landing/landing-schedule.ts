// When a type's events are due to land: by the clock alone, and few files for busy and quiet types alike.
import { HOUR_MS, startOfHour } from '@rondo/time'
import type { Flow } from '../room.ts'

const ROWS_AT_ONCE = 20_000
const FIRST_AFTER_MS = 2_000
const LONGEST_AFTER_MS = 320_000

/** `watermarkMs`: everything received before is durable. */
export function isDue(flow: Flow, nowMs: number, watermarkMs: number, force: boolean): boolean {
  if (flow.brokenUntilMs > nowMs && !force) return false
  if (flow.end > flow.landed) {
    const start = startOfHour(flow.firstUnlandedMs)
    // What a process before this one took has waited long enough, whatever files its hour has.
    if (flow.landed < flow.foundEnd) return true
    if (force || start + HOUR_MS <= watermarkMs || flow.end - flow.landed >= ROWS_AT_ONCE) return true
    if (nowMs - flow.firstUnlandedMs >= computePatience(flow.open.get(start) ?? 0)) return true
  }
  for (const start of flow.open.keys()) if (start + HOUR_MS <= watermarkMs) return true
  return false
}

/** Each further file of an hour waits twice as long: about sixteen in an hour of steady flow, the first after two seconds. */
export function computePatience(files: number): number {
  return Math.min(FIRST_AFTER_MS * 2 ** files, LONGEST_AFTER_MS)
}

/** Every hour that ends at or before this is closed for the type. */
export function findClosedUntil(flow: Flow, watermarkMs: number): number {
  let until = startOfHour(watermarkMs)
  if (flow.end > flow.landed) until = Math.min(until, startOfHour(flow.firstUnlandedMs))
  for (const start of flow.open.keys()) until = Math.min(until, start)
  return until
}
