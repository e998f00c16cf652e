// Tables of the room, as Kysely sees them. Instants are epoch ms; booleans do not occur; JSON is text.

export type EventsDb = {
  type_versions: { type: string; version: string; position: number; definition: string; put_at: number }
  /** Types that no workspace defines any more. */
  retired_types: { type: string; at: number }
  /** Offset of the first record of a type that is in no bucket; what lies before is counted in `buckets`. */
  landing: { type: string; next_offset: number }
  buckets: {
    type: string
    hour: string
    /** Epoch ms of the hour's beginning. */
    start_ms: number
    state: 'open' | 'closed'
    rows: number
    late: number
    version: string
    /** BucketFile[]; empty when the hour had no events, or when retention took them. */
    files: string
    /** Longest time between receipt and landing. */
    lag_ms: number
    closed_at: number | null
  }
  /** Duplicates and dead letters by hour of receipt, folded from the receipts topic up to `progress.receipts`. */
  hour_tallies: { type: string; start_ms: number; duplicates: number; dead: number }
  /** Dead letters that were replayed: they are dead no more. */
  replayed: { type: string; dead_offset: number }
  /** What lies before `next_offset` a named reader has done. */
  readers: { type: string; reader: string; next_offset: number; asked_at: number }
  /** Objects that nothing points to any more; readers of an older answer may still have them open. */
  garbage: { object_key: string; delete_after: number }
  progress: { name: string; value: number }
  /** Rows are only added, and a destroyed key is written over in its place, so that no page of the file keeps its bytes. */
  sealing_keys: {
    id: string
    /** "user:" and the user or anonymous id; or "day:", a type and a day, for what names nobody. */
    owner: string
    generation: number
    /** Under the master key, in base64; once it is destroyed "!", when, and filled to the same length. */
    wrapped: string
    made_at: number
    /** Of a day's key: when what it sealed has passed its retention. */
    expires_at: number | null
  }
  /** By hour of receipt, over all types. */
  hour_losses: { start_ms: number; clients: number; numbered: number; lost: number; is_whole: number }
  /** What the counts of an hour were when it closed. */
  hour_reports: {
    type: string
    start_ms: number
    delivered: number
    duplicate: number
    dead: number
    in_flight: number
    landed: number
    late: number
    version: string
    closed_at: number
  }
}

