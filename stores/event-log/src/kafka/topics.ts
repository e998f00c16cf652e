// Topics of the log as topics of Kafka: made with their partitions and retention, described, listed.
//
// Kafka deletes by its own clock, whatever groups still need. So a topic's own retention is off unless the address leaves it to the broker, and the
// wish stands in `delete.retention.ms`, which Kafka itself heeds for compacted topics only; `enforceRetention` reads it there.
import type { Ctx } from '@rondo/context'
import { errors } from '../errors.ts'
import type { TopicConfig } from '../port.ts'
import type { Cluster } from './cluster.ts'
import { CODE, codesOf, KafkaCodeError } from './kafka-failure.ts'

export type KafkaTopic = {
  topic: string
  config: TopicConfig
  /** Largest batch that the topic takes. */
  maxBatchBytes: number
  /** Kafka deletes by age itself. */
  agesByBroker: boolean
}

export type Topics = {
  /** In Kafka. */
  toKafkaName(topic: string): string
  /** Makes what is missing, changes another retention. Throws `TOPIC_MISMATCH`. */
  create(topic: string, config: TopicConfig, ctx: Ctx): Promise<void>
  /** As it was when it was last described; throws `TOPIC_NOT_FOUND`. */
  get(topic: string, ctx: Ctx): Promise<KafkaTopic>
  /** All of this log, as they are now, by name. */
  list(ctx: Ctx): Promise<KafkaTopic[]>
  /** What is remembered of a topic is wrong. */
  forget(topic: string): void
}

const TOPIC_RESOURCE = 2 as const
const SET = 0
const REMOVE = 1
/** Where a value of a topic comes from: set for the topic itself. */
const OF_TOPIC = 1
const FOREVER = '-1'
const ANY_DISTANCE = '9223372036854775807'
const BATCH_BYTES_USUAL = 1_048_588
/** Beside the value: key, headers, and the batch around them. */
const RECORD_ROOM_BYTES = 64 * 1024
const KEYS = ['retention.ms', 'retention.bytes', 'delete.retention.ms', 'max.message.bytes', 'cleanup.policy', 'message.timestamp.type'] as const

type Settings = Record<(typeof KEYS)[number], { value: string; ofTopic: boolean }>

