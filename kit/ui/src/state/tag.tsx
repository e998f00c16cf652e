// A small word on a soft ground: a class, a label, an outcome.
import type { ReactNode } from 'react'
import styles from './tag.module.css'

export type Tone = 'plain' | 'tonic' | 'good' | 'late' | 'bad' | 'blocked'

export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${styles.tag} ${styles[tone] ?? ''}`}>{children}</span>
}

/** A squad's name behind its small square; "squad-" and namespaces are left out. */
export function Owner({ name }: { name: string }) {
  const short = name.replace(/^.*[:/]/, '').replace(/^squad-/, '')
  return (
    <span className={styles.owner} title={name}>
      <i aria-hidden="true" />
      {short}
    </span>
  )
}
