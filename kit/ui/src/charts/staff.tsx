// The sparkline of the house: notes on five lines. The middle line is the usual, the outer ones two spreads away.
import { LEAST_FOR_USUAL } from '@rondo/contract'
import styles from './charts.module.css'
import { isUnusual, staffPosition, type StaffNote } from './staff-position.ts'

export type StaffProps = {
  /** Oldest first; the last 24 are drawn. */
  notes: readonly StaffNote[]
  width?: number
  height?: number
  /** What the chart says, in one sentence. */
  label?: string
  /** The last note is not now, for instance of a day that has ended. */
  isPast?: boolean
}

const SLOTS = 24

export function Staff({ notes, width = 168, height = 20, label, isPast = false }: StaffProps) {
  const gap = height / 5
  const middle = height / 2
  const shown = notes.slice(-SLOTS)
  const placed = shown.flatMap((note, index) => {
    const position = staffPosition(note)
    return position === null ? [] : [{ note, position, x: 3 + ((index + SLOTS - shown.length) * (width - 6)) / (SLOTS - 1) }]
  })
  const outside = placed.filter(({ note }) => isUnusual(note)).length
  const says = label ?? (placed.length === 0 ? 'No usual yet' : outside === 0 ? `${placed.length} values within their usual` : `${outside} of ${placed.length} values outside their usual`)
  return (
    <span className={styles.staff}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={says}>
        {[-2, -1, 0, 1, 2].map((line) => <path key={line} d={`M0 ${(middle + line * gap).toFixed(1)}H${width}`} stroke="var(--line-2)" strokeWidth=".7" opacity=".75" />)}
        {placed.map(({ note, position, x }, index) => {
          const y = Math.max(2, Math.min(height - 2, middle - position * 2 * gap))
          const hollow = isUnusual(note)
          const last = index === placed.length - 1 && !isPast
          const colour = hollow ? 'var(--late)' : last ? 'var(--tonic)' : 'var(--ink-2)'
          return <ellipse key={note.at} cx={x} cy={y} rx={last || hollow ? 2.4 : 1.7} ry={last || hollow ? 1.9 : 1.35} transform={`rotate(-18 ${x} ${y})`} fill={hollow ? 'var(--sheet)' : colour} stroke={colour} strokeWidth={hollow ? 1.2 : 0} />
        })}
      </svg>
      {placed.length === 0 && <span className={styles.staffEmpty}>usual after {LEAST_FOR_USUAL} days</span>}
    </span>
  )
}
