// At most four lines over time, labelled at the line, on a zero-based axis.
import { useState } from 'react'
import { formatInstant, formatNumber } from '../format.ts'
import { ChartFrame } from './chart-frame.tsx'
import { toTicks } from './to-ticks.ts'
import { useWidth } from './use-width.ts'
import styles from './charts.module.css'

export type Series = { name: string; /** Epoch ms, ascending; null values break the line. */ points: { at: number; value: number | null }[] }

export type TimeSeriesProps = {
  series: Series[]
  finding: string
  height?: number
  format?: (value: number) => string
  /** What is usual at each instant, drawn as a pale band of two spreads. */
  usual?: { at: number; low: number; high: number }[]
}

const LEAST_WIDTH = 320
const LEFT = 58
const TOP = 10
const colours = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)']

export function TimeSeries({ series, finding, height = 200, format = (value) => formatNumber(value), usual = [] }: TimeSeriesProps) {
  const [W, box] = useWidth(LEAST_WIDTH)
  const RIGHT = W - 18 - 6.6 * Math.max(6, ...series.map((line) => line.name.length))
  const [pointer, setPointer] = useState<number | undefined>()
  const lines = series.slice(0, 4)
  const instants = [...new Set(lines.flatMap((line) => line.points.map((point) => point.at)))].toSorted((a, b) => a - b)
  const from = instants[0] ?? 0
  const to = instants.at(-1) ?? 1
  const most = niceCeiling(Math.max(0, ...lines.flatMap((line) => line.points.map((point) => point.value ?? 0)), ...usual.map((band) => band.high)))
  const bottom = height - 26
  const x = (at: number): number => LEFT + ((at - from) / Math.max(1, to - from)) * (RIGHT - LEFT)
  const y = (value: number): number => bottom - (Math.max(0, value) / most) * (bottom - TOP)
  const ends = spread(lines.map((line) => y(line.points.findLast((point) => point.value !== null)?.value ?? 0)))
  const near = pointer === undefined ? undefined : instants.reduce((best, at) => (Math.abs(x(at) - pointer) < Math.abs(x(best) - pointer) ? at : best), from)
  const spans = Math.max(1, Math.min(4, Math.floor((RIGHT - LEFT) / 112)))
  const ticks = toTicks(instants, spans)
  return (
    <ChartFrame finding={finding} table={{ head: ['', ...lines.map((line) => line.name)], rows: instants.map((at) => [formatInstant(at), ...lines.map((line) => { const value = line.points.find((point) => point.at === at)?.value; return value === undefined || value === null ? '—' : format(value) })]) }}>
      <svg ref={box} viewBox={`0 0 ${W} ${height}`} width={W} height={height} role="img" aria-label={finding} onPointerMove={(event) => setPointer(event.clientX - event.currentTarget.getBoundingClientRect().left)} onPointerLeave={() => setPointer(undefined)}>
        {[0, 0.5, 1].map((part) => <g key={part}><path className={part === 0 ? styles.axis : styles.grid} d={`M${LEFT} ${y(part * most)}H${RIGHT}`} /><text className={styles.quiet} x={LEFT - 8} y={y(part * most) + 4} textAnchor="end">{format(part * most)}</text></g>)}
        {usual.length > 1 && <path d={`${usual.map((band, index) => `${index === 0 ? 'M' : 'L'}${x(band.at).toFixed(1)} ${y(band.high).toFixed(1)}`).join('')}${usual.toReversed().map((band) => `L${x(band.at).toFixed(1)} ${y(band.low).toFixed(1)}`).join('')}Z`} fill="var(--ink)" opacity=".06" />}
        {to > from && ticks.map((at, index) => <text key={at} className={styles.quiet} x={x(at)} y={height - 8} textAnchor={index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle'}>{formatInstant(at).replace(/^\w+ /, '')}</text>)}
        {lines.map((line, index) => (
          <g key={line.name}>
            <path d={linePath(line, x, y)} fill="none" stroke={colours[index]} strokeWidth="1.6" strokeLinejoin="round" />
            <text x={RIGHT + 8} y={(ends[index] ?? 0) + 4} style={{ fill: colours[index], fontWeight: 500 }}>{line.name}</text>
          </g>
        ))}
        {near !== undefined && (
          <g>
            <path d={`M${x(near)} ${TOP}V${bottom}`} stroke="var(--ink)" strokeDasharray="1 3" />
            <text x={x(near) + (x(near) > W / 2 ? -8 : 8)} y={TOP + 10} textAnchor={x(near) > W / 2 ? 'end' : 'start'}>{formatInstant(near)}: {lines.map((line) => { const value = line.points.find((point) => point.at === near)?.value; return value === undefined || value === null ? '—' : format(value) }).join(', ')}</text>
          </g>
        )}
      </svg>
    </ChartFrame>
  )
}

function linePath(line: Series, x: (at: number) => number, y: (value: number) => number): string {
  let isPen = false
  return line.points.map((point) => {
    if (point.value === null) {
      isPen = false
      return ''
    }
    const command = `${isPen ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`
    isPen = true
    return command
  }).join('')
}

/** Labels at the line's end keep 14 px between them. */
function spread(heights: number[]): number[] {
  const order = heights.map((height, index) => ({ height, index })).toSorted((a, b) => a.height - b.height)
  order.forEach((one, at) => {
    const above = order[at - 1]
    if (above !== undefined && one.height - above.height < 14) one.height = above.height + 14
  })
  return heights.map((_, index) => order.find((one) => one.index === index)?.height ?? 0)
}

function niceCeiling(value: number): number {
  if (value <= 0) return 1
  const unit = 10 ** Math.floor(Math.log10(value))
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= value) ?? 10) * unit
}
