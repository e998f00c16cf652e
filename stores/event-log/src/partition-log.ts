// What a driver supplies for one partition; `createPartitionedLog` makes an event log of many.
import type { StoredRecord, TopicConfig } from './port.ts'
import type { GivenRecords } from './packed-block.ts'

export type ReadLimits = { maxRecords: number; maxBytes: number }

export type PartitionLog = {
  /** First offset kept, and the offset after the last durable record. Nothing is awaited: both are known. */
  readonly start: number
  readonly end: number
  /** Resolves with the first offset once all records are durable; the records of one call are contiguous. Packed blocks come only to storages that keep them. */
  append(records: GivenRecords, timestampMs: number): Promise<number>
  /** `offset` lies in [start, end). */
  read(offset: number, limits: ReadLimits): Promise<StoredRecord[]>
  /** First offset at or after the instant, else `end`. */
  findOffset(timestampMs: number): Promise<number>
  /** Drops whole segments below `keepFrom` whose records are all older than `olderThanMs`, and whole segments of any age while more than `maxBytes` are kept. */
  drop(rule: { olderThanMs: number; keepFrom: number; maxBytes: number }): Promise<number>
}

/** Where topics and committed positions are kept, and partitions are opened. */
export type LogStorage = {
  readonly maxRecordBytes: number
  /** Packed blocks are kept as they are; else they are expanded before they come here. */
  readonly keepsPacked: boolean
  readonly topics: { topic: string; config: TopicConfig }[]
  readonly positions: { group: string; topic: string; partition: number; offset: number }[]
  saveTopic(topic: string, config: TopicConfig): Promise<void>
  /** An offset below 0 takes the position away. */
  savePositions(group: string, positions: { topic: string; partition: number; offset: number }[]): Promise<void>
  openPartition(topic: string, partition: number, config: TopicConfig): Promise<PartitionLog>
  /** Now and then, beside retention: what makes the next opening quick. Never fails. */
  maintain(): Promise<void>
  ready(): Promise<void>
  close(): Promise<void>
}
