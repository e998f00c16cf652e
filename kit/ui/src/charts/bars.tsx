// Zero-based horizontal bars, each labelled at its line.
import type { ReactNode } from 'react'
import { ChartFrame } from './chart-frame.tsx'
import styles from './bars.module.css'

export type Bar = { key: string; label: string; value: number; /** How the value is written. */ text: string; tone?: 'ink' | 'tonic' | 'good' | 'late' | 'bad'; detail?: ReactNode }

export function Bars({ bars, finding }: { bars: Bar[]; finding: string }) {
  const most = Math.max(0, ...bars.map((bar) => bar.value)) || 1
  return (
    <ChartFrame finding={finding} table={{ head: ['', 'Value'], rows: bars.map((bar) => [bar.label, bar.text]) }}>
      <div className={styles.bars} role="img" aria-label={finding}>
        {bars.map((bar) => (
          <div key={bar.key} className={styles.bar}>
            <span className="clip" title={bar.label}>{bar.label}</span>
            <span className={styles.track}><i style={{ width: `${Math.max(0.4, (100 * Math.max(0, bar.value)) / most)}%`, background: bar.tone === undefined || bar.tone === 'ink' ? 'color-mix(in srgb, var(--ink) 62%, transparent)' : `var(--${bar.tone})` }} /></span>
            <b>{bar.text}</b>
            {bar.detail !== undefined && <span className="quiet">{bar.detail}</span>}
          </div>
        ))}
      </div>
    </ChartFrame>
  )
}

export type SharePart = { key: string; label: string; value: number; text: string; tone?: 'now' | 'late' }

/** One bar cut into parts that add up, labelled below; parts under half a percent still show. */
export function ShareBar({ parts, finding }: { parts: SharePart[]; finding: string }) {
  const total = parts.reduce((sum, part) => sum + part.value, 0) || 1
  return (
    <div>
      <div className={styles.share} role="img" aria-label={finding}>
        {parts.map((part, index) => <i key={part.key} data-tone={part.tone} style={{ flexGrow: part.value / total, opacity: part.tone === undefined ? (index % 2 === 0 ? 0.62 : 0.38) : 1 }} title={`${part.label} ${part.text}`} />)}
      </div>
      <div className={styles.labels}>{parts.map((part) => <span key={part.key}>{part.label} <b>{part.text}</b></span>)}</div>
    </div>
  )
}
