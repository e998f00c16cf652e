// Hairlines and space divide a page: sections under each other, and a side column that moves below on narrower screens.
import type { ReactNode } from 'react'
import styles from './section.module.css'

export type SectionProps = {
  title?: ReactNode
  /** Quiet words after the title. */
  hint?: ReactNode
  /** At the right end of the heading: a link, a toggle. */
  aside?: ReactNode
  /** Content runs to the sheet's edges, for tables and lists. */
  flush?: boolean
  children: ReactNode
}

export function Section({ title, hint, aside, flush = false, children }: SectionProps) {
  return (
    <section className={`${styles.section} ${flush ? styles.flush : ''}`}>
      {title !== undefined && (
        <div className={styles.head}>
          <h2>{title}</h2>
          {hint !== undefined && <span className={styles.hint}>{hint}</span>}
          {aside !== undefined && <span className={styles.aside}>{aside}</span>}
        </div>
      )}
      {children}
    </section>
  )
}

/** Main column and a side column of `sideWidth`; under 1200 px the side stands below. */
export function Columns({ side, sideWidth = 396, children }: { side: ReactNode; sideWidth?: number; children: ReactNode }) {
  return (
    <div className={styles.columns} style={{ '--side': `${sideWidth}px` } as Record<string, string>}>
      <div className={styles.main}>{children}</div>
      <aside className={styles.side}>{side}</aside>
    </div>
  )
}

/** Label and value pairs, one a line. */
export function KeyValues({ rows }: { rows: (readonly [label: ReactNode, value: ReactNode])[] }) {
  return (
    <dl className={styles.pairs}>
      {rows.map(([label, value], index) => <div key={typeof label === 'string' ? label : index}><dt>{label}</dt><dd>{value}</dd></div>)}
    </dl>
  )
}

/** Judgement in serif: a verdict (32), a lead (19), or a remark (16). */
export function Sentence({ size = 'lead', children }: { size?: 'verdict' | 'lead' | 'remark'; children: ReactNode }) {
  return <p className={`${styles.sentence} ${styles[size]}`}>{children}</p>
}

export type FigureProps = {
  value: ReactNode
  label: ReactNode
  /** What it usually is: "usually 1,790 /s". */
  usual?: ReactNode
  tone?: 'good' | 'late' | 'bad' | 'soft'
}

/** A number beside its usual. */
export function Figure({ value, label, usual, tone }: FigureProps) {
  return (
    <div className={styles.figure}>
      <b className={tone}>{value}</b>
      <span>{label}</span>
      {usual !== undefined && <span className={styles.usual}>{usual}</span>}
    </div>
  )
}

/** Figures in a row, with signs between them when they add up: `signs={['=', '+']}`; on a phone a sum stands line by line. */
export function Figures({ signs = [], children }: { signs?: string[]; children: ReactNode[] }) {
  return (
    <div className={`${styles.figures} ${signs.length === 0 ? '' : styles.summed}`}>
      {children.flatMap((child, index) => (index === 0 ? [child] : signs[index - 1] === undefined ? [child] : [<span key={`sign-${index}`} className={styles.sign}>{signs[index - 1]}</span>, child]))}
    </div>
  )
}

/** A band across the page that says what is wrong and offers the next act. */
export function Notice({ tone, mark, title, actions, children }: { tone: 'late' | 'bad' | 'blocked' | 'tonic'; mark?: ReactNode; title: ReactNode; actions?: ReactNode; children?: ReactNode }) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role="status">
      {mark}
      <div><p className={styles.noticeTitle}>{title}</p>{children !== undefined && <div className={styles.noticeText}>{children}</div>}</div>
      {actions !== undefined && <div className={styles.noticeActions}>{actions}</div>}
    </div>
  )
}
