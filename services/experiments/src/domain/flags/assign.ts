// Where a unit falls, as Confidence's public resolver computes it, so that results are portable.
import { createHasher } from '@rondo/hash'
import { BUCKETS } from './allocate-ranges.ts'

export type Assigner = {
  /** `bucket("MegaSalt-" + account + "|" + unit, 1_000_000)`; the last unit's answer is kept. */
  populationBucket(unit: string): number
  /** `bucket(segment + "|" + unit, 1_000_000)`; `salt` is `segment + "|"`. */
  variantBucket(salt: string, unit: string): number
  /** First population bucket of a segment: its share lies from there on, wrapping at the end, so that it can only grow. */
  segmentStart(segment: string): number
}

export function createAssigner(account: string): Assigner {
  const hasher = createHasher()
  const salt = `MegaSalt-${account}|`
  let lastUnit: string | undefined
  let lastBucket = 0
  return {
    populationBucket(unit) {
      if (unit !== lastUnit) {
        lastBucket = hasher.bucketAfter(salt, unit, BUCKETS)
        lastUnit = unit
      }
      return lastBucket
    },
    variantBucket: (segmentSalt, unit) => hasher.bucketAfter(segmentSalt, unit, BUCKETS),
    segmentStart: (segment) => hasher.bucket(segment, BUCKETS),
  }
}
