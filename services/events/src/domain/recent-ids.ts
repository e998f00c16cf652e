// Which event ids were seen lately: two generations of 64-bit fingerprints in open-addressed typed arrays, bounded in memory.
//
// A generation is filled for one window, then becomes the older one while a new one fills: an id is remembered for at least
// the window and at most twice as long. A generation that reaches its limit is turned early, and `turnedEarly` says so.
//
// The chance that a new id meets a stranger's fingerprint is n / 2^64: 10^-11 for 200 million ids in memory.

/** Growing means looking up every id again, so the table is many small ones, chosen by the highest bits of `low`: none holds up a request for long. */
const SHARD_BITS = 6
const SHARDS = 1 << SHARD_BITS
const SHIFT = 32 - SHARD_BITS
/** Of a shard; 8 MiB in all, which the machine gives only as they are used. */
const FIRST_SLOTS = 1 << 14

/** Slot i is words 2i (low) and 2i + 1 (high), side by side so that a look costs one line of cache; (0, 0) is empty, (0, 1) was taken away. */
type Shard = { words: Uint32Array; mask: number; used: number }
type Generation = { shards: Shard[]; used: number }

export type RecentIds = {
  /** Looks where these will be looked for, so that the waits for memory overlap; only for speed. */
  warm(prints: { low: number; high: number }[]): number
  /** True when the fingerprint was new; false when it was there. */
  add(low: number, high: number): boolean
  /** `add` of (low, high) pairs at `words[at + i * stride]`, but of those whose `marks[marksAt + i]` is not 0; the mark of each that was not new becomes 1. Gives how many. */
  addAll(words: Int32Array, at: number, stride: number, count: number, marks: Uint8Array, marksAt: number): number
  has(low: number, high: number): boolean
  /** Forgets what an append that failed had added. */
  remove(low: number, high: number): void
  /** Turns the generations when their time has come. */
  advance(nowMs: number): void
  readonly size: number
  readonly sizeBytes: number
  readonly turnedEarly: number
}

export type RecentIdsOptions = {
  windowMs: number
  /** Most ids of one generation. Each costs 13 to 26 bytes. */
  maxIds: number
}

export function createRecentIds(options: RecentIdsOptions): RecentIds {
  const firstSlots = Math.min(FIRST_SLOTS, 2 ** Math.ceil(Math.log2((options.maxIds * 2) / SHARDS)))
  let young = createGeneration(() => firstSlots)
  let old = createGeneration(() => 2)
  let turnAtMs: number | undefined
  let turnedEarly = 0
  /** Of no use but that the engine must not leave the look out. */
  let looked = 0

  function turn(): void {
    const { shards } = young
    old = young
    // As many are to be expected as last time.
    young = createGeneration((i) => Math.max(firstSlots, ((shards[i] as Shard).mask + 1) / 2))
  }

  function add(low: number, high: number): boolean {
    const l = low >>> 0
    const h = clean(l, high)
    if (old.used > 0 && find(old.shards[l >>> SHIFT] as Shard, l, h) >= 0) return false
    const shard = young.shards[l >>> SHIFT] as Shard
    const slot = find(shard, l, h)
    if (slot >= 0) return false
    if (young.used >= options.maxIds) {
      turnedEarly += 1
      turn()
      insert(young.shards[l >>> SHIFT] as Shard, l, h)
    } else if (shard.used * 8 >= shard.mask * 5) {
      const larger = grow(shard)
      young.shards[l >>> SHIFT] = larger
      insert(larger, l, h)
    } else {
      const free = -slot - 1
      shard.words[free * 2] = l
      shard.words[free * 2 + 1] = h
      shard.used += 1
    }
    young.used += 1
    return true
  }

  function peek(low: number, high: number): number {
    const { words, mask } = young.shards[low >>> SHIFT] as Shard
    return words[(high & mask) * 2] as number
  }

  return {
    add,
    addAll(words, at, stride, count, marks, marksAt) {
      // First only a look, so that the waits for memory overlap.
      let sum = 0
      for (let i = 0; i < count; i += 1) sum ^= peek(words[at + i * stride] as number, words[at + i * stride + 1] as number)
      looked = sum
      let known = 0
      for (let i = 0; i < count; i += 1) {
        if (marks[marksAt + i] !== 0 || add(words[at + i * stride] as number, words[at + i * stride + 1] as number)) continue
        marks[marksAt + i] = 1
        known += 1
      }
      return known
    },
    warm(prints) {
      let sum = 0
      for (const { low, high } of prints) sum ^= peek(low, high)
      looked = sum
      return looked
    },
    has(low, high) {
      const l = low >>> 0
      const h = clean(l, high)
      return [young, old].some(({ shards }) => find(shards[l >>> SHIFT] as Shard, l, h) >= 0)
    },
    remove(low, high) {
      const l = low >>> 0
      const h = clean(l, high)
      for (const { shards } of [young, old]) {
        const shard = shards[l >>> SHIFT] as Shard
        const slot = find(shard, l, h)
        if (slot < 0) continue
        shard.words[slot * 2] = 0
        shard.words[slot * 2 + 1] = 1
      }
    },
    advance(nowMs) {
      turnAtMs ??= nowMs + options.windowMs
      if (nowMs < turnAtMs) return
      // After a long silence both generations are too old.
      if (nowMs >= turnAtMs + options.windowMs) turn()
      turn()
      turnAtMs = nowMs + options.windowMs
    },
    get size() {
      return young.used + old.used
    },
    get sizeBytes() {
      return [...young.shards, ...old.shards].reduce((sum, { words }) => sum + words.byteLength, 0)
    },
    get turnedEarly() {
      return turnedEarly
    },
  }
}

function createGeneration(slotsOf: (shard: number) => number): Generation {
  return { shards: Array.from({ length: SHARDS }, (_, i) => createShard(slotsOf(i))), used: 0 }
}

function createShard(slots: number): Shard {
  return { words: new Uint32Array(slots * 2), mask: slots - 1, used: 0 }
}

/** (0, 0) and (0, 1) mean something else in a slot. */
function clean(low: number, high: number): number {
  const h = high >>> 0
  return low === 0 && h < 2 ? 2 : h
}

/** The slot that holds it, or -1 - the empty slot where it would go. Linear probing; load stays under five eighths. */
function find({ mask, words }: Shard, low: number, high: number): number {
  let slot = high & mask
  for (;;) {
    const l = words[slot * 2] as number
    const h = words[slot * 2 + 1] as number
    if (l === low && h === high) return slot
    if (l === 0 && h === 0) return -1 - slot
    slot = (slot + 1) & mask
  }
}

function insert(shard: Shard, low: number, high: number): void {
  const free = -find(shard, low, high) - 1
  shard.words[free * 2] = low
  shard.words[free * 2 + 1] = high
  shard.used += 1
}

function grow(full: Shard): Shard {
  const larger = createShard((full.mask + 1) * 2)
  for (let i = 0; i <= full.mask; i += 1) {
    const low = full.words[i * 2] as number
    const high = full.words[i * 2 + 1] as number
    if (low !== 0 || high > 1) insert(larger, low, high)
  }
  return larger
}
