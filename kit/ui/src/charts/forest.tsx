// Effects beside each other on one axis, grouped by the role in which a metric was promised.
import { formatEffect, formatInterval } from '../format.ts'
import { ChartFrame } from './chart-frame.tsx'
import { axisDigits, groupEnds } from './effect-axis.ts'
import styles from './charts.module.css'

export type ForestRow = {
  metric: string
  /** Relative effects, 0.021 is +2.1 %; null while there is nothing to say. */
  estimate: number | null
  lower: number | null
  upper: number | null
  better: 'higher' | 'lower'
  /** Guardrails: the harm that is still accepted, relative, positive. Hatched on the harmful side. */
  margin?: number | null
  /** Stands where effect and interval would, when there are none to tell. */
  instead?: string
  /** "Better", "Within margin", "Not yet clear". */
  reading: string
  tone?: 'good' | 'bad' | 'late' | 'quiet'
  /** A filled note decides; a hollow one is unclear. */
  decides: boolean
}

export type ForestGroup = { title: string; hint: string; rows: ForestRow[] }

export type ForestProps = { groups: ForestGroup[]; /** One sentence. */ finding: string }

const W = 340

export function Forest({ groups, finding }: ForestProps) {
  const shown = groups.filter((group) => group.rows.length > 0)
  const rows = shown.flatMap((group) => group.rows)
  const ends = groupEnds(shown)
  const isShared = new Set(ends).size <= 1
  return (
    <ChartFrame finding={finding} table={{ head: ['Metric', 'Effect', 'Interval', 'Reading'], rows: rows.map((row) => [row.metric, row.instead ?? formatEffect(row.estimate), row.lower === null ? '—' : `${formatInterval(row.lower, row.upper)} %`, row.reading]) }}>
      <table className={styles.forest} aria-label={finding}>
        <colgroup><col style={{ width: '26%' }} /><col /><col style={{ width: 168 }} /><col style={{ width: 124 }} /></colgroup>
        <tbody>
          {shown.map((group, index) => {
            const end = ends[index] ?? 0.02
            return [
              <tr key={group.title}><th className={styles.role} colSpan={4} scope="rowgroup">{group.title}<span>{group.hint}</span></th></tr>,
              ...group.rows.map((row) => {
                const colour = row.tone === 'good' || row.tone === 'bad' || row.tone === 'late' ? `var(--${row.tone})` : row.decides ? 'var(--ink)' : 'var(--ink-3)'
                return (
                  <tr key={`${group.title} ${row.metric}`}>
                    <td>{row.metric}</td>
                    <td className={styles.plot}><Effect row={row} end={end} colour={colour} /></td>
                    <td className="number nowrap">{row.instead ?? <><b>{formatEffect(row.estimate)}</b> <span className="quiet">{formatInterval(row.lower, row.upper)}</span></>}</td>
                    <td className="nowrap" style={{ color: row.tone === undefined ? undefined : row.tone === 'quiet' ? 'var(--ink-3)' : colour }}>{row.reading}</td>
                  </tr>
                )
              }),
              ...(!isShared || index === shown.length - 1 ? [<AxisRow key={`${group.title} axis`} end={end} />] : []),
            ]
          })}
        </tbody>
      </table>
    </ChartFrame>
  )
}

const toX = (value: number, end: number): number => W / 2 + (Math.max(-end, Math.min(end, value)) / end) * (W / 2 - 8)

const ticksOf = (end: number): number[] => [-end, -end / 2, 0, end / 2, end]

function AxisRow({ end }: { end: number }) {
  return (
    <tr aria-hidden="true"><td /><td className={styles.plot}><div className={styles.forestAxis}>{ticksOf(end).map((tick) => <span key={tick} style={{ left: `${(toX(tick, end) / W) * 100}%` }}>{tick === 0 ? '0' : formatEffect(tick, axisDigits(end))}</span>)}</div></td><td /><td /></tr>
  )
}

function Effect({ row, end, colour }: { row: ForestRow; end: number; colour: string }) {
  const x = (value: number): number => toX(value, end)
  const { estimate, lower, upper, margin } = row
  const limit = margin === undefined || margin === null ? undefined : row.better === 'higher' ? -margin : margin
  const id = `harm-${row.metric.replace(/\W/g, '-')}`
  return (
    <svg viewBox={`0 0 ${W} 36`} width="100%" height="36" preserveAspectRatio="none" aria-hidden="true">
      {ticksOf(end).map((tick) => <path key={tick} d={`M${x(tick)} 0V36`} className={tick === 0 ? styles.axis : styles.grid} />)}
      {limit !== undefined && (
        <>
          <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="var(--bad)" strokeWidth="1.2" opacity=".35" /></pattern>
          <rect x={limit < 0 ? 0 : x(limit)} y="0" width={limit < 0 ? x(limit) : W - x(limit)} height="36" fill={`url(#${id})`} />
          <path d={`M${x(limit)} 0V36`} stroke="var(--bad)" strokeDasharray="2 2" opacity=".8" />
        </>
      )}
      {estimate !== null && lower !== null && upper !== null && (
        <>
          <path d={`M${x(lower)} 18H${x(upper)}${capAt(lower, end)}${capAt(upper, end)}`} fill="none" stroke={colour} strokeWidth="1.7" vectorEffect="non-scaling-stroke" />
          <ellipse cx={x(estimate)} cy="18" rx="4.6" ry="3.6" transform={`rotate(-18 ${x(estimate)} 18)`} fill={row.decides ? colour : 'var(--sheet)'} stroke={colour} strokeWidth="1.7" vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  )
}

/** The end of an interval: a stroke, or an arrow where it goes on beyond the axis. */
function capAt(value: number, end: number): string {
  if (Math.abs(value) <= end) return `M${toX(value, end)} 14v8`
  const side = Math.sign(value)
  const tip = W / 2 + side * (W / 2 - 1)
  return `M${toX(value, end)} 18H${tip}M${tip - side * 5} 14.5L${tip} 18L${tip - side * 5} 21.5`
}
