// Identifiers: UUID version 7 (RFC 9562), ordered by time.
import type { Random } from '@rondo/random'
import type { Clock } from '@rondo/time'

export type Ids = { next(): string }

/**
 * UUIDv7: 48 bits of epoch milliseconds, then 12 bits that count up within a millisecond (RFC 9562, method 1), then 62 random bits.
 * Ids of one generator strictly increase, also when the clock goes back.
 */
export function createIds(clock: Clock, random: Random): Ids {
  let lastMs = -1
  let sequence = 0
  return {
    next() {
      const nowMs = Math.max(clock.now(), lastMs)
      sequence = nowMs === lastMs ? sequence + 1 : random.int(1024)
      lastMs = nowMs
      if (sequence > 0xfff) {
        lastMs += 1
        sequence = 0
      }
      const time = lastMs.toString(16).padStart(12, '0')
      const high = ((random.uint32() & 0x3fff) | 0x8000).toString(16)
      const low = (random.uint32() & 0xffff).toString(16).padStart(4, '0') + random.uint32().toString(16).padStart(8, '0')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${high}-${low}`
    },
  }
}
