// Effects beside each other on one axis, grouped by the role in which a metric was promised.
import { formatEffect, formatInterval } from '../format.ts'
import { ChartFrame } from './chart-frame.tsx'
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
  const rows = groups.flatMap((group) => group.rows)
  const reach = axisReach(rows)
  const x = (value: number): number => W / 2 + (Math.max(-reach, Math.min(reach, value)) / reach) * (W / 2 - 8)
  const ticks = [-reach, -reach / 2, 0, reach / 2, reach]
  return (
    <ChartFrame finding={finding} table={{ head: ['Metric', 'Effect', 'Interval', 'Reading'], rows: rows.map((row) => [row.metric, formatEffect(row.estimate), `${formatInterval(row.lower, row.upper)} %`, row.reading]) }}>
      <table className={styles.forest} aria-label={finding}>
        <colgroup><col style={{ width: '26%' }} /><col /><col style={{ width: 168 }} /><col style={{ width: 124 }} /></colgroup>
        <tbody>
          {groups.filter((group) => group.rows.length > 0).map((group) => [
            <tr key={group.title}><th className={styles.role} colSpan={4} scope="rowgroup">{group.title}<span>{group.hint}</span></th></tr>,
            ...group.rows.map((row) => {
              const colour = row.tone === 'good' || row.tone === 'bad' || row.tone === 'late' ? `var(--${row.tone})` : row.decides ? 'var(--ink)' : 'var(--ink-3)'
              return (
                <tr key={`${group.title} ${row.metric}`}>
                  <td>{row.metric}</td>
                  <td className={styles.plot}><Effect row={row} x={x} ticks={ticks} colour={colour} /></td>
                  <td className="number nowrap"><b>{formatEffect(row.estimate)}</b> <span className="quiet">{formatInterval(row.lower, row.upper)}</span></td>
                  <td className="nowrap" style={{ color: row.tone === undefined ? undefined : row.tone === 'quiet' ? 'var(--ink-3)' : colour }}>{row.reading}</td>
                </tr>
              )
            }),
          ])}
          <tr aria-hidden="true"><td /><td className={styles.plot}><div className={styles.forestAxis}>{ticks.map((tick) => <span key={tick} style={{ left: `${(x(tick) / W) * 100}%` }}>{tick === 0 ? '0' : formatEffect(tick, reach >= 0.04 ? 0 : 1)}</span>)}</div></td><td /><td /></tr>
        </tbody>
      </table>
    </ChartFrame>
  )
}

function Effect({ row, x, ticks, colour }: { row: ForestRow; x: (value: number) => number; ticks: number[]; colour: string }) {
  const { estimate, lower, upper, margin } = row
  const limit = margin === undefined || margin === null ? undefined : row.better === 'higher' ? -margin : margin
  const id = `harm-${row.metric.replace(/\W/g, '-')}`
  return (
    <svg viewBox={`0 0 ${W} 36`} width="100%" height="36" preserveAspectRatio="none" aria-hidden="true">
      {ticks.map((tick) => <path key={tick} d={`M${x(tick)} 0V36`} className={tick === 0 ? styles.axis : styles.grid} />)}
      {limit !== undefined && (
        <>
          <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="var(--bad)" strokeWidth="1.2" opacity=".35" /></pattern>
          <rect x={limit < 0 ? 0 : x(limit)} y="0" width={limit < 0 ? x(limit) : W - x(limit)} height="36" fill={`url(#${id})`} />
          <path d={`M${x(limit)} 0V36`} stroke="var(--bad)" strokeDasharray="2 2" opacity=".8" />
        </>
      )}
      {estimate !== null && lower !== null && upper !== null && (
        <>
          <path d={`M${x(lower)} 18H${x(upper)}M${x(lower)} 14v8M${x(upper)} 14v8`} stroke={colour} strokeWidth="1.7" vectorEffect="non-scaling-stroke" />
          <ellipse cx={x(estimate)} cy="18" rx="4.6" ry="3.6" transform={`rotate(-18 ${x(estimate)} 18)`} fill={row.decides ? colour : 'var(--sheet)'} stroke={colour} strokeWidth="1.7" vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  )
}

/** A round axis end that holds the intervals, though not the widest outlier beyond four times the median half-width. */
function axisReach(rows: ForestRow[]): number {
  const ends = rows.flatMap((row) => [row.lower, row.upper, row.margin ?? null]).filter((value) => value !== null).map(Math.abs).toSorted((a, b) => a - b)
  const middle = ends[Math.floor(ends.length / 2)] ?? 0.02
  const wanted = Math.min(ends.at(-1) ?? 0.02, middle * 4)
  return [0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.4, 0.6, 1, 2, 5].find((end) => end >= wanted) ?? wanted
}
