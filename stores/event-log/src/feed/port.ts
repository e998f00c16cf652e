// The port of what is read by delivery: a group takes records, works on them and acknowledges them. For engines without offsets, and for any log.
import type { Ctx } from '@rondo/context'
import type { EventTopics, LogRecord } from '../port.ts'

/** What engines do differently, by name. */
export type FeedCapabilities = EventTopics['capabilities'] & {
  /** The same engine can also be opened as an `EventLog`, with the same records. */
  offsets: boolean
  maxKeyBytes: number
  /** False: an append whose answer was lost is tried again and may be there twice, so that readers tell records by ids of their own. */
  appendsOnce: boolean
  /** `each`: what was acknowledged stays so. `as-position`: a group that is opened again goes on with the first record that was not, also with those behind it. */
  acknowledgement: 'each' | 'as-position'
  /** Several subscriptions of one group, in one process or in many, share its records. Where not, a group has one at a time. */
  sharedGroups: boolean
  /** `seek` goes back to an instant. */
  replay: boolean
  /** What `deadLetter.maxAttempts` may be. */
  attempts: { min: number; max: number }
  /** What `ackDeadlineMs` may be. Absent: deliveries come again when their subscription has ended, not by the clock. */
  ackDeadlineMs?: { min: number; max: number }
}

export type GroupConfig = {
  topic: string
  group: string
  /** How long after the end of a process (not of a subscription) what it had taken comes again; kept up while it lives. */
  ackDeadlineMs?: number
  /** What was given so many times and never acknowledged goes to that topic, which exists, and comes no more. */
  deadLetter?: { topic: string; maxAttempts: number }
}

export type Delivery = LogRecord & {
  /** Names the record among those that the subscription gives. */
  id: string
  timestampMs: number
  /** How many times it was given, this one included; known where the group has a dead letter. */
  attempt?: number
}

export type Subscription = {
  /**
   * Up to `maxRecords` (default 100), as soon as there are some; none after `timeoutMs` of real time, or when the feed is closed. Records of one key come in
   * order, and those behind what was taken wait until it is acknowledged or released; records with an empty key wait for nothing.
   */
  take(limits: { maxRecords?: number; timeoutMs: number }, ctx: Ctx): Promise<Delivery[]>
  /** They come no more. Resolved: the engine has taken it. What the subscription does not hold is passed over. */
  acknowledge(deliveries: Delivery[], ctx: Ctx): Promise<void>
  /** They come again, at once. */
  release(deliveries: Delivery[], ctx: Ctx): Promise<void>
  /** The group goes on with what was appended at or after the instant; what it holds is forgotten. Throws `FEED_CANNOT_REPLAY`. */
  seek(timestampMs: number, ctx: Ctx): Promise<void>
  /** Releases what is held. */
  close(): Promise<void>
}

export type EventFeed = Omit<EventTopics, 'capabilities'> & {
  readonly capabilities: FeedCapabilities
  /** Makes the group when it is missing, from the present end of the topic on. */
  subscribe(config: GroupConfig, ctx: Ctx): Promise<Subscription>
}
