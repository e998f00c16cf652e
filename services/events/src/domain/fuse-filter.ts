// Which 64-bit fingerprints a set may hold, in 8.6 bits each: says yes to every one of the set, and to one in 256 of all others.
//
// A binary fuse filter of four places and eight bits (Graf & Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", 2022): the bytes at an id's four
// places, xored, are its print. The first place goes up with the id itself, so that building reads and writes from one end to the other.

/** `prefixBits`: highest bits of `low` that are the same in the whole set. No bytes: it could not be built, and says yes to all. */
export type FuseFilter = { bytes: Uint8Array<ArrayBuffer>; prefixBits: number; seed: number; segmentBits: number; segments: number }

const ARITY = 4
/** Two of sixteen bits are taken from one word. */
const MAX_SEGMENT_BITS = 16
const MAX_SEEDS = 64

const NO_FILTER = { prefixBits: 0, seed: 0, segmentBits: 2, segments: 0 }

/** Of `count` different (low, high) pairs, in order of `low`. Fails once in very many sets of random ids, with the next seed then; a set that cannot be built at all gets no bytes. */
export function buildFuseFilter(words: Uint32Array, count: number, prefixBits: number): FuseFilter {
  if (count === 0) return { bytes: new Uint8Array(0), ...NO_FILTER }
  const shape = findShape(count)
  const size = (shape.segments + ARITY - 1) << shape.segmentBits
  const scratch = { owners: new Uint32Array(size), counts: new Uint8Array(size), queue: new Uint32Array(size), ids: new Uint32Array(count), places: new Uint32Array(count) }
  for (let seed = 1; seed <= MAX_SEEDS; seed += 1) {
    const filter = { bytes: new Uint8Array(size), prefixBits, seed, ...shape }
    if (peel(words, count, filter, scratch)) return assign(words, count, filter, scratch)
  }
  return { bytes: new Uint8Array(0), ...NO_FILTER }
}

export function fuseMayHold({ bytes, prefixBits, seed, segmentBits, segments }: FuseFilter, low: number, high: number): boolean {
  if (segments === 0) return true
  const mask = (1 << segmentBits) - 1
  const a = mixFirst(low, high, seed)
  const b = mixSecond(a, high)
  const p0 = firstPlace(low, prefixBits, segments << segmentBits)
  const p1 = (p0 + mask + 1) ^ (a & mask)
  const p2 = (p0 + 2 * (mask + 1)) ^ ((a >>> 16) & mask)
  const p3 = (p0 + 3 * (mask + 1)) ^ (b & mask)
  return (((bytes[p0] as number) ^ (bytes[p1] as number) ^ (bytes[p2] as number) ^ (bytes[p3] as number) ^ (b >>> 24)) & 0xff) === 0
}

type Scratch = { owners: Uint32Array; counts: Uint8Array; queue: Uint32Array; ids: Uint32Array; places: Uint32Array }

/** Sizes of the paper's own implementation. */
function findShape(count: number): { segmentBits: number; segments: number } {
  const segmentBits = count < 8 ? 2 : Math.min(MAX_SEGMENT_BITS, Math.max(2, Math.floor(Math.log(count) / Math.log(2.91) - 0.5)))
  const capacity = count < 2 ? 4 : Math.round(count * Math.max(1.075, 0.77 + (0.305 * Math.log(600_000)) / Math.log(count)))
  return { segmentBits, segments: Math.max(1, Math.ceil(capacity / (1 << segmentBits)) - (ARITY - 1)) }
}

/** Takes away ids that are alone at a place until none is left: in `ids` and `places`, in that order. False when some hold each other. */
function peel(words: Uint32Array, count: number, filter: FuseFilter, { owners, counts, queue, ids, places }: Scratch): boolean {
  owners.fill(0)
  counts.fill(0)
  const at = new Uint32Array(ARITY)
  for (let i = 0; i < count; i += 1) {
    findPlaces(words, i, filter, at)
    for (let k = 0; k < ARITY; k += 1) {
      const place = at[k] as number
      if (counts[place] === 255) return false
      counts[place] = (counts[place] as number) + 1
      owners[place] = (owners[place] as number) ^ i
    }
  }
  let waiting = 0
  for (let place = 0; place < counts.length; place += 1) {
    if (counts[place] !== 1) continue
    queue[waiting] = place
    waiting += 1
  }
  let taken = 0
  while (waiting > 0) {
    waiting -= 1
    const alone = queue[waiting] as number
    if (counts[alone] !== 1) continue
    const id = owners[alone] as number
    ids[taken] = id
    places[taken] = alone
    taken += 1
    findPlaces(words, id, filter, at)
    for (let k = 0; k < ARITY; k += 1) {
      const place = at[k] as number
      const left = (counts[place] as number) - 1
      counts[place] = left
      owners[place] = (owners[place] as number) ^ id
      if (left !== 1) continue
      queue[waiting] = place
      waiting += 1
    }
  }
  return taken === count
}

/** The other way round each id has one place that nobody needs any more. */
function assign(words: Uint32Array, count: number, filter: FuseFilter, { ids, places }: Scratch): FuseFilter {
  const { bytes } = filter
  const at = new Uint32Array(ARITY)
  for (let i = count - 1; i >= 0; i -= 1) {
    const id = ids[i] as number
    const high = words[id * 2 + 1] as number
    findPlaces(words, id, filter, at)
    const print = mixSecond(mixFirst(words[id * 2] as number, high, filter.seed), high) >>> 24
    const place = places[i] as number
    bytes[place] = 0
    bytes[place] = print ^ (bytes[at[0] as number] as number) ^ (bytes[at[1] as number] as number) ^ (bytes[at[2] as number] as number) ^ (bytes[at[3] as number] as number)
  }
  return filter
}

function findPlaces(words: Uint32Array, id: number, { prefixBits, seed, segmentBits, segments }: FuseFilter, at: Uint32Array): void {
  const low = words[id * 2] as number
  const high = words[id * 2 + 1] as number
  const mask = (1 << segmentBits) - 1
  const a = mixFirst(low, high, seed)
  const b = mixSecond(a, high)
  const first = firstPlace(low, prefixBits, segments << segmentBits)
  at[0] = first
  at[1] = (first + mask + 1) ^ (a & mask)
  at[2] = (first + 2 * (mask + 1)) ^ ((a >>> 16) & mask)
  at[3] = (first + 3 * (mask + 1)) ^ (b & mask)
}

/** Of [0, size), in proportion to `low`. The product is exact: `size` has less than 21 bits, since a set has less than 2^20 × 2 ids. */
function firstPlace(low: number, prefixBits: number, size: number): number {
  return Math.trunc(((low << prefixBits) >>> 0) * size * 2 ** -32)
}

function mixFirst(low: number, high: number, seed: number): number {
  let h = low ^ Math.imul(seed, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) ^ high
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function mixSecond(first: number, high: number): number {
  const h = Math.imul(first ^ ((high << 13) | (high >>> 19)), 0x27d4eb2f)
  return Math.imul(h ^ (h >>> 15), 0x165667b1)
}
