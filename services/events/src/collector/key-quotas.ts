// How much each write key may send: events a second, with a burst, and bytes a day. What is over is refused whole.
import type { Clock } from '@rondo/time'
import { DAY_MS } from '@rondo/time'
import { errors } from '../errors.ts'

/** `burst`: so many events at once after a quiet time; ten seconds' worth unless told. `bytesPerDay`: of bodies, unpacked, by the UTC day. */
export type Quota = { eventsPerSecond?: number; burst?: number; bytesPerDay?: number }

export type KeyQuotas = {
  /** Throws OVER_QUOTA, with the seconds to wait; then nothing is counted. */
  take(key: string, events: number, sizeBytes: number): void
  /** Every name that has a quota, and every key that sent under "*", with what they may and what they did. */
  list(): QuotaUse[]
  /** Requests refused since the start, by key. */
  refused: ReadonlyMap<string, number>
}

/** `bytesToday`: of bodies in the UTC day under way. `refused`: requests since the start. */
export type QuotaUse = Quota & { key: string; bytesToday: number; refused: number }

/** By the name of a key; "*" for every key that is not named, each for itself. Counted in memory, so a restart begins anew. */
export function createKeyQuotas(quotas: Readonly<Record<string, Quota>>, clock: Clock): KeyQuotas {
  const standings = new Map<string, Standing>()
  const refused = new Map<string, number>()
  const quotaOf = (key: string): Quota | undefined => (Object.hasOwn(quotas, key) ? quotas[key] : quotas['*'])
  return {
    refused,
    list() {
      const today = Math.floor(clock.now() / DAY_MS)
      return [...new Set([...Object.keys(quotas), ...standings.keys()])].sort().map((key) => {
        const standing = standings.get(key)
        return { key, ...(quotaOf(key) ?? {}), bytesToday: standing?.day === today ? standing.bytes : 0, refused: refused.get(key) ?? 0 }
      })
    },
    take(key, events, sizeBytes) {
      const quota = quotaOf(key)
      if (quota === undefined) return
      const nowMs = clock.now()
      const standing = standings.get(key) ?? { tokens: toBurst(quota), atMs: nowMs, day: -1, bytes: 0 }
      standings.set(key, standing)
      const over = findOver(quota, standing, { events, sizeBytes, nowMs })
      if (over !== undefined) {
        refused.set(key, (refused.get(key) ?? 0) + 1)
        throw errors.overQuota({ key, ...over })
      }
      standing.tokens -= events
      standing.bytes += sizeBytes
    },
  }
}

type Standing = { tokens: number; atMs: number; day: number; bytes: number }

function toBurst({ eventsPerSecond = Infinity, burst }: Quota): number {
  return burst ?? Math.max(1, eventsPerSecond * 10)
}

/** A token bucket: a request larger than the burst passes when the bucket is full, and is paid back before the next. */
function findOver(quota: Quota, standing: Standing, { events, sizeBytes, nowMs }: { events: number; sizeBytes: number; nowMs: number }): { what: string; retryAfterS: number } | undefined {
  const { eventsPerSecond, bytesPerDay } = quota
  const day = Math.floor(nowMs / DAY_MS)
  if (day !== standing.day) Object.assign(standing, { day, bytes: 0 })
  if (bytesPerDay !== undefined && standing.bytes + sizeBytes > bytesPerDay) return { what: `${bytesPerDay} bytes a day`, retryAfterS: Math.ceil(((day + 1) * DAY_MS - nowMs) / 1000) }
  if (eventsPerSecond === undefined) return undefined
  const burst = toBurst(quota)
  standing.tokens = Math.min(burst, standing.tokens + (Math.max(0, nowMs - standing.atMs) / 1000) * eventsPerSecond)
  standing.atMs = nowMs
  const missing = Math.min(events, burst) - standing.tokens
  return missing > 0 ? { what: `${eventsPerSecond} events a second`, retryAfterS: Math.max(1, Math.ceil(missing / eventsPerSecond)) } : undefined
}
