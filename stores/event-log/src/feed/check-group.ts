// Rules of groups that hold on every driver of the feed.
import { checkLimit, checkName } from '../check-input.ts'
import { errors } from '../errors.ts'
import type { FeedCapabilities, GroupConfig } from './port.ts'

/** Throws `BAD_NAME`, `BAD_GROUP_CONFIG`. */
export function checkGroup({ group, topic, ackDeadlineMs, deadLetter }: GroupConfig, capabilities: FeedCapabilities): void {
  checkName('consumer group', group)
  if (deadLetter !== undefined) {
    const { min, max } = capabilities.attempts
    if (!Number.isInteger(deadLetter.maxAttempts) || deadLetter.maxAttempts < min || deadLetter.maxAttempts > max) {
      throw errors.badGroupConfig({ group, field: 'deadLetter.maxAttempts', value: deadLetter.maxAttempts, wanted: `a whole number from ${min} to ${max}` })
    }
    if (deadLetter.topic === topic) throw errors.badGroupConfig({ group, field: 'deadLetter.topic', value: deadLetter.topic, wanted: 'another topic than its own' })
  }
  if (ackDeadlineMs === undefined) return
  const { min, max } = capabilities.ackDeadlineMs ?? { min: 1, max: Infinity }
  if (!(ackDeadlineMs >= min && ackDeadlineMs <= max)) throw errors.badGroupConfig({ group, field: 'ackDeadlineMs', value: ackDeadlineMs, wanted: `a number from ${min} to ${max}` })
}

/** Throws `BAD_LIMIT`. */
export function checkTake({ maxRecords }: { maxRecords?: number; timeoutMs: number }): void {
  checkLimit('maxRecords', maxRecords)
}
