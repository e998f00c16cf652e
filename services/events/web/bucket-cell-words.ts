// One hour of the heat map in words, and which hour an arrow key leads to.
import { formatCount, formatThings } from '@rondo/ui/format'
import type { BucketCell } from './bucket-days.ts'

export function sayCell(cell: BucketCell, isWrong = false): string {
  const hour = `${cell.hour.slice(0, 10)} ${cell.hour.slice(11)}:00 UTC`
  if (cell.state === 'ahead') return `${hour}: has not begun`
  if (cell.state === 'none') return `${hour}: before the first event`
  return `${hour}: ${cell.state}, ${formatThings(cell.rows, 'row')}${cell.late > 0 ? `, ${formatCount(cell.late)} late` : ''}${isWrong ? '; its account does not add up' : ''}`
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 }

/** Undefined when the key leads nowhere. */
export function nextCell(cells: readonly BucketCell[], from: string | undefined, key: string): string | undefined {
  const step = steps[key]
  const at = cells.findIndex((cell) => cell.hour === from)
  return step === undefined || at < 0 ? undefined : cells[at + step]?.hour
}
