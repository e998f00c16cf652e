// Names of the room's topics, and how long they keep records.
import type { TypeDefinition } from './domain/event-type.ts'

/** Offsets of one partition are the cursors of a type: order of receipt is one order. */
export const PARTITION = 0
export const PARTITIONS = 1

export const eventsTopic = (type: string): string => `events.${type}`
export const deadTopic = (type: string): string => `dead.${type}`
/** One record for every request that had duplicates or dead letters: {"d": {type: [duplicates, dead]}}. */
export const RECEIPTS_TOPIC = 'collector.receipts'

const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000 }
export const DEAD_RETENTION_MS = 90 * 86_400_000

/** "90d" */
export function toRetentionMs(definition: TypeDefinition): number {
  return Number(definition.retention.slice(0, -1)) * (UNIT_MS[definition.retention.slice(-1)] ?? 0)
}
