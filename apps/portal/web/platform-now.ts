// The platform's clock in the browser: what it last said, moved on at the pace at which its time runs.
import type { PlatformInfo, RouteOf } from './use-loop.ts'
import { useCallback } from 'react'

/** Epoch ms. Simulated history stands still between answers; live simulated time runs at its rate while the platform answers; without a world, time is time. */
export function usePlatformNow(info: RouteOf<PlatformInfo>): () => number {
  const { data, asOf, isStale } = info
  const said = data === undefined ? Number.NaN : Date.parse(data.now)
  const pace = data === undefined || !data.world.on ? 1 : data.world.phase === 'live' && !isStale ? data.world.rate : 0
  return useCallback(() => (Number.isNaN(said) || asOf === undefined ? Date.now() : said + (Date.now() - asOf) * pace), [said, asOf, pace])
}
