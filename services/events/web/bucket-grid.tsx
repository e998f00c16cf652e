// Hourly buckets of a week as cells: the darker, the more rows; a cut corner holds late rows, the open one is blue, one whose account is wrong is red.
import { ChartFrame, formatCount, formatDay, formatThings } from '@rondo/ui'
import { useRef, useState, type KeyboardEvent } from 'react'
import type { BucketCell, BucketDay } from './bucket-days.ts'
import { nextCell, sayCell } from './bucket-cell-words.ts'
import styles from './events.module.css'

const NONE: ReadonlySet<string> = new Set()

/** `wrong`: hours whose account does not add up. One stop for Tab; arrow keys go by hour and day, and the words of the cell stand below. */
export function BucketGrid({ days, wrong = NONE }: { days: BucketDay[]; wrong?: ReadonlySet<string> }) {
  const box = useRef<HTMLDivElement>(null)
  const cells = days.flatMap((day) => day.cells)
  const begun = cells.filter((cell) => cell.state === 'closed' || cell.state === 'open')
  const [chosen, setChosen] = useState<string>()
  const current = cells.find((cell) => cell.hour === chosen) ?? begun.at(-1) ?? cells[0]
  const rows = cells.reduce((sum, cell) => sum + cell.rows, 0)
  const late = cells.reduce((sum, cell) => sum + cell.late, 0)
  const holes = begun.filter((cell) => cell.state === 'closed' && cell.rows === 0).length
  const finding = `${formatCount(rows)} rows in ${formatThings(cells.filter((cell) => cell.rows > 0).length, 'hourly bucket')} of ${formatThings(days.length, 'day')}, ${formatCount(late)} of them late; ${formatThings(holes, 'closed hour')} without rows.`
  const walk = (event: KeyboardEvent): void => {
    const next = nextCell(cells, current?.hour, event.key)
    if (next === undefined) return
    event.preventDefault()
    setChosen(next)
    box.current?.querySelector<HTMLElement>(`[data-hour="${next}"]`)?.focus()
  }
  return (
    <ChartFrame finding={finding} table={{ head: ['Hour, UTC', 'State', 'Rows', 'Late', 'Account'], rows: begun.toReversed().map((cell) => [cell.hour, cell.state, cell.rows, cell.late, wrong.has(cell.hour) ? 'does not add up' : cell.state === 'closed' ? 'adds up' : 'not yet']) }}>
      <div ref={box} className={styles.grid} role="group" aria-label={finding} onKeyDown={walk}>
        {days.map((day) => (
          <div key={day.dayMs} className={styles.gridRow}>
            <span>{formatDay(day.dayMs, 'UTC').replace(/ \w+$/, '')}</span>
            {day.cells.map((cell) => <Cell key={cell.hour} cell={cell} isWrong={wrong.has(cell.hour)} isCurrent={cell === current} onChoose={setChosen} />)}
          </div>
        ))}
        <div className={`${styles.gridRow} ${styles.gridHours}`} aria-hidden="true"><span />{Array.from({ length: 24 }, (_, hour) => <b key={hour}>{hour % 3 === 0 ? String(hour).padStart(2, '0') : ''}</b>)}</div>
      </div>
      {chosen !== undefined && current !== undefined && <p className={styles.gridSays}>{sayCell(current, wrong.has(current.hour))}</p>}
      <div className={styles.gridKey}>
        <span><i data-state="closed" style={{ background: 'color-mix(in srgb, var(--ink) 40%, transparent)' }} />closed, never changes again</span>
        <span><i data-state="closed" data-empty />closed, no rows</span>
        <span><i data-state="open" />open</span>
        {late > 0 && <span><i data-state="closed" data-late style={{ background: 'color-mix(in srgb, var(--ink) 40%, transparent)' }} />holds rows that came late</span>}
        {wrong.size > 0 && <span><i data-state="closed" data-wrong />does not add up</span>}
      </div>
    </ChartFrame>
  )
}

function Cell({ cell, isWrong, isCurrent, onChoose }: { cell: BucketCell; isWrong: boolean; isCurrent: boolean; onChoose: (hour: string) => void }) {
  const says = sayCell(cell, isWrong)
  return <button type="button" data-hour={cell.hour} data-state={cell.state} data-empty={cell.rows === 0 || undefined} data-late={cell.late > 0 || undefined} data-wrong={isWrong || undefined} tabIndex={isCurrent ? 0 : -1} aria-label={says} title={says} onClick={() => onChoose(cell.hour)} style={cell.state === 'closed' && cell.rows > 0 && !isWrong ? { background: `color-mix(in srgb, var(--ink) ${Math.round(10 + 58 * cell.weight)}%, transparent)` } : undefined} />
}
