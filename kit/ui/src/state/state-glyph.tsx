// The one vocabulary of states: a glyph and its word, never a colour alone.
import type { ReactNode } from 'react'
import styles from './state-glyph.module.css'

export const stateWords = ['healthy', 'running', 'live', 'late', 'warned', 'silent', 'failed', 'blocked', 'waiting', 'draft', 'stopped', 'archived'] as const
export type StateWord = (typeof stateWords)[number]

const ring = { cx: 6, cy: 6, r: 4.4, fill: 'none', stroke: 'currentColor' }

const marks: Record<StateWord, ReactNode> = {
  healthy: <circle cx="6" cy="6" r="4.2" fill="currentColor" />,
  running: <circle {...ring} className="turning" strokeWidth="1.7" strokeDasharray="19 9" />,
  live: (
    <>
      <circle className="breathing" cx="6" cy="6" r="2" fill="currentColor" />
      <circle {...ring} r="4.6" strokeWidth="1.3" />
    </>
  ),
  late: (
    <>
      <circle {...ring} strokeWidth="1.5" />
      <path d="M6 1.6a4.4 4.4 0 0 1 0 8.8z" fill="currentColor" />
    </>
  ),
  warned: (
    <>
      <path d="M6 1.4L11 10.4H1z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
      <path d="M6 4.6v2.6" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  silent: (
    <>
      <circle {...ring} strokeWidth="1.4" />
      <path d="M2.9 9.1l6.2-6.2" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  failed: (
    <>
      <rect x="1.2" y="1.2" width="9.6" height="9.6" rx="2" fill="currentColor" />
      <path d="M4 4l4 4M8 4l-4 4" stroke="var(--sheet)" strokeWidth="1.5" />
    </>
  ),
  blocked: (
    <>
      <path d="M6 .9L11.1 6 6 11.1.9 6z" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M3.9 6h4.2" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  waiting: <circle {...ring} strokeWidth="1.4" />,
  draft: <circle {...ring} strokeWidth="1.4" strokeDasharray="2.1 1.9" />,
  stopped: <rect x="2.6" y="2.6" width="6.8" height="6.8" rx="1" fill="currentColor" />,
  archived: <rect x="2.4" y="2.4" width="7.2" height="7.2" rx="1" fill="none" stroke="currentColor" strokeWidth="1.4" />,
}

/** CSS variable in which a state is drawn: "var(--late)". */
export const stateColour: Record<StateWord, string> = {
  healthy: 'var(--good)',
  running: 'var(--tonic)',
  live: 'var(--tonic)',
  late: 'var(--late)',
  warned: 'var(--late)',
  silent: 'var(--late)',
  failed: 'var(--bad)',
  blocked: 'var(--blocked)',
  waiting: 'var(--ink-3)',
  draft: 'var(--ink-3)',
  stopped: 'var(--ink-3)',
  archived: 'var(--ink-3)',
}

/** Failed first, then late, warned, silent, blocked, running, and what needs nobody. For sorting. */
export const stateRank: Record<StateWord, number> = { failed: 0, late: 1, silent: 2, warned: 3, blocked: 4, running: 5, live: 5, waiting: 6, draft: 7, healthy: 8, stopped: 9, archived: 10 }

/** Only the drawing, 12 × 12; `x` and `y` place it inside another SVG. */
export function StateMark({ state, x, y, still = false }: { state: StateWord; x?: number; y?: number; still?: boolean }) {
  return (
    <svg x={x} y={y} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" className={still ? 'still' : undefined} style={{ color: stateColour[state] }}>
      {marks[state]}
    </svg>
  )
}

export type StateGlyphProps = {
  state: StateWord
  /** What to say instead of the word: "Late 41 min", "Day 12 of 14". */
  label?: ReactNode
  /** The word is heard but not seen, in tight rows. */
  hideWord?: boolean
  /** Does not move: one living thing a page is enough. */
  still?: boolean
}

export function StateGlyph({ state, label, hideWord = false, still = false }: StateGlyphProps) {
  const word = state.charAt(0).toUpperCase() + state.slice(1)
  return (
    <span className={`${styles.state} ${['healthy', 'waiting', 'draft', 'stopped', 'archived'].includes(state) ? styles.calm : ''}`} style={{ color: stateColour[state] }}>
      <StateMark state={state} still={still} />
      <span className={hideWord ? 'hidden-word' : styles.word}>{label ?? word}</span>
    </span>
  )
}
