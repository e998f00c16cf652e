// The port of the append-only log: partitioned topics of records, read by offset, with committed positions of consumer groups.
import type { Ctx } from '@rondo/context'

export type LogRecord = {
  /** Records of one key stay in order (they share a partition). */
  key: string
  value: Uint8Array
  /** Small facts beside the value, e.g. receive-time corrections; kept as written. */
  headers?: Record<string, string>
}

/**
 * Many records without headers as columns: no object a record, for writers that have their bytes at hand. It must not change before its
 * append is settled.
 */
export type RecordBlock = {
  /** UTF-8 of all keys, one after the other; sizes in bytes, one a record. */
  keys: Uint8Array
  keyBytes: Uint32Array
  values: Uint8Array
  valueBytes: Uint32Array
}

/**
 * Many records in a form of their own, from which an expander makes them whenever somebody reads. A log whose `capabilities.packed` names the encoding keeps them as they
 * are; every other expands them first. It must not change before its append is settled.
 */
export type PackedBlock = {
  /** Which expander makes its records: 1 to 64 characters of `[a-z0-9-]`. A form that changes gets another name. */
  encoding: string
  count: number
  /** No record of it is larger, in bytes of key and value: the writer's word. */
  largestBytes: number
  body: Uint8Array
}

/**
 * Records of a packed body as columns, from record `from` on: at least one, then as many as there are until `maxRecords` are given or keys and values have `maxBytes`
 * or more. The same records for ever. Throws for a body that it cannot read.
 */
export type Expand = (body: Uint8Array, count: number, from: number, limits: { maxRecords: number; maxBytes: number }) => RecordBlock

/** By encoding. */
export type Expanders = Readonly<Record<string, Expand>>

export type StoredRecord = LogRecord & { offset: number; timestampMs: number }

export type TopicPartition = { topic: string; partition: number }

export type TopicConfig = { partitions: number; retentionMs?: number; retentionBytes?: number }

/** Where an append went: offsets [firstOffset, firstOffset + count) of one partition. */
export type Appended = TopicPartition & { firstOffset: number; count: number }

export type PartitionOffsets = TopicPartition & {
  /** First offset still kept. */
  start: number
  /** Offset of the next record to be written. */
  end: number
}

/** What engines do differently, by name. */
export type LogCapabilities = {
  /** Largest value that one record may hold. */
  maxRecordBytes: number
  /** An acknowledged append survives the machine losing power, not only the process. */
  survivesPowerLoss: boolean
  /** One `append` call over several topics becomes durable as a whole or not at all. */
  atomicAcrossTopics: boolean
  /** Up to so many bytes (keys, values, headers, a few more a record) the records of one call and partition become durable as a whole or not at all. */
  atomicAppendBytes: number
  /** Encodings of packed blocks that are kept as they are. */
  packed: readonly string[]
  /** Who keeps `retentionMs` and `retentionBytes`: `enforceRetention` when it is called, or the engine by its own clock, in its own time, whatever groups still need. */
  retention: { age: 'on-call' | 'by-engine'; bytes: 'on-call' | 'by-engine' }
}

/** `offset`: what the group reads next. */
export type GroupPosition = TopicPartition & { group: string; offset: number }

export type EventLog = {
  readonly capabilities: LogCapabilities
  /** Creates what is missing; the same config again changes nothing; another partition count is refused (`TOPIC_MISMATCH`). */
  createTopic(topic: string, config: TopicConfig, ctx: Ctx): Promise<void>
  listTopics(ctx: Ctx): Promise<{ topic: string; config: TopicConfig }[]>
  /** Resolves when every record is durable. Records of one call and partition are contiguous and in order. `timestampMs` is one for all. */
  append(batches: { topic: string; records: LogRecord[] | RecordBlock | PackedBlock }[], timestampMs: number, ctx: Ctx): Promise<Appended[]>
  /** Up to `maxRecords` from `offset` on (default 10,000; at least one if there is one); an offset before `start` reads from `start`. */
  read(from: TopicPartition & { offset: number; maxRecords?: number; maxBytes?: number }, ctx: Ctx): Promise<StoredRecord[]>
  offsets(topic: string, ctx: Ctx): Promise<PartitionOffsets[]>
  /** First offset whose timestamp is at or after `timestampMs`; `end` when there is none. */
  findOffset(at: TopicPartition & { timestampMs: number }, ctx: Ctx): Promise<number>
  /** Positions of a consumer group: the offset to read next. Durable when resolved. */
  commit(group: string, positions: (TopicPartition & { offset: number })[], ctx: Ctx): Promise<void>
  committed(group: string, topic: string, ctx: Ctx): Promise<(TopicPartition & { offset: number })[]>
  /** Positions in all topics of the groups that are wanted, by their names. */
  listCommitted(isWanted: (group: string) => boolean, ctx: Ctx): Promise<GroupPosition[]>
  /** From now on the group has committed nothing in these topics. Durable when resolved; what was never committed is forgotten already. */
  forget(group: string, topics: string[], ctx: Ctx): Promise<void>
  /** Resolves with true as soon as records lie beyond `offset`, with false when `timeoutMs` passed without. */
  waitFor(from: TopicPartition & { offset: number }, timeoutMs: number, ctx: Ctx): Promise<boolean>
  /**
   * Drops whole segments past the topic's retention, never one that a committed group still needs unless `retentionBytes` forces it. `heldBy`: whether a group's needs
   * count; all do unless told.
   */
  enforceRetention(nowMs: number, ctx: Ctx, heldBy?: (group: string) => boolean): Promise<{ droppedRecords: number }>
  ready(ctx: Ctx): Promise<void>
  close(): Promise<void>
}

/** What every engine offers, however it is read: by offset (`EventLog`) or by delivery (`EventFeed` in feed/port.ts). */
export type EventTopics = Pick<EventLog, 'createTopic' | 'listTopics' | 'ready' | 'close'> & {
  readonly capabilities: Pick<LogCapabilities, 'maxRecordBytes' | 'survivesPowerLoss' | 'atomicAcrossTopics'>
  append(batches: { topic: string; records: LogRecord[] | RecordBlock }[], timestampMs: number, ctx: Ctx): Promise<{ topic: string; count: number }[]>
}
