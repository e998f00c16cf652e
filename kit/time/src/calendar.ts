// Hours, days and ISO weeks in UTC: the partitions of the house.
import { DAY_MS, HOUR_MS, WEEK_MS } from './durations.ts'
import { toIso } from './to-iso.ts'

/** The epoch (1 January 1970) was a Thursday; weeks begin on Monday 00:00 UTC. */
const FIRST_MONDAY_MS = 4 * DAY_MS

export function startOfHour(epochMs: number): number {
  return Math.floor(epochMs / HOUR_MS) * HOUR_MS
}

export function startOfDay(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS) * DAY_MS
}

export function startOfWeek(epochMs: number): number {
  return Math.floor((epochMs - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS
}

/** "2026-09-21" */
export function toIsoDate(epochMs: number): string {
  return toIso(epochMs).slice(0, 10)
}

/** "2026-09-21T09" */
export function toIsoHour(epochMs: number): string {
  return toIso(epochMs).slice(0, 13)
}

/** How a dataset is cut in time. */
export type PartitionKind = 'hourly' | 'daily' | 'weekly' | 'none'

/** The name of the partition that holds an instant: "2026-09-21T09", "2026-09-21", the Monday "2026-09-21" of its week, or "all". */
export function toPartition(kind: PartitionKind, epochMs: number): string {
  if (kind === 'hourly') return toIsoHour(epochMs)
  if (kind === 'daily') return toIsoDate(epochMs)
  if (kind === 'weekly') return toIsoDate(startOfWeek(epochMs))
  return 'all'
}

/** First instant and end (exclusive) of a partition, epoch ms; undefined for a name that is none. */
export function findPartitionRange(kind: PartitionKind, partition: string): { startMs: number; endMs: number } | undefined {
  if (kind === 'none') return partition === 'all' ? { startMs: 0, endMs: Number.MAX_SAFE_INTEGER } : undefined
  const isHour = kind === 'hourly'
  if (!(isHour ? /^\d{4}-\d{2}-\d{2}T\d{2}$/ : /^\d{4}-\d{2}-\d{2}$/).test(partition)) return undefined
  const startMs = Date.parse(isHour ? `${partition}:00:00Z` : `${partition}T00:00:00Z`)
  if (Number.isNaN(startMs) || toPartition(kind, startMs) !== partition) return undefined
  const lengthMs = isHour ? HOUR_MS : kind === 'daily' ? DAY_MS : WEEK_MS
  return { startMs, endMs: startMs + lengthMs }
}