export function createTopics(cluster: Cluster): Topics {
  const { client, address } = cluster
  const known = new Map<string, KafkaTopic>()
  const creating = new Map<string, Promise<void>>()
  const toKafkaName = (topic: string): string => address.prefix + topic

  /** Of topics that exist, by name in Kafka. One try. */
  const readSettings = async (names: string[]): Promise<Map<string, Settings>> => {
    const resources = names.map((resourceName) => ({ resourceType: TOPIC_RESOURCE, resourceName, configurationKeys: [...KEYS] }))
    const { results } = await client.describeConfigsV4.api.async(await cluster.connect('control'), resources, false, false)
    return new Map(results.map(({ resourceName, configs }) => [resourceName, toSettings(configs)]))
  }
  const describe = async (topic: string): Promise<KafkaTopic | undefined> => {
    const name = toKafkaName(topic)
    cluster.distrust(name)
    const leaders = await cluster.findLeaders(name)
    if (leaders === undefined) return undefined
    const settings = (await readSettings([name])).get(name)
    if (settings === undefined) return undefined
    checkSettings(topic, settings)
    const found = toKafkaTopic(topic, leaders.length, settings)
    known.set(topic, found)
    return found
  }
  const describeAfter = (topic: string, holds: (found: KafkaTopic) => boolean, ctx: Ctx): Promise<void> =>
    cluster.retry(`describe topic "${topic}"`, ctx, async () => {
      const found = await describe(topic)
      if (found === undefined || !holds(found)) throw new KafkaCodeError(CODE.unknownTopic, `topic "${topic}" is not what it was made yet`)
    })

  const make = async (topic: string, config: TopicConfig, ctx: Ctx): Promise<void> => {
    const found = await cluster.retry(`describe topic "${topic}"`, ctx, () => describe(topic))
    if (found === undefined) return makeMissing(topic, config, ctx)
    const { partitions, retentionMs, retentionBytes } = found.config
    if (partitions !== config.partitions) throw errors.topicMismatch({ topic, partitions, wanted: config.partitions })
    if (retentionMs === config.retentionMs && retentionBytes === config.retentionBytes) return
    const configs = Object.entries(toRetention(config)).map(([name, value]) => (value === undefined ? { name, configOperation: REMOVE, value: '' } as const : { name, configOperation: SET, value } as const))
    await cluster.retry(`change topic "${topic}"`, ctx, async () => {
      await client.incrementalAlterConfigsV1.api.async(await cluster.connect('control'), [{ resourceType: TOPIC_RESOURCE, resourceName: toKafkaName(topic), configs }], false)
    })
    await describeAfter(topic, (now) => now.config.retentionMs === config.retentionMs && now.config.retentionBytes === config.retentionBytes, ctx)
  }
  const makeMissing = async (topic: string, config: TopicConfig, ctx: Ctx): Promise<void> => {
    let isOld = false
    const made = await cluster.retry(`make topic "${topic}"`, ctx, async () => {
      try {
        await client.createTopicsV5.api.async(await cluster.connect('control'), [toRequest(topic, config, isOld)], address.timeoutMs, false)
        return true
      } catch (thrown) {
        const codes = codesOf(thrown)
        if (codes.includes(CODE.topicExists)) return false
        // Before 3.6, Kafka had one limit for how far timestamps may be off, and it was off.
        if (isOld || !codes.includes(CODE.invalidConfig)) throw thrown
        isOld = true
        throw new KafkaCodeError(CODE.unknownTopic, `settings of topic "${topic}" are not known`)
      }
    })
    await describeAfter(topic, () => true, ctx)
    // Another process was quicker, perhaps with another config.
    if (!made) await make(topic, config, ctx)
  }
  const toRequest = (topic: string, config: TopicConfig, isOld: boolean): CreateTopic => {
    const configs: Record<string, string | undefined> = {
      ...toRetention(config),
      'cleanup.policy': 'delete',
      'message.timestamp.type': 'CreateTime',
      'max.message.bytes': String(Math.max(BATCH_BYTES_USUAL, address.maxRecordBytes + RECORD_ROOM_BYTES)),
      ...(isOld ? {} : { 'message.timestamp.before.max.ms': ANY_DISTANCE, 'message.timestamp.after.max.ms': ANY_DISTANCE }),
      ...(address.flush ? { 'flush.messages': '1' } : {}),
    }
    return {
      name: toKafkaName(topic),
      numPartitions: config.partitions,
      replicationFactor: address.replication,
      assignments: [],
      configs: Object.entries(configs).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    }
  }
  const toRetention = ({ retentionMs, retentionBytes }: TopicConfig): Record<string, string | undefined> => {
    const age = retentionMs === undefined ? undefined : String(retentionMs)
    const byBroker = address.retention === 'broker'
    return {
      'retention.ms': byBroker ? (age ?? FOREVER) : FOREVER,
      'delete.retention.ms': byBroker ? undefined : age,
      'retention.bytes': retentionBytes === undefined ? FOREVER : String(retentionBytes),
    }
  }

  return {
    toKafkaName,
    async create(topic, wanted, ctx) {
      const config = toWholeNumbers(wanted)
      while (creating.has(topic)) await creating.get(topic)
      const making = make(topic, config, ctx)
      creating.set(topic, making.catch(() => undefined))
      try {
        await making
      } finally {
        creating.delete(topic)
      }
    },
    async get(topic, ctx) {
      const found = known.get(topic) ?? (await cluster.retry(`describe topic "${topic}"`, ctx, () => describe(topic)))
      if (found === undefined) throw errors.topicUnknown({ topic })
      return found
    },
    async list(ctx) {
      const names = (await cluster.listTopics(ctx)).filter((name) => name.startsWith(address.prefix)).sort()
      const settings = names.length === 0 ? new Map<string, Settings>() : await cluster.retry('describe topics', ctx, () => readSettings(names))
      return names.flatMap((name) => {
        const found = settings.get(name)
        return found === undefined ? [] : [toKafkaTopic(name.slice(address.prefix.length), cluster.recallLeaders(name)?.length ?? 0, found)]
      })
    },
    forget(topic) {
      known.delete(topic)
    },
  }
}

type CreateTopic = Parameters<Cluster['client']['createTopicsV5']['api']['async']>[1][number]

/** As Kafka keeps them. */
function toWholeNumbers({ partitions, retentionMs, retentionBytes }: TopicConfig): TopicConfig {
  return { partitions, ...(retentionMs === undefined ? {} : { retentionMs: Math.ceil(retentionMs) }), ...(retentionBytes === undefined ? {} : { retentionBytes: Math.ceil(retentionBytes) }) }
}

function toSettings(configs: { name: string; value?: string | null | undefined; configSource: number }[]): Settings {
  const find = (key: string): Settings['retention.ms'] => {
    const found = configs.find(({ name }) => name === key)
    return { value: found?.value ?? '', ofTopic: found?.configSource === OF_TOPIC }
  }
  return Object.fromEntries(KEYS.map((key) => [key, find(key)])) as Settings
}

function checkSettings(topic: string, settings: Settings): void {
  for (const [setting, wanted] of [['cleanup.policy', 'delete'], ['message.timestamp.type', 'CreateTime']] as const) {
    const { value } = settings[setting]
    if (value !== wanted && value !== '') throw errors.topicSettings({ topic, setting, value, wanted })
  }
}

function toKafkaTopic(topic: string, partitions: number, settings: Settings): KafkaTopic {
  const age = settings['retention.ms']
  const agesByBroker = age.value !== FOREVER
  const wish = settings['delete.retention.ms']
  const retentionMs = agesByBroker ? age.value : wish.ofTopic ? wish.value : ''
  const bytes = settings['retention.bytes'].value
  return {
    topic,
    config: {
      partitions,
      ...(retentionMs === '' ? {} : { retentionMs: Number(retentionMs) }),
      ...(bytes === '' || bytes === FOREVER ? {} : { retentionBytes: Number(bytes) }),
    },
    maxBatchBytes: Number(settings['max.message.bytes'].value) || BATCH_BYTES_USUAL,
    agesByBroker,
  }
}
