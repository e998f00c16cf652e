// Topics in Pub/Sub: their config kept in labels, so that the same definitions are found different here as everywhere.
import type { Ctx } from '@rondo/context'
import type { protos } from '@google-cloud/pubsub'
import { errors } from '../errors.ts'
import type { TopicConfig } from '../port.ts'
import type { PubsubAddress } from './parse-pubsub-address.ts'
import { codeOf, STATUS, toLogError, type Calls } from './pubsub-calls.ts'
import type { PubsubClient } from './pubsub-client.ts'

type Topic = protos.google.pubsub.v1.ITopic

export type PubsubTopics = {
  /** Of a topic, in Pub/Sub. */
  toName(topic: string): string
  create(topic: string, config: TopicConfig, ctx: Ctx): Promise<void>
  list(ctx: Ctx): Promise<{ topic: string; config: TopicConfig }[]>
  /** Throws `TOPIC_NOT_FOUND`. What was found once is not asked for again. */
  get(topic: string, ctx: Ctx): Promise<void>
  forget(topic: string): void
}

const LABELS = { partitions: 'rondo-partitions', retentionMs: 'rondo-retention-ms', retentionBytes: 'rondo-retention-bytes' } as const
const MIN_RETENTION_SECONDS = 600
const MAX_RETENTION_SECONDS = 31 * 86_400

export function createTopics({ publisher }: PubsubClient, calls: Calls, address: PubsubAddress): PubsubTopics {
  const folder = `projects/${address.project}/topics/`
  const toName = (topic: string): string => folder + address.prefix + topic
  const known = new Set<string>()
  /** Creations of one topic come one after the other: the first decides. */
  const creating = new Map<string, Promise<void>>()

  const find = (topic: string, ctx: Ctx): Promise<Topic> => calls.call(`find topic "${topic}"`, ctx, (options) => publisher.getTopic({ topic: toName(topic) }, options))
  const create = async (topic: string, config: TopicConfig, ctx: Ctx): Promise<void> => {
    const wanted = toTopic(toName(topic), config)
    const made = await calls.call(`create topic "${topic}"`, ctx, (options) => publisher.createTopic(wanted, options)).catch((error: { cause?: unknown }) => {
      if (codeOf(error.cause) !== STATUS.alreadyExists) throw error
      return undefined
    })
    if (made !== undefined) return
    const { partitions, retentionMs, retentionBytes } = toConfig(await find(topic, ctx))
    if (partitions !== config.partitions) throw errors.topicMismatch({ topic, partitions, wanted: config.partitions })
    if (retentionMs === config.retentionMs && retentionBytes === config.retentionBytes) return
    await calls.call(`change topic "${topic}"`, ctx, (options) => publisher.updateTopic({ topic: wanted, updateMask: { paths: ['labels', 'message_retention_duration'] } }, options))
  }

  return {
    toName,

    async create(topic, config, ctx) {
      const work = (creating.get(topic) ?? Promise.resolve()).catch(() => undefined).then(() => create(topic, config, ctx))
      creating.set(topic, work)
      try {
        await work
        known.add(topic)
      } finally {
        if (creating.get(topic) === work) creating.delete(topic)
      }
    },

    async list(ctx) {
      const found = await calls.call('list topics', ctx, (options) => publisher.listTopics({ project: `projects/${address.project}` }, options))
      return found.filter(({ name }) => name?.startsWith(toName(''))).map((topic) => ({ topic: (topic.name ?? '').slice(toName('').length), config: toConfig(topic) }))
    },

    async get(topic, ctx) {
      if (known.has(topic)) return
      await find(topic, ctx).catch((error: { cause?: unknown }) => {
        throw codeOf(error.cause) === STATUS.notFound ? errors.topicUnknown({ topic }) : toLogError(error, address, `find topic "${topic}"`)
      })
      known.add(topic)
    },

    forget: (topic) => void known.delete(topic),
  }
}

function toTopic(name: string, { partitions, retentionMs, retentionBytes }: TopicConfig): Topic {
  return {
    name,
    labels: {
      [LABELS.partitions]: String(partitions),
      ...(retentionMs === undefined ? {} : { [LABELS.retentionMs]: toLabel(retentionMs) }),
      ...(retentionBytes === undefined ? {} : { [LABELS.retentionBytes]: toLabel(retentionBytes) }),
    },
    ...(retentionMs === undefined ? {} : { messageRetentionDuration: { seconds: Math.min(MAX_RETENTION_SECONDS, Math.max(MIN_RETENTION_SECONDS, Math.ceil(retentionMs / 1000))), nanos: 0 } }),
  }
}

/** Topics that others made have no labels of ours. */
function toConfig({ labels }: Topic): TopicConfig {
  const read = (name: string): number | undefined => (labels?.[name] === undefined ? undefined : Number(labels[name].replace('_', '.')))
  const [retentionMs, retentionBytes] = [read(LABELS.retentionMs), read(LABELS.retentionBytes)]
  return { partitions: read(LABELS.partitions) ?? 1, ...(retentionMs === undefined ? {} : { retentionMs }), ...(retentionBytes === undefined ? {} : { retentionBytes }) }
}

/** Labels are lowercase letters, digits, "_" and "-". */
function toLabel(value: number): string {
  return String(value).toLowerCase().replace('.', '_').replace('+', '')
}
