// Which event ids were seen lately: 64-bit fingerprints in open-addressed typed arrays, and behind them what is kept elsewhere of those that were too many.
//
// A generation is filled for one window at most, then stands until all of it is older than the window, while a new one fills: an id is remembered for at
// least the window and at most twice as long. Where there is something behind (`older`), a generation that is full waits until what is in it has moved
// there, and goes. Elsewhere, and where that takes too long, the oldest go early, and `turnedEarly` says so.
//
// The chance that a new id meets a stranger's fingerprint is n / 2^64: 10^-11 for 200 million ids.
import { addRange, type OffsetRange } from './offset-ranges.ts'

/** Growing means looking up every id again, so the table is many small ones, chosen by the highest bits of `low`: none holds up a request for long. */
const SHARD_BITS = 6
const SHARDS = 1 << SHARD_BITS
const SHIFT = 32 - SHARD_BITS
/** Of a shard; 8 MiB in all, which the machine gives only as they are used. */
const FIRST_SLOTS = 1 << 14

/** Slot i is words 2i (low) and 2i + 1 (high), side by side so that a look costs one line of cache; (0, 0) is empty, (0, 1) was taken away. */
type Shard = { words: Uint32Array; mask: number; used: number }

/** Ids that were added one after the other. */
export type Generation = {
  shards: Shard[]
  used: number
  /** When its first and its last id came. */
  fromMs: number
  toMs: number
  /** Whose ids are all in it, or in an older one. */
  ranges: Map<string, OffsetRange[]>
}

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
  /** What was added since an `advance` became durable at these offsets. */
  note(type: string, firstOffset: number, prints: ArrayLike<number>): void
  /** All that was added before this call is durable, and these offsets have no other ids. */
  claim(type: string, range: OffsetRange): void
  /** Turns the generations when their time has come. Between two calls all that is added goes into one, unless that is too much. */
  advance(nowMs: number): void
  /** Generations that take no more ids, oldest first. */
  readonly standing: readonly Generation[]
  /** They should move to `older`. */
  readonly isFull: boolean
  /** One of them is in `older` now. */
  drop(generation: Generation): void
  readonly size: number
  readonly sizeBytes: number
  readonly turnedEarly: number
}

/** Ids that came before. All of them are durable. */
export type OlderIds = {
  /** As unsigned words, `high` as `cleanHigh` gives it. */
  has(low: number, high: number): boolean
  /** Which of (low, high) pairs at `words[at + i * stride]` are there: 1 in `found`, else 0. */
  findAll(words: Int32Array, at: number, stride: number, count: number, found: Uint8Array): void
  advance(nowMs: number): void
  /** How many ids a generation may have before they should move here. */
  readonly room: number
  readonly size: number
  readonly sizeBytes: number
}

export type RecentIdsOptions = {
  windowMs: number
  /** Most ids of one generation. Each costs 13 to 26 bytes. */
  maxIds: number
  older?: OlderIds
  /** `isFull` became true. */
  onFull?: () => void
}

