// The log on Kafka: the port's verbs over topics, partition writers, fetches, offsets and groups.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import { createCallGate, createTopicVerbs } from '../call-gate.ts'
import { checkLimit, checkName, checkOffset, checkTimestamp } from '../check-input.ts'
import { errors } from '../errors.ts'
import { checkPacked, expandWhole, isPacked, type GivenRecords } from '../packed-block.ts'
import type { Appended, EventLog, Expanders, LogCapabilities, PackedBlock, StoredRecord, TopicPartition } from '../port.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { decodeRecords } from './decode-batches.ts'
import { dropExpired } from './enforce-retention.ts'
import { fetchBatches } from './fetch.ts'
import { createGroups } from './groups.ts'
import { loadKafkaClient } from './kafka-client.ts'
import { CODE, KafkaCodeError } from './kafka-failure.ts'
import { createOffsets } from './offsets.ts'
import { pause } from '../pause.ts'
import { parseKafkaAddress, type KafkaAddress } from './parse-kafka-address.ts'
import { routeRecords, type Routed } from './route-records.ts'
import { createTopics } from './topics.ts'
import { createWatcher } from './watcher.ts'
import { createWriters } from './writers.ts'

const DEFAULT_MAX_RECORDS = 10_000
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024
/** What few records are asked with: a batch comes whole in any case. */
const BYTES_A_RECORD = 2048

/** Throws `LOG_ADDRESS_INVALID`, `LOG_DRIVER_MISSING`, `LOG_UNREACHABLE`, `LOG_SIGN_IN_REFUSED`, `LOG_ENGINE_TOO_OLD`. */
export async function openKafkaLog(url: string, expanders: Expanders): Promise<EventLog> {
  const address = parseKafkaAddress(url)
  return createKafkaLog(await openCluster(await loadKafkaClient(address.shown), address), expanders)
}

