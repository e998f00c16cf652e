// What needs a person, across all rooms: who is hurt, by when, and where to act.
import type { Attention } from '@rondo/contract'
import { Link, Owner, StateGlyph } from '@rondo/ui'
import { useState } from 'react'
import { ageOf } from './loop-model.ts'
import styles from './home.module.css'

const FIRST = 4

export function AttentionList({ attention, now, isKnown }: { attention: Attention[]; now: number; isKnown: boolean }) {
  const [all, setAll] = useState(false)
  const shown = all ? attention : attention.slice(0, FIRST)
  return (
    <section aria-label="Needs attention">
      <div className={styles.head}>
        <h2>Needs attention</h2>
        {attention.length > 1 && <span>{attention.length}, sorted by who is hurt first</span>}
        {attention.length > FIRST && <button type="button" onClick={() => setAll(!all)}>{all ? `First ${FIRST}` : `All ${attention.length}`}</button>}
      </div>
      {attention.length === 0 && isKnown && <p className={styles.nothing}>Nothing needs you.</p>}
      <ul>
        {shown.map((one) => (
          <li key={`${one.ref} ${one.subject} ${one.since}`} className={styles.item}>
            <span className={styles.glyph}><StateGlyph state={one.state} hideWord /></span>
            <h3><Link to={one.ref}>{one.subject}</Link></h3>
            <span className={styles.age}>{ageOf(one, now)}</span>
            <div><p>{one.message}</p>{one.hurts !== '' && <p className={styles.hurts}>{one.hurts}</p>}</div>
            <span className={styles.age}>{one.owner !== '' && <Owner name={one.owner} />}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
