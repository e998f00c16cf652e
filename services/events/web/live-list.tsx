// The newest accepted events of one type beside its page; space holds the list still.
import { Section, StateGlyph, useKeys } from '@rondo/ui'
import { formatMoment, toShortWords } from './live-words.ts'
import type { LiveEvents, LiveSample } from './use-live-events.ts'
import styles from './events.module.css'

export function LiveList({ live, recent }: { live: LiveEvents; /** Shown until something new comes. */ recent: LiveSample[] }) {
  const { samples, isPaused, setPaused, state } = live
  useKeys((key) => {
    if (key !== ' ') return false
    setPaused(!isPaused)
    return true
  })
  const known = new Set(samples.map((sample) => sample.id))
  const shown = [...samples, ...recent.filter((row) => !known.has(row.id))].slice(0, 18)
  return (
    <Section
      flush
      title="Live"
      hint={isPaused ? <StateGlyph state="stopped" label="paused" /> : state === 'lost' ? <StateGlyph state="silent" label="reconnecting" /> : <StateGlyph state="live" label={samples.length === 0 ? 'waits for the next' : 'a sample'} />}
      aside={<button type="button" className={styles.textButton} aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}><span className="wide-only">{isPaused ? 'Space goes on' : 'Space pauses'}</span><span className="narrow-only">{isPaused ? 'Go on' : 'Pause'}</span></button>}
    >
      {shown.length === 0 ? <p className={`quiet ${styles.pad}`}>No event was accepted yet.</p> : (
        <ol className={styles.live}>
          {shown.map((row) => {
            const words = toShortWords(row.properties)
            return (
              <li key={row.id} title={JSON.stringify(row.properties)}>
                <time className="quiet" dateTime={row.receivedAt}>{formatMoment(row.receivedAt)}</time>
                <span className="clip">{row.userId ?? row.anonymousId ?? '—'}</span>
                <span className="clip soft">{words.join(' ')}</span>
              </li>
            )
          })}
        </ol>
      )}
    </Section>
  )
}
