// When partitions land, beside when they should: lag, lateness, and the landing of the one under way.
import type { PartitionKind } from '@rondo/time'
import { LEAST_FOR_USUAL, type Note } from '@rondo/contract'
import { DAY_MS, MINUTE_MS, startOfDay, toIso } from '@rondo/time'
import type { Partition } from './datasets.ts'
import { floorTo, getLengthMs, toRange } from './partition-windows.ts'

/** Usual values are taken over so many partitions before. */
const USUAL_OVER = 14
/** Further back nobody asks whether a partition was late. */
const LATE_LOOK_BACK = 60
const NOTES = 24

/** From the end of the partition to its publication; a provisional one has none, nor has an unpartitioned dataset. */
export function computeLag(kind: PartitionKind, partition: Partition): number | undefined {
  if (kind === 'none' || partition.provisional) return undefined
  return Math.max(0, partition.publishedMs - toRange(kind, partition.startMs).endMs)
}

/** Starts of partitions that have ended, have begun after `beginMs`, and are not final, oldest first; `lateAfterMs` after their end they are late. */
export function findLate(kind: PartitionKind, partitions: ReadonlyMap<number, Partition>, beginMs: number | undefined, lateAfterMs: number, nowMs: number): number[] {
  if (kind === 'none' || beginMs === undefined) return []
  const length = getLengthMs(kind)
  const late: number[] = []
  let startMs = floorTo(kind, nowMs) - length
  for (let count = 0; count < LATE_LOOK_BACK && startMs >= beginMs; count += 1, startMs -= length) {
    const own = partitions.get(startMs)
    if ((own === undefined || own.provisional) && startMs + length + lateAfterMs <= nowMs) late.push(startMs)
  }
  return late.reverse()
}

export type Prediction = { startMs: number; landsMs: number; dueMs: number; isLate: boolean }

/** Of the oldest partition that is not final yet, from the usual lag of those before; undefined without history. */
export function predictLanding(kind: PartitionKind, partitions: ReadonlyMap<number, Partition>, lateAfterMs: number, nowMs: number): Prediction | undefined {
  if (kind === 'none') return undefined
  const final = newestFinal(partitions)
  const lastStart = final[0]?.startMs
  const usualMs = computeMedian(final.flatMap((partition) => computeLag(kind, partition) ?? []))
  if (lastStart === undefined || usualMs === undefined) return undefined
  const startMs = lastStart + getLengthMs(kind)
  const { endMs } = toRange(kind, startMs)
  const durationMs = computeMedian(final.map((partition) => partition.durationMs)) ?? 0
  const landsMs = Math.max(endMs + usualMs, nowMs + durationMs)
  const dueMs = endMs + lateAfterMs
  return { startMs, landsMs, dueMs, isLate: landsMs > dueMs }
}

/** One note for each of the last days: the longest lag of a daily or weekly partition that ended with it, ms; days without one are left out. */
export function toLandingNotes(datasets: { kind: PartitionKind; partitions: ReadonlyMap<number, Partition> }[], nowMs: number): Note[] {
  const byDay = new Map<number, number>()
  const fromMs = startOfDay(nowMs) - (NOTES + USUAL_OVER) * DAY_MS
  for (const { kind, partitions } of datasets) {
    for (const partition of partitions.values()) {
      const lagMs = computeLag(kind, partition)
      const dayMs = startOfDay(toRange(kind, partition.startMs).endMs - 1)
      if (lagMs !== undefined && dayMs >= fromMs) byDay.set(dayMs, Math.max(byDay.get(dayMs) ?? 0, lagMs))
    }
  }
  const days = [...byDay].sort(([a], [b]) => a - b)
  return days
    .map(([dayMs, value], index): Note => {
      const before = days.slice(Math.max(0, index - USUAL_OVER), index).map(([, lagMs]) => lagMs)
      const usual = before.length < LEAST_FOR_USUAL ? undefined : computeMedian(before)
      const spread = usual === undefined ? undefined : computeMedian(before.map((lagMs) => Math.abs(lagMs - usual)))
      return { at: toIso(dayMs), value, usual: usual ?? null, spread: spread ?? null }
    })
    .slice(-NOTES)
}

export function toLateAfterMs(slo: { landsWithinMinutes: number }): number {
  return slo.landsWithinMinutes * MINUTE_MS
}

export function computeMedian(values: number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  return sorted.length % 2 === 1 || upper === undefined ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** The last final partitions, newest first. */
function newestFinal(partitions: ReadonlyMap<number, Partition>): Partition[] {
  const final = [...partitions.values()].filter((partition) => !partition.provisional)
  return final.sort((a, b) => b.startMs - a.startMs).slice(0, USUAL_OVER)
}
