// When the last partition landed against its promise: the tick is the promise, the note where it landed.
import { formatDuration } from '@rondo/ui'

const WIDTH = 92
const PROMISE_AT = 60

export function LandedMark({ lagMs, landsWithinMinutes }: { lagMs: number | null; landsWithinMinutes: number | null }) {
  if (lagMs === null) return <span className="quiet">not due</span>
  if (landsWithinMinutes === null || landsWithinMinutes === 0) return <span className="quiet" title={`landed ${formatDuration(lagMs)} after its end`}>+ {formatDuration(lagMs)}</span>
  const share = lagMs / (landsWithinMinutes * 60_000)
  const x = Math.min(WIDTH - 4, Math.max(4, share * PROMISE_AT))
  const isLate = share > 1
  const colour = isLate ? 'var(--late)' : 'var(--ink)'
  const says = `landed ${formatDuration(lagMs)} after its end, promised within ${formatDuration(landsWithinMinutes * 60_000)}`
  return (
    <svg width={WIDTH} height="16" viewBox={`0 0 ${WIDTH} 16`} role="img" aria-label={says} style={{ verticalAlign: 'middle' }}>
      <title>{says}</title>
      <path d={`M0 8H${WIDTH}`} stroke="var(--line)" />
      <path d={`M0 8H${x}`} stroke={colour} strokeWidth="1.4" />
      <path d={`M${PROMISE_AT} 2.5v11`} stroke="var(--ink-3)" strokeWidth="1.2" />
      <ellipse cx={x} cy="8" rx="3.4" ry="2.7" transform={`rotate(-18 ${x} 8)`} fill={isLate ? 'var(--sheet)' : colour} stroke={colour} strokeWidth="1.3" />
    </svg>
  )
}
