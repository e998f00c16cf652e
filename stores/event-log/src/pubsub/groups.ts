// Groups in Pub/Sub: one subscription each, ordered, made from the present end of the topic on.
import type { Ctx } from '@rondo/context'
import type { protos } from '@google-cloud/pubsub'
import { errors } from '../errors.ts'
import type { GroupConfig } from '../feed/port.ts'
import type { PubsubAddress } from './parse-pubsub-address.ts'
import { codeOf, STATUS, type Calls } from './pubsub-calls.ts'
import type { PubsubClient } from './pubsub-client.ts'
import type { PubsubTopics } from './topics.ts'

type Wanted = protos.google.pubsub.v1.ISubscription

export const DEFAULT_ACK_DEADLINE_MS = 60_000
const MAX_NAME = 255

/** The name of the subscription in Pub/Sub, which is there afterwards as the config says. */
export async function openGroup(config: GroupConfig, client: PubsubClient, topics: PubsubTopics, calls: Calls, address: PubsubAddress, ctx: Ctx): Promise<string> {
  const { topic, group, deadLetter } = config
  await topics.get(topic, ctx)
  if (deadLetter !== undefined) await topics.get(deadLetter.topic, ctx)
  // "~" is in no name of ours.
  const short = `${address.prefix}${topic}~${group}`
  if (short.length > MAX_NAME) throw errors.groupMismatch({ topic, group, reason: `the names of topic and group have more than ${MAX_NAME - address.prefix.length - 1} characters together` })
  const name = `projects/${address.project}/subscriptions/${short}`
  const wanted: Wanted = {
    name,
    topic: topics.toName(topic),
    enableMessageOrdering: true,
    ackDeadlineSeconds: toSeconds(config),
    // What is acknowledged is kept for replay as long as unacknowledged records are: seven days.
    retainAckedMessages: address.replay,
    ...(deadLetter === undefined ? {} : { deadLetterPolicy: { deadLetterTopic: topics.toName(deadLetter.topic), maxDeliveryAttempts: deadLetter.maxAttempts } }),
    // Without it a subscription that nobody reads is gone after 31 days.
    expirationPolicy: {},
  }
  try {
    await calls.call(`create the consumer group "${group}"`, ctx, (options) => client.subscriber.createSubscription(wanted, options))
  } catch (error) {
    const code = error instanceof Error ? codeOf(error.cause) : undefined
    if (code === STATUS.notFound) {
      topics.forget(topic)
      throw errors.topicUnknown({ topic }, error)
    }
    if (code !== STATUS.alreadyExists) throw error
    await adopt(wanted, config, client, calls, ctx)
  }
  return name
}

/** Changes what may be changed. */
async function adopt(wanted: Wanted, { topic, group }: GroupConfig, { subscriber }: PubsubClient, calls: Calls, ctx: Ctx): Promise<void> {
  const found = await calls.call(`find the consumer group "${group}"`, ctx, (options) => subscriber.getSubscription({ subscription: wanted.name ?? '' }, options))
  const refuse = (reason: string): Error => errors.groupMismatch({ topic, group, reason })
  if (found.topic !== wanted.topic) throw refuse(`its subscription belongs to "${found.topic ?? ''}"`)
  if (found.enableMessageOrdering !== true) throw refuse('its subscription does not keep the order of keys')
  const paths: string[] = []
  if (found.ackDeadlineSeconds !== wanted.ackDeadlineSeconds) paths.push('ack_deadline_seconds')
  if (found.retainAckedMessages !== wanted.retainAckedMessages) paths.push('retain_acked_messages')
  const [is, should] = [found.deadLetterPolicy, wanted.deadLetterPolicy]
  if ((is?.deadLetterTopic ?? '') !== (should?.deadLetterTopic ?? '') || (is?.maxDeliveryAttempts ?? 0) !== (should?.maxDeliveryAttempts ?? 0)) paths.push('dead_letter_policy')
  if (paths.length > 0) await calls.call(`change the consumer group "${group}"`, ctx, (options) => subscriber.updateSubscription({ subscription: wanted, updateMask: { paths } }, options))
}

export function toSeconds({ ackDeadlineMs = DEFAULT_ACK_DEADLINE_MS }: GroupConfig): number {
  return Math.ceil(ackDeadlineMs / 1000)
}
