// What a service level promises: past it somebody is told.
import { HOUR_MS } from '@rondo/time'

const MINUTE_MS = 60_000

export type Promised = {
  /** From receipt into a bucket; longer is late. */
  landsWithinMs: number
  /** Quiet for so much longer than it ever was is silent; null: it may be. */
  silentAfterMs: number | null
  /** Of what came in a day: more dead letters than this share are too many. */
  deadShare: number
}

/** By service level. docs/guides/service-levels.md says the same to people. */
export const PROMISES: Record<'gold' | 'silver' | 'bronze', Promised> = {
  gold: { landsWithinMs: HOUR_MS + 15 * MINUTE_MS, silentAfterMs: 2 * HOUR_MS, deadShare: 0.005 },
  silver: { landsWithinMs: 2 * HOUR_MS, silentAfterMs: 2 * HOUR_MS, deadShare: 0.01 },
  bronze: { landsWithinMs: 6 * HOUR_MS, silentAfterMs: null, deadShare: 0.05 },
}
