// Partitions as cells of a heat grid: one row an endpoint, one column a day, in UTC as partitions are.
import { DAY_MS, HOUR_MS, MINUTE_MS, findPartitionRange, startOfDay, startOfWeek, toIsoHour, toPartition, type PartitionKind } from '@rondo/time'
import type { HeatCell, HeatState } from '@rondo/ui'
import { formatCount, formatDay, formatThings } from '@rondo/ui/format'
import type { PartitionRow } from '@rondo/pipelines/contract'

export type Shape = { partition: PartitionKind; landsWithinMinutes: number | null }

/** What a partition is in the vocabulary of the grid. Made over inputs that are still open, it counts as running. */
export function toHeatState(row: PartitionRow, landsWithinMinutes: number | null): HeatState {
  if (row.state === 'failed' || row.state === 'blocked') return row.state
  if (row.state !== 'published') return row.late ? 'late' : row.state === 'open' && row.rows !== null && row.rows > 0 ? 'running' : 'waiting'
  if (row.provisional) return 'running'
  if (row.checks.some((check) => !check.passed)) return 'mark'
  return landsWithinMinutes !== null && row.lagMs !== null && row.lagMs > landsWithinMinutes * MINUTE_MS ? 'late' : 'healthy'
}

/** Starts of the last `count` days, oldest first. */
export function listDays(nowMs: number, count: number): number[] {
  const today = startOfDay(nowMs)
  return Array.from({ length: count }, (_, index) => today - (count - 1 - index) * DAY_MS)
}

/** "8 Sep", "9", … "Today": the month stands where it begins. */
export function nameDays(days: readonly number[]): string[] {
  return days.map((dayMs, index) => {
    const date = new Date(dayMs)
    if (index === days.length - 1) return 'Today'
    return index === 0 || date.getUTCDate() === 1 ? formatDay(dayMs, 'UTC').replace(/^\w+ /, '') : `${date.getUTCDate()}`
  })
}

export function toDayCells(shape: Shape, rows: readonly PartitionRow[], days: readonly number[], nowMs: number): (HeatCell | HeatCell[])[] {
  const byName = new Map(rows.map((row) => [row.partition, row]))
  const most = Math.max(1, ...rows.map((row) => row.rows ?? 0))
  const cellOf = (name: string, startMs: number): HeatCell => {
    const row = byName.get(name)
    if (row === undefined) return { state: startMs > nowMs ? 'waiting' : 'none', title: `${namePartition(shape.partition, name)}: nothing due` }
    return { state: toHeatState(row, shape.landsWithinMinutes), title: sayPartition(shape.partition, row), weight: (row.rows ?? 0) / most }
  }
  return days.map((dayMs, index): HeatCell | HeatCell[] => {
    switch (shape.partition) {
      case 'hourly':
        return Array.from({ length: 24 }, (_, hour) => cellOf(toIsoHour(dayMs + hour * HOUR_MS), dayMs + hour * HOUR_MS))
      case 'daily':
        return cellOf(toPartition('daily', dayMs), dayMs)
      case 'weekly':
        return startOfWeek(dayMs) === dayMs ? cellOf(toPartition('weekly', dayMs), dayMs) : { state: 'none', title: 'nothing due' }
      case 'none':
        return index === days.length - 1 ? cellOf('all', 0) : { state: 'none', title: 'nothing due' }
    }
  })
}

/** "Mon 21 Sep", "Mon 21 Sep 09:00", "week of Mon 21 Sep", "all of it". */
export function namePartition(kind: PartitionKind, partition: string): string {
  const range = findPartitionRange(kind, partition)
  if (range === undefined) return partition
  if (kind === 'none') return 'all of it'
  const day = formatDay(range.startMs, 'UTC')
  return kind === 'hourly' ? `${day} ${partition.slice(11)}:00` : kind === 'weekly' ? `week of ${day}` : day
}

export function sayPartition(kind: PartitionKind, row: PartitionRow): string {
  const what = row.state === 'published' ? (row.provisional ? 'so far' : 'published') : row.state
  const rows = row.rows === null ? '' : `, ${formatThings(row.rows, 'row')}`
  const failed = row.checks.filter((check) => !check.passed).map((check) => `${check.rule} ${check.subject}: ${check.found}`)
  return [`${namePartition(kind, row.partition)}: ${what}${rows}`, ...(row.reason === null ? [] : [row.reason]), ...failed].join('. ')
}

/** How many of the partitions that had to land by now landed in time: "26 of 28". */
export function countInTime(rows: readonly PartitionRow[], landsWithinMinutes: number | null): string {
  const due = rows.filter((row) => row.state !== 'open' && !row.provisional && (row.state !== 'waiting' || row.late))
  const kept = due.filter((row) => row.state === 'published' && toHeatState(row, landsWithinMinutes) !== 'late')
  return `${formatCount(kept.length)} of ${formatCount(due.length)}`
}