export function createRecentIds({ windowMs, maxIds, older, onFull }: RecentIdsOptions): RecentIds {
  const firstSlots = Math.min(FIRST_SLOTS, countSlots(older?.room ?? maxIds))
  let young = createGeneration(() => firstSlots)
  let standing: Generation[] = []
  let isFull = false
  let turnedEarly = 0
  /** 1 for those of a batch that are in `older`. */
  let found = new Uint8Array(0)
  /** Of no use but that the engine must not leave the look out. */
  let looked = 0

  function turn(): void {
    const { shards } = young
    standing.push(young)
    const most = countSlots(older?.room ?? maxIds)
    // As many are to be expected as last time.
    young = createGeneration((i) => Math.max(firstSlots, Math.min(most, ((shards[i] as Shard).mask + 1) / 2)))
    young.fromMs = standing.at(-1)?.toMs ?? 0
    young.toMs = young.fromMs
  }

  function forget(isGone: (one: Generation) => boolean): void {
    standing = standing.filter((one) => !isGone(one))
    isFull &&= standing.length > 0
  }

  function stands(l: number, h: number): boolean {
    for (const { used, shards } of standing) if (used > 0 && find(shards[l >>> SHIFT] as Shard, l, h) >= 0) return true
    return false
  }

  /** Of what is not in `older`. */
  function addNew(low: number, high: number): boolean {
    const l = low >>> 0
    const h = cleanHigh(l, high)
    if (standing.length > 0 && stands(l, h)) return false
    const shard = young.shards[l >>> SHIFT] as Shard
    const slot = find(shard, l, h)
    if (slot >= 0) return false
    if (young.used >= maxIds) {
      turnedEarly += 1
      standing = []
      // What it claims may have been in those that go.
      young.ranges.clear()
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

  function holds({ shards }: Generation, low: number, high: number): boolean {
    const l = low >>> 0
    return find(shards[l >>> SHIFT] as Shard, l, cleanHigh(l, high)) >= 0
  }

  function peek(low: number, high: number): number {
    const { words, mask } = young.shards[low >>> SHIFT] as Shard
    return words[(high & mask) * 2] as number
  }

  return {
    add(low, high) {
      if (older !== undefined && older.size > 0 && older.has(low >>> 0, cleanHigh(low, high))) return false
      return addNew(low, high)
    },
    addAll(words, at, stride, count, marks, marksAt) {
      // First only a look, so that the waits for memory overlap.
      let sum = 0
      for (let i = 0; i < count; i += 1) sum ^= peek(words[at + i * stride] as number, words[at + i * stride + 1] as number)
      looked = sum
      let known = 0
      if (older !== undefined && older.size > 0) {
        if (found.length < count) found = new Uint8Array(count * 2)
        older.findAll(words, at, stride, count, found)
        for (let i = 0; i < count; i += 1) {
          if (found[i] === 0 || marks[marksAt + i] !== 0) continue
          marks[marksAt + i] = 1
          known += 1
        }
      }
      for (let i = 0; i < count; i += 1) {
        if (marks[marksAt + i] !== 0 || addNew(words[at + i * stride] as number, words[at + i * stride + 1] as number)) continue
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
      return holds(young, low, high) || standing.some((one) => holds(one, low, high)) || (older?.has(low >>> 0, cleanHigh(low, high)) ?? false)
    },
    remove(low, high) {
      const l = low >>> 0
      const h = cleanHigh(l, high)
      for (const { shards } of [young, ...standing]) {
        const shard = shards[l >>> SHIFT] as Shard
        const slot = find(shard, l, h)
        if (slot < 0) continue
        shard.words[slot * 2] = 0
        shard.words[slot * 2 + 1] = 1
      }
    },
    note(type, firstOffset, prints) {
      // Both ends in one generation: then all are, for they were added in this order.
      const one = [young, ...standing].find((each) => holds(each, prints[0] as number, prints[1] as number))
      if (one === undefined || !holds(one, prints[prints.length - 2] as number, prints[prints.length - 1] as number)) return
      addRange(one.ranges, type, firstOffset, firstOffset + prints.length / 2)
    },
    claim(type, { from, to }) {
      addRange(young.ranges, type, from, to)
    },
    advance(nowMs) {
      older?.advance(nowMs)
      if (young.used === 0) young.fromMs = nowMs
      if (nowMs >= young.fromMs + windowMs) turn()
      else if (older !== undefined && !isFull && young.used >= older.room) {
        isFull = true
        turn()
        onFull?.()
      }
      if (standing.length > 0 && nowMs >= (standing[0] as Generation).toMs + windowMs) forget((one) => nowMs >= one.toMs + windowMs)
      young.toMs = nowMs
      if (young.used === 0) young.fromMs = nowMs
    },
    get standing() {
      return standing
    },
    get isFull() {
      return isFull
    },
    drop(generation) {
      forget((one) => one === generation)
    },
    get size() {
      return [young, ...standing].reduce((sum, { used }) => sum + used, older?.size ?? 0)
    },
    get sizeBytes() {
      return [young, ...standing].flatMap(({ shards }) => shards).reduce((sum, { words }) => sum + words.byteLength, older?.sizeBytes ?? 0)
    },
    get turnedEarly() {
      return turnedEarly
    },
  }
}

function createGeneration(slotsOf: (shard: number) => number): Generation {
  return { shards: Array.from({ length: SHARDS }, (_, i) => createShard(slotsOf(i))), used: 0, fromMs: 0, toMs: 0, ranges: new Map() }
}

/** Of a shard, when all of them together hold `ids`. */
function countSlots(ids: number): number {
  return Math.max(2, 2 ** Math.ceil(Math.log2((ids * 8) / 5 / SHARDS)))
}

/** Of a block of those whose first `blockBits` bits are the same, up to SHARD_BITS, as (low, high) pairs: copies, one for each part of the table. */
export function* copyIds({ shards }: Generation, block: number, blockBits: number): Generator<Uint32Array<ArrayBuffer>> {
  const parts = SHARDS >>> blockBits
  for (let i = 0; i < parts; i += 1) {
    const { words, used } = shards[block * parts + i] as Shard
    const ids = new Uint32Array(used * 2)
    let count = 0
    for (let slot = 0; slot < words.length; slot += 2) {
      const low = words[slot] as number
      const high = words[slot + 1] as number
      if (low === 0 && high < 2) continue
      ids[count] = low
      ids[count + 1] = high
      count += 2
    }
    yield count === ids.length ? ids : ids.slice(0, count)
  }
}

function createShard(slots: number): Shard {
  return { words: new Uint32Array(slots * 2), mask: slots - 1, used: 0 }
}

/** (0, 0) and (0, 1) mean something else in a slot. Unsigned. */
export function cleanHigh(low: number, high: number): number {
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
