// The tables of this service, as Kysely sees them. JSON columns are text; instants are epoch milliseconds.

export type FlagTable = { key: string; version: number; definition: string; rules: string; archived_at: number | null; created_at: number; updated_at: number }
export type SegmentTable = { name: string; definition: string; updated_at: number }
export type MetricTable = { name: string; definition: string; updated_at: number }
export type ExperimentTable = {
  id: string
  definition: string
  flag: string
  state: string
  created_at: number
  started_at: number | null
  stopped_at: number | null
  stopped_by: string | null
  note: string | null
  shipped: string | null
  /** A shipped rule stays in force until the flag's owner changes the flag. */
  shipped_in_force: number
  shipped_at: number | null
  /** Frozen verdict of a stopped experiment. */
  verdict: string | null
  learning_class: string | null
}
export type LookTable = { experiment: string; day: string; look: number; taken_at: number; content: string }
export type AuditTable = { id: string; at: number; actor: string; action: string; subject: string; detail: string }

export type RoomKeyTable = { name: string; value: string }

export type ExperimentsDatabase = {
  flags: FlagTable
  segments: SegmentTable
  metrics: MetricTable
  experiments: ExperimentTable
  looks: LookTable
  audit: AuditTable
  room_keys: RoomKeyTable
}
