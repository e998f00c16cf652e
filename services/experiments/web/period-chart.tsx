// Stopped experiments over time, stacked by what they taught; the line is the learning rate.
import { ChartFrame, formatShare, Section, useWidth } from '@rondo/ui'
import type { Learning } from '../src/contract.ts'
import { learningClasses, toPeriods, type Period } from './learning-model.ts'

const LEAST_WIDTH = 340
const H = 248
const TOP = 24
const BOTTOM = 220
const LEFT = 8
/** For the names of what was taught, at the last stack. */
const NAMES = 132
const GAP = 1.5

const words = { week: 'week', month: 'month', quarter: 'quarter' } as const

export function PeriodChart({ rows }: { rows: Learning['rows'] }) {
  const [W, box] = useWidth(LEAST_WIDTH)
  const { kind, periods } = toPeriods(rows)
  const first = periods[0]
  const last = periods.at(-1)
  if (first === undefined || last === undefined) return null
  const step = Math.min(132, (W - NAMES - LEFT) / periods.length)
  const width = Math.min(64, step * 0.7)
  const rate = (period: Period): number => period.learned / period.stopped
  const finding = periods.length === 1 ? `${formatShare(rate(last), 0)} learned in the only ${words[kind]} so far` : `Learning rate ${formatShare(rate(first), 0)} in ${first.label}, ${formatShare(rate(last), 0)} in ${last.label}`
  return (
    <Section title={`By ${words[kind]}`} hint="share of stopped experiments; the line is the learning rate">
      <ChartFrame finding={finding} table={{ head: [words[kind], ...learningClasses.map((one) => one.label), 'Learning rate'], rows: periods.map((period) => [period.label, ...learningClasses.map((one) => period.counts[one.id]), formatShare(rate(period), 0)]) }}>
        <svg ref={box} viewBox={`0 0 ${W} ${H}`} width={W} height={H} role="img" aria-label={finding}>
          <defs><pattern id="invalid" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="var(--line-2)" strokeWidth="1.6" /></pattern></defs>
          {periods.map((period, index) => <Stack key={period.key} period={period} x={LEFT + index * step} width={width} isLast={index === periods.length - 1} />)}
          <Labels period={last} x={LEFT + (periods.length - 1) * step + width + 14} />
        </svg>
      </ChartFrame>
    </Section>
  )
}

/** From the bottom: what taught most. Heights are shares of the period. */
function stackOf(period: Period): { id: string; label: string; fill: string; taught: boolean; y: number; height: number }[] {
  let bottom = BOTTOM
  return learningClasses.map(({ id, label, fill, taught }) => {
    const height = (period.counts[id] / period.stopped) * (BOTTOM - TOP)
    bottom -= height
    return { id, label, fill, taught, y: bottom, height }
  }).filter((part) => part.height > 0)
}

function Stack({ period, x, width, isLast }: { period: Period; x: number; width: number; isLast: boolean }) {
  const line = BOTTOM - (period.learned / period.stopped) * (BOTTOM - TOP)
  return (
    <g>
      {stackOf(period).map(({ id, fill, y, height }) => <rect key={id} x={x} y={y} width={width} height={Math.max(0.5, height - GAP)} fill={fill === 'hatch' ? 'url(#invalid)' : fill} stroke={fill === 'hatch' ? 'var(--line-2)' : 'none'} strokeWidth=".8" />)}
      <path d={`M${x - 5} ${line}H${x + width + 5}`} stroke="var(--ink)" strokeWidth="1.6" />
      <text x={x + width / 2} y={line - 7} textAnchor="middle" style={{ fontWeight: 600, fontSize: 12.5, paintOrder: 'stroke', stroke: 'var(--sheet)', strokeWidth: 4 }}>{formatShare(period.learned / period.stopped, 0)}</text>
      <text x={x + width / 2} y={238} textAnchor="middle" style={isLast ? { fontWeight: 600 } : { fill: 'var(--ink-3)' }}>{period.label}</text>
    </g>
  )
}

function Labels({ period, x }: { period: Period; x: number }) {
  return <>{stackOf(period).map(({ id, label, taught, y, height }) => <text key={id} x={x} y={y + height / 2 + 4} style={taught ? { fontWeight: 600 } : { fill: 'var(--ink-3)' }}>{label}</text>)}</>
}
