// Experiments that taught nothing, each with what would have made it teach.
import { Link, Section, Tag } from '@rondo/ui'
import type { Learning } from '../src/contract.ts'
import { nameClass } from './learning-model.ts'
import styles from './decisions.module.css'

const SHOWN = 5

export function TaughtNothing({ rows }: { rows: Learning['rows'] }) {
  const silent = rows.filter((row) => row.wouldHaveTaught !== null)
  return (
    <Section title="Taught nothing, and what would have" aside={silent.length > SHOWN && <Link to="/decisions?view=list&class=inconclusive,invalid">All {silent.length}</Link>}>
      {silent.length === 0 && <p className={styles.fine}>Every experiment that stopped taught something.</p>}
      <ul className={styles.silent}>
        {silent.slice(0, SHOWN).map((row) => (
          <li key={row.id}>
            <p><Link className="strong" to={`/experiments/${encodeURIComponent(row.id)}`}>{row.id}</Link><Tag>{nameClass(row.learningClass)}</Tag></p>
            <p className={styles.would}>{row.wouldHaveTaught}</p>
          </li>
        ))}
      </ul>
    </Section>
  )
}
