// How many listen: the first thing one wants to know of a loop.
import { DAY_MS } from '@rondo/time'
import type { Parts } from '../parts.ts'

/** From summaries in memory, O(listeners). Active is who did anything in the 24 hours up to now. */
export function countAudience({ clock, listeners }: Pick<Parts, 'clock' | 'listeners'>): { activeLastDay: number; total: number } {
  const sinceMs = clock.now() - DAY_MS
  let activeLastDay = 0
  for (const { lastMs } of listeners.summaries()) if (lastMs > sinceMs) activeLastDay += 1
  return { activeLastDay, total: listeners.size }
}