function createKafkaLog(cluster: Cluster, expanders: Expanders): EventLog {
  const { address, client } = cluster
  const topics = createTopics(cluster)
  const offsets = createOffsets(cluster)
  const groups = createGroups(cluster)
  const watcher = createWatcher(cluster)
  const writers = createWriters(cluster, offsets)
  const gate = createCallGate()
  const { enter, track } = gate

  const getPartition = async ({ topic, partition }: TopicPartition, ctx: Ctx): Promise<string> => {
    const { config } = await topics.get(topic, ctx)
    if (!Number.isInteger(partition) || partition < 0 || partition >= config.partitions) throw errors.partitionUnknown({ topic, partition, partitions: config.partitions })
    return topics.toKafkaName(topic)
  }
  const appendTo = async ({ found, partition, source }: Routed, timestampMs: number): Promise<Appended> => {
    const topic = topics.toKafkaName(found.topic)
    const firstOffset = await writers.append({ topic, partition, name: found.topic }, source, timestampMs, found.maxBatchBytes).catch((thrown: unknown) => {
      topics.forget(found.topic)
      throw thrown
    })
    watcher.announce({ topic, partition }, firstOffset + source.count)
    return { topic: found.topic, partition, firstOffset, count: source.count }
  }
  const toPlain = (topic: string, records: GivenRecords): Exclude<GivenRecords, PackedBlock> => {
    if (!isPacked(records)) return records
    checkPacked(topic, records, address.maxRecordBytes, expanders)
    return expandWhole(records, expanders)
  }
  const append = async (batches: { topic: string; records: GivenRecords }[], timestampMs: number, ctx: Ctx): Promise<Appended[]> => {
    const routed = routeRecords(await Promise.all(batches.map(async ({ topic, records }) => ({ found: await topics.get(topic, ctx), records: toPlain(topic, records) }))), address.maxRecordBytes)
    throwIfCancelled(ctx)
    const settled = await Promise.allSettled(routed.map((one) => appendTo(one, timestampMs)))
    const failures = settled.filter((result) => result.status === 'rejected')
    // Of several failures, the one that leaves a question open.
    const failure = failures.find(({ reason }) => reason instanceof AppError && reason.code === 'APPEND_IN_DOUBT') ?? failures[0]
    if (failure !== undefined) throw failure.reason
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }
  const read = (topic: string, from: TopicPartition & { offset: number }, limits: { maxRecords: number; maxBytes: number }, ctx: Ctx): Promise<StoredRecord[]> =>
    cluster.retry(`read topic "${from.topic}"`, ctx, async () => {
      const leader = (await cluster.findLeaders(topic))?.[from.partition] ?? -1
      const maxBytes = Math.min(limits.maxBytes, limits.maxRecords * BYTES_A_RECORD)
      for (let { offset } = from; ; ) {
        const [fetched] = await fetchBatches(client, await cluster.connect('read', leader), [{ topic, partition: from.partition, offset, maxBytes }], { maxWaitMs: 0, maxBytes })
        if (fetched === undefined) throw new KafkaCodeError(CODE.unknownTopic, 'the answer leaves the partition out')
        if (fetched.code === CODE.none) return decodeRecords(fetched.batches, { ...from, offset }, limits, client)
        if (fetched.code !== CODE.offsetOutOfRange) throw new KafkaCodeError(fetched.code, `reading topic "${from.topic}" failed with code ${fetched.code}`)
        const { start = 0 } = (await offsets.findRanges(topic, ctx))[from.partition] ?? {}
        if (offset >= start) return []
        offset = start
      }
    })

  return {
    capabilities: toCapabilities(address),

    ...createTopicVerbs(gate, topics),

    async append(batches, timestampMs, ctx) {
      enter(ctx)
      checkKafkaTimestamp(timestampMs)
      return track(append(batches, timestampMs, ctx))
    },

    async read(from, ctx) {
      enter(ctx)
      checkOffset(from.offset)
      checkLimit('maxRecords', from.maxRecords)
      checkLimit('maxBytes', from.maxBytes)
      return read(await getPartition(from, ctx), from, { maxRecords: from.maxRecords ?? DEFAULT_MAX_RECORDS, maxBytes: from.maxBytes ?? DEFAULT_MAX_BYTES }, ctx)
    },

    async offsets(topic, ctx) {
      enter(ctx)
      const found = await topics.get(topic, ctx)
      return (await offsets.findRanges(topics.toKafkaName(found.topic), ctx)).map(({ start, end }, partition) => ({ topic, partition, start, end }))
    },

    async findOffset(at, ctx) {
      enter(ctx)
      if (Number.isNaN(at.timestampMs)) throw errors.badTimestamp({ timestampMs: at.timestampMs })
      const topic = await getPartition(at, ctx)
      const found = at.timestampMs > Number.MAX_SAFE_INTEGER ? undefined : await offsets.findByTime(topic, at.partition, Math.max(0, Math.ceil(at.timestampMs)), ctx)
      return found ?? offsets.findEnd(topic, at.partition, ctx)
    },

    async commit(group, positions, ctx) {
      enter(ctx)
      checkName('consumer group', group)
      const places = await Promise.all(
        positions.map(async (position) => {
          checkOffset(position.offset)
          return { topic: await getPartition(position, ctx), partition: position.partition, offset: position.offset }
        }),
      )
      if (places.length > 0) await track(groups.commit(address.prefix + group, places, ctx))
    },

    async committed(group, topic, ctx) {
      enter(ctx)
      checkName('consumer group', group)
      const { config } = await topics.get(topic, ctx)
      const found = await groups.findPositions(address.prefix + group, topics.toKafkaName(topic), config.partitions, ctx)
      return [...found].map(([partition, offset]) => ({ topic, partition, offset })).sort((a, b) => a.partition - b.partition)
    },

    async listCommitted(isWanted, ctx) {
      enter(ctx)
      const names = new Map((await topics.list(ctx)).map(({ topic }) => [topics.toKafkaName(topic), topic]))
      const isOurs = (kafkaGroup: string): boolean => kafkaGroup.startsWith(address.prefix) && isWanted(kafkaGroup.slice(address.prefix.length))
      return (await groups.listPositions(isOurs, ctx)).flatMap(({ group, positions }) =>
        [...positions].flatMap(([name, own]) => {
          const topic = names.get(name)
          return topic === undefined ? [] : [...own].map(([partition, offset]) => ({ group: group.slice(address.prefix.length), topic, partition, offset }))
        }),
      )
    },

    async forget(group, given, ctx) {
      enter(ctx)
      checkName('consumer group', group)
      const known = await Promise.all(given.map(async (topic) => ({ name: topics.toKafkaName(topic), partitions: (await topics.get(topic, ctx)).config.partitions })))
      if (known.length > 0) await track(groups.forget(address.prefix + group, known, ctx))
    },

    async waitFor(from, timeoutMs, ctx) {
      enter(ctx)
      checkOffset(from.offset)
      const topic = await getPartition(from, ctx)
      const place = { topic, partition: from.partition }
      const waiting = timeoutMs > 0 && !gate.isClosed ? watcher.wait(place, from.offset, timeoutMs, ctx) : Promise.resolve(false)
      const there = offsets.findEnd(topic, from.partition, ctx).then(
        (end) => {
          watcher.announce(place, end)
          return end > from.offset
        },
        () => false,
      )
      return (await waiting) || there
    },

    async enforceRetention(nowMs, ctx, heldBy = () => true) {
      enter(ctx)
      const counts = (kafkaGroup: string): boolean => !kafkaGroup.startsWith(address.prefix) || heldBy(kafkaGroup.slice(address.prefix.length))
      return track(dropExpired({ cluster, topics, offsets, groups }, nowMs, counts, ctx))
    },

    async ready(ctx) {
      enter(ctx)
      await cluster.ping()
    },

    close: () =>
      gate.close(async () => {
        watcher.release()
        const finished = new AbortController()
        void gate.finish().then(() => finished.abort())
        await pause(address.timeoutMs, finished.signal)
        writers.giveUp()
        await cluster.close()
        await gate.finish()
      }),
  }
}

function toCapabilities({ maxRecordBytes, flush, retention }: KafkaAddress): LogCapabilities {
  return {
    maxRecordBytes,
    survivesPowerLoss: flush,
    // Kafka's transactions write marks that take offsets; offsets without gaps are worth more here: they are counted with.
    atomicAcrossTopics: false,
    atomicAppendBytes: maxRecordBytes,
    packed: [],
    retention: { age: retention === 'broker' ? 'by-engine' : 'on-call', bytes: 'by-engine' },
  }
}

/** Kafka keeps whole milliseconds since 1970. */
function checkKafkaTimestamp(timestampMs: number): void {
  checkTimestamp(timestampMs)
  if (!Number.isSafeInteger(timestampMs) || timestampMs < 0) throw errors.badTimestamp({ timestampMs })
}
