// What is under test right now: how far it is, and what its last look says.
import { formatShare, Link } from '@rondo/ui'
import type { Running } from '../use-loop.ts'
import styles from './home.module.css'

const SHOWN = 3

export function RunningList({ running }: { running: Running }) {
  if (running.rows.length === 0) return null
  return (
    <section aria-label="Under test" className={styles.learned}>
      <div className={styles.head}><h2>Under test</h2></div>
      <ul>
        {running.rows.slice(0, SHOWN).map(({ id, day, days, verdict }) => (
          <li key={id} className={styles.lesson}>
            <div><h3><Link to={`/experiments/${encodeURIComponent(id)}`}>{id}</Link></h3><span className={styles.age}>day {Math.max(1, day)} of {days}</span></div>
            <p>{verdict.sentence}</p>
            <i className={styles.way} aria-label={`${formatShare(day / days, 0)} of the plan`} role="img"><i style={{ width: `${Math.min(100, (day / days) * 100)}%` }} /></i>
          </li>
        ))}
      </ul>
    </section>
  )
}
