// The port over any storage of partitions: names, routing by key, committed positions, long polls and retention, once for all embedded drivers.
import { throwIfCancelled } from '@rondo/context'
import { createCallGate } from './call-gate.ts'
import { checkConfig, checkLimit, checkName, checkOffset, checkRecords, checkTimestamp } from './check-input.ts'
import { errors } from './errors.ts'
import type { LogStorage, PartitionLog } from './partition-log.ts'
import { partitionOfKey } from './partition-of-key.ts'
import { checkPacked, countGiven, expandWhole, isPacked, type GivenRecords } from './packed-block.ts'
import type { Appended, EventLog, Expanders, LogCapabilities, LogRecord, TopicConfig, TopicPartition } from './port.ts'
import { checkBlock, toRecords } from './record-block.ts'
import { createWaiters, type Waiters } from './waiters.ts'

/** A position that is none: what was committed before it is forgotten. */
const FORGOTTEN = -1
const DEFAULT_MAX_RECORDS = 10_000
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024

type Partition = { opened: Promise<PartitionLog> | undefined; waiters: Waiters }

type Topic = {
  name: string
  config: TopicConfig
  partitions: Partition[]
  /** Per group: the offset to read next, by partition. */
  groups: Map<string, Map<number, number>>
}

export function createPartitionedLog(storage: LogStorage, capabilities: Omit<LogCapabilities, 'maxRecordBytes' | 'packed'>, expanders: Expanders): EventLog {
  const topics = new Map<string, Topic>()
  const creating = new Map<string, Promise<void>>()
  const gate = createCallGate()
  const { enter, track } = gate
  for (const { topic, config } of storage.topics) topics.set(topic, createEmptyTopic(topic, config))
  for (const { group, topic, partition, offset } of storage.positions) {
    const found = topics.get(topic)
    if (found) setPosition(found, group, partition, offset)
  }

  const getTopic = (name: string): Topic => {
    const topic = topics.get(name)
    if (!topic) throw errors.topicUnknown({ topic: name })
    return topic
  }
  const getPartition = (at: TopicPartition): { topic: Topic; partition: Partition } => {
    const topic = getTopic(at.topic)
    const partition = topic.partitions[at.partition]
    if (!partition) throw errors.partitionUnknown({ topic: at.topic, partition: at.partition, partitions: topic.config.partitions })
    return { topic, partition }
  }
  const open = (topic: Topic, index: number): Promise<PartitionLog> => {
    const partition = topic.partitions[index] as Partition
    partition.opened ??= storage.openPartition(topic.name, index, topic.config).catch((error: unknown) => {
      partition.opened = undefined
      throw error
    })
    return partition.opened
  }

  const appendTo = async (topic: Topic, index: number, records: GivenRecords, timestampMs: number): Promise<Appended> => {
    const log = await open(topic, index)
    const firstOffset = await log.append(records, timestampMs)
    topic.partitions[index]?.waiters.announce(log.end)
    return { topic: topic.name, partition: index, firstOffset, count: countGiven(records) }
  }

  return {
    capabilities: { ...capabilities, maxRecordBytes: storage.maxRecordBytes, packed: storage.keepsPacked ? Object.keys(expanders) : [] },

    async createTopic(name, config, ctx) {
      enter(ctx)
      checkName('topic', name)
      checkConfig(name, config)
      while (creating.has(name)) await creating.get(name)
      const known = topics.get(name)
      if (known && known.config.partitions !== config.partitions) throw errors.topicMismatch({ topic: name, partitions: known.config.partitions, wanted: config.partitions })
      if (known && known.config.retentionMs === config.retentionMs && known.config.retentionBytes === config.retentionBytes) return
      const kept = { ...config }
      const saving = track(storage.saveTopic(name, kept))
      creating.set(name, saving.catch(() => undefined))
      try {
        await saving
        if (known) known.config = kept
        else topics.set(name, createEmptyTopic(name, kept))
      } finally {
        creating.delete(name)
      }
    },

    async listTopics(ctx) {
      enter(ctx)
      return [...topics.values()].map(({ name, config }) => ({ topic: name, config: { ...config } })).sort((a, b) => (a.topic < b.topic ? -1 : 1))
    },

    async append(batches, timestampMs, ctx) {
      enter(ctx)
      checkTimestamp(timestampMs)
      const routed = routeByPartition(batches, getTopic, storage, expanders)
      if (routed.length === 1) {
        const [only] = routed as [Routed]
        return [await track(appendTo(only.topic, only.partition, only.records, timestampMs))]
      }
      const settled = await track(Promise.allSettled(routed.map(({ topic, partition, records }) => appendTo(topic, partition, records, timestampMs))))
      const failed = settled.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
      return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    },

    async read(from, ctx) {
      enter(ctx)
      checkOffset(from.offset)
      checkLimit('maxRecords', from.maxRecords)
      checkLimit('maxBytes', from.maxBytes)
      const { topic } = getPartition(from)
      const log = await open(topic, from.partition)
      const offset = Math.max(from.offset, log.start)
      if (offset >= log.end) return []
      return log.read(offset, { maxRecords: from.maxRecords ?? DEFAULT_MAX_RECORDS, maxBytes: from.maxBytes ?? DEFAULT_MAX_BYTES })
    },

    async offsets(name, ctx) {
      enter(ctx)
      const topic = getTopic(name)
      const logs = await Promise.all(topic.partitions.map((_, index) => open(topic, index)))
      return logs.map((log, partition) => ({ topic: name, partition, start: log.start, end: log.end }))
    },

    async findOffset(at, ctx) {
      enter(ctx)
      if (Number.isNaN(at.timestampMs)) throw errors.badTimestamp({ timestampMs: at.timestampMs })
      const log = await open(getPartition(at).topic, at.partition)
      return log.findOffset(at.timestampMs)
    },

    async commit(group, positions, ctx) {
      enter(ctx)
      checkName('consumer group', group)
      for (const position of positions) {
        getPartition(position)
        checkOffset(position.offset)
      }
      if (positions.length === 0) return
      const kept = positions.map(({ topic, partition, offset }) => ({ topic, partition, offset }))
      await track(storage.savePositions(group, kept))
      for (const { topic, partition, offset } of kept) setPosition(getTopic(topic), group, partition, offset)
    },

    async committed(group, name, ctx) {
      enter(ctx)
      checkName('consumer group', group)
      const positions = getTopic(name).groups.get(group) ?? new Map<number, number>()
      return [...positions].map(([partition, offset]) => ({ topic: name, partition, offset })).sort((a, b) => a.partition - b.partition)
    },

    async listCommitted(isWanted, ctx) {
      enter(ctx)
      return [...topics.values()].flatMap(({ name, groups }) =>
        [...groups].flatMap(([group, positions]) => (isWanted(group) ? [...positions].map(([partition, offset]) => ({ group, topic: name, partition, offset })) : [])),
      )
    },

    async forget(group, names, ctx) {
      enter(ctx)
      checkName('consumer group', group)
      const known = names.flatMap((name) => [...(getTopic(name).groups.get(group)?.keys() ?? [])].map((partition) => ({ topic: name, partition, offset: FORGOTTEN })))
      if (known.length === 0) return
      await track(storage.savePositions(group, known))
      for (const { topic } of known) getTopic(topic).groups.delete(group)
    },

    async waitFor(from, timeoutMs, ctx) {
      enter(ctx)
      checkOffset(from.offset)
      const { topic, partition } = getPartition(from)
      const log = await open(topic, from.partition)
      if (log.end > from.offset) return true
      if (timeoutMs <= 0 || gate.isClosed) return false
      return partition.waiters.wait(from.offset, timeoutMs, ctx.signal)
    },

    async enforceRetention(nowMs, ctx, heldBy = () => true) {
      enter(ctx)
      let droppedRecords = 0
      for (const topic of topics.values()) {
        const { retentionMs, retentionBytes } = topic.config
        if (retentionMs === undefined && retentionBytes === undefined) continue
        for (const index of topic.partitions.keys()) {
          throwIfCancelled(ctx)
          const log = await open(topic, index)
          if (log.start === log.end) continue
          const needed = [...topic.groups].flatMap(([group, positions]) => (heldBy(group) ? [positions.get(index) ?? 0] : []))
          droppedRecords += await track(
            log.drop({ olderThanMs: retentionMs === undefined ? -Infinity : nowMs - retentionMs, keepFrom: Math.min(log.end, ...needed), maxBytes: retentionBytes ?? Infinity }),
          )
        }
      }
      await track(storage.maintain())
      return { droppedRecords }
    },

    async ready(ctx) {
      enter(ctx)
      await storage.ready()
    },

    close: () =>
      gate.close(async () => {
        for (const topic of topics.values()) for (const partition of topic.partitions) partition.waiters.release()
        await gate.finish()
        await storage.close()
      }),
  }
}

