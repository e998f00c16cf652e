// Hourly buckets of a week as cells: the darker, the more rows; a cut corner holds late rows; the open one is blue.
import { ChartFrame, formatCount, formatDay, formatThings } from '@rondo/ui'
import type { BucketCell, BucketDay } from './bucket-days.ts'
import styles from './events.module.css'

export function BucketGrid({ days }: { days: BucketDay[] }) {
  const cells = days.flatMap((day) => day.cells)
  const rows = cells.reduce((sum, cell) => sum + cell.rows, 0)
  const late = cells.reduce((sum, cell) => sum + cell.late, 0)
  const finding = `${formatCount(rows)} rows in ${formatThings(cells.filter((cell) => cell.rows > 0).length, 'hourly bucket')} of ${days.length} days, ${formatCount(late)} of them late.`
  return (
    <ChartFrame finding={finding} table={{ head: ['Hour, UTC', 'State', 'Rows', 'Late'], rows: cells.filter((cell) => cell.state === 'closed' || cell.state === 'open').toReversed().map((cell) => [cell.hour, cell.state, cell.rows, cell.late]) }}>
      <div className={styles.grid} role="img" aria-label={finding}>
        {days.map((day) => (
          <div key={day.dayMs} className={styles.gridRow}>
            <span>{formatDay(day.dayMs, 'UTC').replace(/ \w+$/, '')}</span>
            {day.cells.map((cell) => <i key={cell.hour} data-state={cell.state} data-empty={cell.rows === 0 || undefined} data-late={cell.late > 0 || undefined} title={says(cell)} style={cell.state === 'closed' && cell.rows > 0 ? { background: `color-mix(in srgb, var(--ink) ${Math.round(10 + 58 * cell.weight)}%, transparent)` } : undefined} />)}
          </div>
        ))}
        <div className={`${styles.gridRow} ${styles.gridHours}`}><span />{Array.from({ length: 24 }, (_, hour) => <b key={hour}>{hour % 3 === 0 ? String(hour).padStart(2, '0') : ''}</b>)}</div>
      </div>
      <div className={styles.gridKey}>
        <span><i data-state="closed" style={{ background: 'color-mix(in srgb, var(--ink) 40%, transparent)' }} />closed, never changes again</span>
        <span><i data-state="open" />open</span>
        <span><i data-state="closed" data-late style={{ background: 'color-mix(in srgb, var(--ink) 40%, transparent)' }} />holds rows that came late</span>
      </div>
    </ChartFrame>
  )
}

function says(cell: BucketCell): string {
  const hour = `${cell.hour.slice(0, 10)} ${cell.hour.slice(11)}:00 UTC`
  if (cell.state === 'ahead') return `${hour}: has not begun`
  if (cell.state === 'none') return `${hour}: before the first event`
  return `${hour}: ${cell.state}, ${formatThings(cell.rows, 'row')}${cell.late > 0 ? `, ${formatCount(cell.late)} late` : ''}`
}
