// Any log as a feed: what Pub/Sub does with acknowledgements, done with committed positions.
import { throwIfCancelled } from '@rondo/context'
import { errors } from '../errors.ts'
import type { EventLog } from '../port.ts'
import { checkGroup } from './check-group.ts'
import type { EventFeed, FeedCapabilities, Subscription } from './port.ts'
import { subscribeToLog } from './subscribe-to-log.ts'

/** The feed closes the log. */
export function createFeedOverLog(log: EventLog): EventFeed {
  const open = new Map<string, Subscription | undefined>()
  const capabilities: FeedCapabilities = {
    maxRecordBytes: log.capabilities.maxRecordBytes,
    survivesPowerLoss: log.capabilities.survivesPowerLoss,
    atomicAcrossTopics: log.capabilities.atomicAcrossTopics,
    offsets: true,
    maxKeyBytes: log.capabilities.maxRecordBytes,
    appendsOnce: true,
    acknowledgement: 'as-position',
    sharedGroups: false,
    replay: true,
    attempts: { min: 1, max: 1000 },
  }
  let closing: Promise<void> | undefined
  return {
    capabilities,
    createTopic: (topic, config, ctx) => log.createTopic(topic, config, ctx),
    listTopics: (ctx) => log.listTopics(ctx),
    append: (batches, timestampMs, ctx) => log.append(batches, timestampMs, ctx),
    ready: (ctx) => log.ready(ctx),

    async subscribe(config, ctx) {
      throwIfCancelled(ctx)
      if (closing) throw errors.closed({})
      checkGroup(config, capabilities)
      const { topic, group, deadLetter } = config
      const id = `${topic}@${group}`
      if (open.has(id)) throw errors.groupBusy({ topic, group })
      open.set(id, undefined)
      try {
        if (deadLetter !== undefined) await log.offsets(deadLetter.topic, ctx)
        const subscription = await subscribeToLog(log, config, () => open.delete(id), ctx)
        open.set(id, subscription)
        return subscription
      } catch (error) {
        open.delete(id)
        throw error
      }
    },

    close() {
      closing ??= (async () => {
        await Promise.all([...open.values()].map(async (subscription) => subscription?.close()))
        await log.close()
      })()
      return closing
    },
  }
}