type Routed = { topic: Topic; partition: number; records: GivenRecords }

/** Records of one call and partition come together in their order; everything is checked before anything is written. */
function routeByPartition(batches: { topic: string; records: GivenRecords }[], getTopic: (name: string) => Topic, { maxRecordBytes, keepsPacked }: LogStorage, expanders: Expanders): Routed[] {
  const routed = new Map<string, Routed>()
  for (const batch of batches) {
    const topic = getTopic(batch.topic)
    if (isPacked(batch.records)) checkPacked(batch.topic, batch.records, maxRecordBytes, expanders)
    else if (Array.isArray(batch.records)) checkRecords(batch.topic, batch.records, maxRecordBytes)
    else checkBlock(batch.topic, batch.records, maxRecordBytes)
    const { partitions } = topic.config
    if (partitions === 1) {
      const records = isPacked(batch.records) && !keepsPacked ? expandWhole(batch.records, expanders) : batch.records
      if (countGiven(records) > 0) pushAll(routed, topic, 0, records, expanders)
      continue
    }
    for (const record of listRecords(batch.records, expanders)) pushAll(routed, topic, partitionOfKey(record.key, partitions), [record], expanders)
  }
  return [...routed.values()]
}

function pushAll(routed: Map<string, Routed>, topic: Topic, partition: number, records: GivenRecords, expanders: Expanders): void {
  const id = `${topic.name}@${partition}`
  const found = routed.get(id)
  if (!found) routed.set(id, { topic, partition, records: Array.isArray(records) ? [...records] : records })
  else {
    if (!Array.isArray(found.records)) found.records = listRecords(found.records, expanders)
    for (const record of listRecords(records, expanders)) found.records.push(record)
  }
}

function listRecords(records: GivenRecords, expanders: Expanders): LogRecord[] {
  return toRecords(isPacked(records) ? expandWhole(records, expanders) : records)
}

function createEmptyTopic(name: string, config: TopicConfig): Topic {
  return { name, config, groups: new Map(), partitions: Array.from({ length: config.partitions }, () => ({ opened: undefined, waiters: createWaiters() })) }
}

function setPosition(topic: Topic, group: string, partition: number, offset: number): void {
  const positions = topic.groups.get(group)
  if (positions) positions.set(partition, offset)
  else topic.groups.set(group, new Map([[partition, offset]]))
}
