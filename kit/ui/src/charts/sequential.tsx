// An effect as it became known: one repeated interval per look, between bounds that were set before the start.
import { useId } from 'react'
import { formatEffect, formatInterval } from '../format.ts'
import { ChartFrame } from './chart-frame.tsx'
import { axisDigits, axisEnd, moveApart } from './effect-axis.ts'
import { useWidth } from './use-width.ts'
import styles from './charts.module.css'

export type SequentialLook = {
  /** Position on the plan, from 1. */
  look: number
  /** Relative effects; null when the look could not tell. */
  estimate: number | null
  lower: number | null
  upper: number | null
  /** Bound at this look, as a relative effect, positive; null before the first bound. Only needed for looks beyond the plan's bounds. */
  bound?: number | null
}

export type SequentialProps = {
  looks: SequentialLook[]
  /** Number of planned looks. */
  planned: number
  /** Bounds by planned look (index 0 is look 1), as relative effects; null where none can be drawn. */
  bounds: (number | null)[]
  better: 'higher' | 'lower'
  finding: string
  /** What one look is: "Day". */
  unit?: string
  /** What the last look is called: "today", or "stopped" once there will be no other. */
  lastLabel?: string
}

const LEAST_WIDTH = 340
const H = 212
const LEFT = 52
const TOP = 14
const BOTTOM = 182

export function Sequential({ looks, planned, bounds, better, finding, unit = 'Day', lastLabel = 'today' }: SequentialProps) {
  const [W, box] = useWidth(LEAST_WIDTH)
  const RIGHT = W - 92
  const known = looks.filter((look) => look.estimate !== null)
  const reach = effectReach(known, bounds)
  const total = Math.max(planned, looks.at(-1)?.look ?? 1, 2)
  const x = (look: number): number => LEFT + 26 + ((look - 1) / (total - 1)) * (RIGHT - LEFT - 26)
  const yFree = (value: number): number => TOP + ((reach - value) / (2 * reach)) * (BOTTOM - TOP)
  const y = (value: number): number => yFree(Math.max(-reach, Math.min(reach, value)))
  const today = known.at(-1)
  const picture = useId()
  const drawn = bounds.flatMap((bound, index) => (bound === null ? [] : [{ look: index + 1, bound }]))
  const line = (sign: number): string => drawn.map(({ look, bound }, index) => `${index === 0 ? 'M' : 'L'}${x(look).toFixed(1)} ${yFree(sign * bound).toFixed(1)}`).join('')
  const first = drawn[0]
  const last = drawn.at(-1)
  const step = [1, 2, 7, 14].find((one) => (one * (RIGHT - LEFT - 26)) / (total - 1) >= 30) ?? 28
  const region = (sign: number, edge: number): string => `${line(sign)}L${x(last?.look ?? 1)} ${edge}L${x(first?.look ?? 1)} ${edge}Z`
  const [upper, lower] = better === 'higher' ? (['good', 'bad'] as const) : (['bad', 'good'] as const)
  const labels = moveApart(y(last?.bound ?? 0) - 12, y(-(last?.bound ?? 0)) + 7, 30)
  const words = { good: ['better than', 'control'], bad: ['worse than', 'control'] }
  return (
    <ChartFrame finding={finding} table={{ head: [unit, 'Effect', 'Interval', 'Bound'], rows: looks.map((look) => [look.look, formatEffect(look.estimate), `${formatInterval(look.lower, look.upper)} %`, `±${formatEffect(look.bound ?? bounds[look.look - 1]).replace('+', '')}`]) }}>
      <svg ref={box} viewBox={`0 0 ${W} ${H}`} width={W} height={H} role="img" aria-label={finding}>
        {[-1, -0.5, 0, 0.5, 1].map((part) => (
          <g key={part}><path className={part === 0 ? styles.axis : styles.grid} d={`M${LEFT} ${y(part * reach)}H${RIGHT}`} /><text className={styles.quiet} x={LEFT - 8} y={y(part * reach) + 4} textAnchor="end">{part === 0 ? '0' : formatEffect(part * reach, axisDigits(reach))}</text></g>
        ))}
        {first !== undefined && last !== undefined && ([[1, TOP, upper], [-1, BOTTOM, lower]] as const).map(([sign, edge, tone]) => (
          <g key={sign}>
            {/* Bounds beyond the picture leave it; drawn along its edge they would say something else. */}
            <clipPath id={`${picture}${sign}`}><rect x={LEFT} y={TOP} width={RIGHT - LEFT} height={BOTTOM - TOP} /></clipPath>
            <path clipPath={`url(#${picture}${sign})`} d={region(sign, edge)} fill={`var(--${tone}-soft)`} opacity={tone === 'good' ? 0.8 : 0.6} />
            <path clipPath={`url(#${picture}${sign})`} d={line(sign)} fill="none" stroke={`var(--${tone})`} strokeWidth="1.3" strokeDasharray="5 3" />
            {words[tone].map((word, index) => <text key={word} x={RIGHT + 8} y={(sign > 0 ? labels[0] : labels[1]) + index * 14} style={{ fill: `var(--${tone})` }}>{word}</text>)}
          </g>
        ))}
        {Array.from({ length: total }, (_, index) => index + 1).map((look) => (
          <g key={look}><path d={`M${x(look)} ${BOTTOM}v4`} className={styles.axis} />{(look === 1 || (look % step === 0 && x(look) - x(1) >= 34)) && <text className={styles.quiet} x={x(look)} y={BOTTOM + 17} textAnchor="middle">{look === 1 ? `${unit} 1` : look}</text>}</g>
        ))}
        {known.map((look) => look.lower !== null && look.upper !== null && <path key={look.look} d={`M${x(look.look)} ${y(look.upper)}V${y(look.lower)}`} stroke="var(--tonic)" strokeWidth={look === today ? 2 : 1.4} opacity={0.35 + (0.6 * look.look) / (today?.look ?? 1)} />)}
        <path d={known.map((look, index) => `${index === 0 ? 'M' : 'L'}${x(look.look).toFixed(1)} ${y(look.estimate ?? 0).toFixed(1)}`).join('')} fill="none" stroke="var(--tonic)" strokeWidth="1.6" />
        {known.map((look) => <ellipse key={look.look} cx={x(look.look)} cy={y(look.estimate ?? 0)} rx="4" ry="3.1" transform={`rotate(-18 ${x(look.look)} ${y(look.estimate ?? 0)})`} fill={look === today ? 'var(--tonic)' : 'var(--sheet)'} stroke="var(--tonic)" strokeWidth="1.6" />)}
        {today !== undefined && <><path d={`M${x(today.look)} ${TOP}V${BOTTOM}`} stroke="var(--ink)" strokeDasharray="1 3" /><text className={styles.bold} x={x(today.look) + (today.look > total * 0.85 ? -8 : 8)} y={TOP + 11} textAnchor={today.look > total * 0.85 ? 'end' : 'start'}>{lastLabel}</text></>}
      </svg>
    </ChartFrame>
  )
}

/** The later looks and the last bound fit well inside; early, wide intervals run out of the picture. */
function effectReach(known: SequentialLook[], bounds: (number | null)[]): number {
  const late = known.slice(-Math.max(1, Math.ceil(known.length / 3)))
  const sizes = [...known.map((look) => look.estimate), ...late.flatMap((look) => [look.lower, look.upper]), bounds.findLast((bound) => bound !== null) ?? null].filter((value) => value !== null).map(Math.abs)
  return axisEnd(1.15 * Math.max(0.004, ...sizes))
}
