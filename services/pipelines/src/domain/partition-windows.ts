// Which partitions of an input belong to a partition of the output, as half-open ranges of time.
import { DAY_MS, HOUR_MS, WEEK_MS, startOfDay, startOfHour, startOfWeek, type PartitionKind } from '@rondo/time'

/** Half-open, epoch ms. */
export type Range = { startMs: number; endMs: number }

/** How an input is read: the partitions inside the output's partition, or so many of its own ending with the last inside it. */
export type Reach = 'same' | { trailing: number }

/** The one partition of an unpartitioned dataset begins here. */
const ALL_START_MS = 0

const LENGTH_MS = { hourly: HOUR_MS, daily: DAY_MS, weekly: WEEK_MS } as const

export function getLengthMs(kind: PartitionKind): number {
  return kind === 'none' ? Number.MAX_SAFE_INTEGER : LENGTH_MS[kind]
}

/** First instant of the partition that holds `epochMs`. */
export function floorTo(kind: PartitionKind, epochMs: number): number {
  if (kind === 'hourly') return startOfHour(epochMs)
  if (kind === 'daily') return startOfDay(epochMs)
  if (kind === 'weekly') return startOfWeek(epochMs)
  return ALL_START_MS
}

export function toRange(kind: PartitionKind, startMs: number): Range {
  return { startMs, endMs: kind === 'none' ? Number.MAX_SAFE_INTEGER : startMs + LENGTH_MS[kind] }
}

/**
 * The time that an input must cover for one output partition, aligned to the input's own partitions. An unpartitioned input is always
 * read whole. Trailing windows end with the last input partition whose end lies at or before the output's end.
 */
export function computeWindow(reach: Reach, inputKind: PartitionKind, output: Range): Range {
  if (inputKind === 'none' || output.endMs === Number.MAX_SAFE_INTEGER) return { startMs: ALL_START_MS, endMs: Number.MAX_SAFE_INTEGER }
  const endMs = floorTo(inputKind, output.endMs)
  if (reach === 'same') return { startMs: output.startMs, endMs }
  return { startMs: endMs - reach.trailing * LENGTH_MS[inputKind], endMs }
}

/** Starts of the output partitions, before `limitMs`, whose window over the input touches `changed`, oldest first. */
export function findAffected(reach: Reach, inputKind: PartitionKind, outputKind: PartitionKind, changed: Range, limitMs: number): number[] {
  if (outputKind === 'none') return [ALL_START_MS]
  if (inputKind === 'none') return []
  const affected: number[] = []
  const length = LENGTH_MS[outputKind]
  for (let startMs = floorTo(outputKind, changed.endMs - 1); startMs < limitMs; startMs += length) {
    const window = computeWindow(reach, inputKind, { startMs, endMs: startMs + length })
    if (window.startMs >= changed.endMs) break
    if (window.endMs > changed.startMs) affected.push(startMs)
  }
  return affected
}

/** The first end of a partition of this kind that lies after `epochMs`: nothing new can be complete before. */
export function computeNextBoundary(kind: PartitionKind, epochMs: number): number {
  return kind === 'none' ? startOfHour(epochMs) + HOUR_MS : floorTo(kind, epochMs) + LENGTH_MS[kind]
}
