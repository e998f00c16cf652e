// The small ring in every header: where on the loop this page stands.
import { arcs, type Arc } from '../navigation/pages.ts'
import { pointAt } from '../charts/polar.ts'

/** Lights one arc; `all` draws the whole loop in ink, for home; neither leaves it quiet. */
export function WhereRing({ arc, all = false, size = 22 }: { arc?: Arc | undefined; all?: boolean; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      {arcs.map((name, index) => {
        const middle = index * 60
        const from = pointAt(12, 12, 8.6, middle - 24.8)
        const to = pointAt(12, 12, 8.6, middle + 24.8)
        const lit = name === arc
        return <path key={name} d={`M${from}A8.6 8.6 0 0 1 ${to}`} fill="none" stroke={lit ? 'var(--tonic)' : all ? 'var(--ink)' : 'var(--line-2)'} strokeWidth={lit ? 3.6 : 2} />
      })}
    </svg>
  )
}

/** The mark of the house: an open ring whose last note closes it. */
export function Brand({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M17.3 5.2A8.6 8.6 0 1 1 6.7 5.2" fill="none" stroke="var(--ink)" strokeWidth="2.4" strokeLinecap="round" />
      <ellipse cx="12.2" cy="3.6" rx="3" ry="2.3" transform="rotate(-18 12.2 3.6)" fill="var(--tonic)" />
    </svg>
  )
}
