// Every accepted event is somewhere: the sum of the last 24 hours before the reader's eyes.
import type { CountRow } from '@rondo/events/contract'
import { Figure, Figures, formatExact, StateGlyph } from '@rondo/ui'
import type { ReactNode } from 'react'
import styles from './events.module.css'

export type CountSum = Omit<CountRow, 'type'>

export function sumCounts(rows: readonly CountRow[]): CountSum {
  const of = (name: keyof CountSum): number => rows.reduce((sum, row) => sum + row[name], 0)
  return { accepted: of('accepted'), delivered: of('delivered'), duplicate: of('duplicate'), dead: of('dead'), inFlight: of('inFlight') }
}

/** `wrong`: what kept accounts of closed hours miss. `aside`: what no account of ours can know. */
export function Reconcile({ sum, wrong, aside }: { sum: CountSum; wrong: number; aside?: ReactNode }) {
  const rest = wrong + Math.abs(sum.accepted - sum.delivered - sum.duplicate - sum.dead - sum.inFlight)
  return (
    <div className={styles.reconcile}>
      <Figures signs={['=', '+', '+', '+']}>
        {[
          <Figure key="accepted" value={formatExact(sum.accepted)} label="accepted in 24 h" />,
          <Figure key="delivered" value={formatExact(sum.delivered)} label="delivered" />,
          <Figure key="duplicate" value={formatExact(sum.duplicate)} label="duplicate" />,
          <Figure key="dead" value={formatExact(sum.dead)} label="dead letters" {...(sum.dead > 0 ? { tone: 'late' as const } : {})} />,
          <Figure key="flight" value={formatExact(sum.inFlight)} label="in flight" />,
        ]}
      </Figures>
      <span className={styles.verdict}>{aside}{rest === 0 ? <StateGlyph state="healthy" label="Every hop reconciles" /> : <StateGlyph state="failed" label={`${formatExact(rest)} ${rest === 1 ? 'is' : 'are'} unaccounted for`} />}</span>
    </div>
  )
}
