// A part of a segment of ids: fingerprints in order, where each bucket of them begins, and a filter that says which may be among them.
import { buildFuseFilter, type FuseFilter } from './fuse-filter.ts'

export type IdBlock = {
  /** (low, high) pairs in order of low, then high; each once. */
  words: Uint32Array<ArrayBuffer>
  filter: FuseFilter
  /** Pair at which each bucket of the block begins, and their number at the end. */
  starts: Uint32Array<ArrayBuffer>
}

const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS

/** Of (low, high) pairs whose first `prefixBits` are the same. A bucket is those whose first `bucketBits` (of 32, at least `prefixBits`) are the same. */
export function buildIdBlock(parts: readonly Uint32Array[], prefixBits: number, bucketBits: number): IdBlock {
  const words = sortPairs(parts, prefixBits)
  const count = words.length / 2
  const buckets = 1 << (bucketBits - prefixBits)
  const starts = new Uint32Array(buckets + 1)
  let bucket = 0
  for (let i = 0; i < count; i += 1) {
    const own = (((words[i * 2] as number) << prefixBits) >>> 1) >>> (31 - (bucketBits - prefixBits))
    while (bucket < own) {
      bucket += 1
      starts[bucket] = i
    }
  }
  starts.fill(count, bucket + 1)
  return { words, filter: buildFuseFilter(words, count, prefixBits), starts }
}

/** By the 22 bits behind the prefix, a digit at a time; the few that are alike in these are then put in order among themselves, and what is there twice goes. */
function sortPairs(parts: readonly Uint32Array[], prefixBits: number): Uint32Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const once = new Uint32Array(length)
  const twice = new Uint32Array(length)
  scatter(parts, once, prefixBits, 32 - 2 * DIGIT_BITS)
  scatter([once], twice, prefixBits, 32 - DIGIT_BITS)
  let kept = 0
  for (let i = 0; i < length; i += 2) {
    const low = twice[i] as number
    const high = twice[i + 1] as number
    let at = kept
    while (at > 0 && isBefore(low, high, twice[at - 2] as number, twice[at - 1] as number)) at -= 2
    if (at > 0 && twice[at - 2] === low && twice[at - 1] === high) continue
    if (at < kept) twice.copyWithin(at + 2, at, kept)
    twice[at] = low
    twice[at + 1] = high
    kept += 2
  }
  return kept === length ? twice : twice.slice(0, kept)
}

function isBefore(low: number, high: number, otherLow: number, otherHigh: number): boolean {
  return low < otherLow || (low === otherLow && high < otherHigh)
}

function scatter(parts: readonly Uint32Array[], into: Uint32Array, prefixBits: number, shift: number): void {
  const ends = new Uint32Array(DIGITS)
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      const digit = (((part[i] as number) << prefixBits) >>> shift) & (DIGITS - 1)
      ends[digit] = (ends[digit] as number) + 1
    }
  }
  let before = 0
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const own = ends[digit] as number
    ends[digit] = before
    before += own
  }
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      const low = part[i] as number
      const digit = ((low << prefixBits) >>> shift) & (DIGITS - 1)
      const at = ends[digit] as number
      ends[digit] = at + 1
      into[at * 2] = low
      into[at * 2 + 1] = part[i + 1] as number
    }
  }
}
