// A request that is plain as a whole: every event is good, and none needs more than its own bytes, and the key of its user, to be stored.
import type { EventType } from './event-type.ts'
import type { RecentIds } from './recent-ids.ts'

/**
 * Contexts that are to be sealed, cut out of their records: bytes of each, 0 for a record that goes as it is, SAME_CONTEXT for that of the record before. Such a record ends with room for
 * its seal, `,"sealed":{"key":…,"data":…}}`, and its key is its user.
 */
export type PlainContexts = { sizes: Uint32Array; texts: Buffer }
export const SAME_CONTEXT = 0xffff_ffff

export type PlainRecords = { keys: Buffer; keyBytes: Uint32Array; values: Buffer; valueBytes: Uint32Array }
/** A packed block of the log. */
export type PackedRecords = { encoding: string; count: number; largestBytes: number; body: Uint8Array }

/** The new events of one type as columns or packed, as the log takes them. */
export type PlainGroup<Records = PlainRecords> = {
  type: EventType
  records: Records
  contexts?: PlainContexts | undefined
  /** (low, high) of each id. */
  prints: Uint32Array
  /** To be called once nobody reads `records`, `contexts` and `prints` any more. */
  release(): void
}

/** `duplicates`: how many by type name; undefined when there are none. `answer`: the results in the order of the request, as JSON text; empty where the dialect has none. */
export type SettledBatch<Records = PlainRecords> = { groups: PlainGroup<Records>[]; duplicates: Map<string, number> | undefined; answer: string }

export type PlainBatch<Records = PlainRecords> = {
  /** Its events. */
  count: number
  /** Notes the ids and gives copies of everything; once, and before the scanner reads anything else. */
  settle(recent: RecentIds): SettledBatch<Records>
}

/** `writeKey`: as it stands in the body. */
export type PlainSegment = PlainBatch & { writeKey: string | undefined }
