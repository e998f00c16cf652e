// Writes dead letters; their topic is made with the first one.
import type { LogRecord } from '@rondo/event-log'
import { sealLetters } from '../erasure/seal-letters.ts'
import { HOUSE, type DeadFlow, type Room } from '../room.ts'
import { DEAD_RETENTION_MS, PARTITIONS } from '../topics.ts'

export async function appendDead(room: Room, flow: DeadFlow, given: LogRecord[], receivedAtMs: number): Promise<void> {
  const { eventLog } = room.deps
  if (!flow.exists) {
    await eventLog.createTopic(flow.topic, { partitions: PARTITIONS, retentionMs: DEAD_RETENTION_MS }, HOUSE)
    flow.exists = true
  }
  const records = await sealLetters(room.keys, given, receivedAtMs)
  const [appended] = await eventLog.append([{ topic: flow.topic, records }], receivedAtMs, HOUSE)
  if (appended === undefined) return
  flow.end = Math.max(flow.end, appended.firstOffset + appended.count)
  flow.count += records.length
}
