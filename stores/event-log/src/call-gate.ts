// What every call of a driver passes: nothing goes in after the close, or for a caller who has gone; what is under way is known to the close.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { checkConfig, checkName } from './check-input.ts'
import { errors } from './errors.ts'
import type { EventLog, TopicConfig } from './port.ts'

export type CallGate = {
  /** Throws `LOG_CLOSED`, `CANCELLED`. */
  enter(ctx: Ctx): void
  /** The close waits for it. */
  track<T>(work: Promise<T>): Promise<T>
  readonly isClosed: boolean
  /** Resolves when all that was tracked has ended, well or not. */
  finish(): Promise<void>
  /** Nothing enters any more; `end` runs once, however often it is called. */
  close(end: () => Promise<void>): Promise<void>
}

export function createCallGate(): CallGate {
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined
  return {
    enter(ctx) {
      throwIfCancelled(ctx)
      if (closing) throw errors.closed({})
    },
    track(work) {
      underWay.add(work)
      const forget = (): void => void underWay.delete(work)
      work.then(forget, forget)
      return work
    },
    get isClosed() {
      return closing !== undefined
    },
    async finish() {
      await Promise.allSettled(underWay)
    },
    close: (end) => (closing ??= end()),
  }
}

type Topics = {
  create(topic: string, config: TopicConfig, ctx: Ctx): Promise<void>
  list(ctx: Ctx): Promise<{ topic: string; config: TopicConfig }[]>
}

/** The verbs of topics over an engine's own. */
export function createTopicVerbs({ enter, track }: CallGate, topics: Topics): Pick<EventLog, 'createTopic' | 'listTopics'> {
  return {
    async createTopic(topic, config, ctx) {
      enter(ctx)
      checkName('topic', topic)
      checkConfig(topic, config)
      await track(topics.create(topic, config, ctx))
    },
    async listTopics(ctx) {
      enter(ctx)
      return (await topics.list(ctx)).map(({ topic, config }) => ({ topic, config })).sort((a, b) => (a.topic < b.topic ? -1 : 1))
    },
  }
}
