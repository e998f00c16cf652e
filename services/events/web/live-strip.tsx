// One line of what is being accepted right now, newest at the left.
import { Link, StateGlyph } from '@rondo/ui'
import { formatMoment, toShortWords } from './live-words.ts'
import type { LiveEvents } from './use-live-events.ts'
import styles from './events.module.css'

export function LiveStrip({ live }: { live: LiveEvents }) {
  const { samples, isPaused, setPaused, state } = live
  return (
    <div className={styles.strip} aria-label="Accepted just now" role="group">
      <button type="button" className={styles.stripState} aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
        {isPaused ? <StateGlyph state="stopped" label="Paused" /> : state === 'lost' ? <StateGlyph state="silent" label="Reconnecting" /> : <StateGlyph state="live" label="Live" />}
      </button>
      {samples.length === 0 ? (
        <span className="quiet">{state === 'lost' ? 'The live stream broke off; it is tried again every 5 s.' : 'Nothing was accepted since you opened this page.'}</span>
      ) : (
        <ol className={styles.stripList}>
          {samples.map((sample) => (
            <li key={`${sample.type} ${sample.id}`}>
              <time className="quiet">{formatMoment(sample.receivedAt)}</time>
              <Link to={`/events/${encodeURIComponent(sample.type)}`}>{sample.type}</Link>
              <span className="soft">{[sample.userId ?? sample.anonymousId ?? '', ...toShortWords(sample.properties)].join(' ')}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
