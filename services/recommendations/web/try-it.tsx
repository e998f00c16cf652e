// Asks the model as a client would: tracks for a listener with their reasons, or tracks that are like one.
import { useState, type FormEvent, type ReactNode } from 'react'
import { Button, formatShare, Link, Loaded, Section, useQueryParams, useRoute, useSetQuery, Views } from '@rondo/ui'
import { TextInput } from '@rondo/ui/forms'
import { recommendationsContract } from '../src/contract.ts'
import { ReasonText, TrackName } from './track-parts.tsx'
import styles from './recommendations.module.css'

/** What was asked stays in the URL: `?user=` or `?track=`. */
export function TryIt() {
  const query = useQueryParams()
  const setQuery = useSetQuery()
  const track = query.get('track') ?? undefined
  const [view, setView] = useState(track === undefined ? 'user' : 'track')
  const askTrack = (id: string): void => {
    setView('track')
    setQuery({ track: id, user: undefined })
  }
  return (
    <Section title="Try it" aside={<Views label="What to ask" current={view} onChoose={setView} items={[{ id: 'user', label: 'For a listener' }, { id: 'track', label: 'Like a track' }]} />}>
      {view === 'user'
        ? <Ask key="user" label="Listener" verb="Recommend" value={query.get('user') ?? ''} onAsk={(user) => setQuery({ user, track: undefined })}>{(user) => <ForListener user={user} onTrack={askTrack} />}</Ask>
        : <Ask key={`track ${track ?? ''}`} label="Track" verb="Find similar" value={track ?? ''} onAsk={askTrack}>{(id) => <LikeTrack item={id} onTrack={askTrack} />}</Ask>}
    </Section>
  )
}

function Ask({ label, verb, value, onAsk, children }: { label: string; verb: string; value: string; onAsk: (id: string) => void; children: (id: string) => ReactNode }) {
  const [typed, setTyped] = useState(value)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (typed.trim() !== '') onAsk(typed.trim())
  }
  return (
    <>
      <form className={styles.ask} onSubmit={submit}>
        <TextInput aria-label={`${label} id`} placeholder={`${label} id`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button kind="go" type="submit" disabled={typed.trim() === ''}>{verb}</Button>
      </form>
      {value === '' ? <FirstOnes label={label} onAsk={(id) => { setTyped(id); onAsk(id) }} /> : children(value)}
    </>
  )
}

/** A few listeners that exist, so that a first try needs no id by heart. */
function FirstOnes({ label, onAsk }: { label: string; onAsk: (id: string) => void }) {
  const listeners = useRoute(recommendationsContract, 'listUsers', { limit: 4 }, { enabled: label === 'Listener' })
  if (label !== 'Listener') return <p className={styles.hint}>A track’s id stands in the drawer of any list, and under every answer of the other view.</p>
  if (listeners.data === undefined || listeners.data.rows.length === 0) return <p className={styles.hint}>Any id may be asked; one that never listened gets what most people play.</p>
  return (
    <p className={styles.hint}>
      Heard lately: {listeners.data.rows.map((row, index) => <span key={row.user}>{index > 0 && ', '}<button type="button" className="link" onClick={() => onAsk(row.user)}>{row.user}</button></span>)}
    </p>
  )
}

function ForListener({ user, onTrack }: { user: string; onTrack: (id: string) => void }) {
  const answer = useRoute(recommendationsContract, 'recommend', { user, k: 10 })
  return (
    <Loaded of={answer} what={`Could not recommend to ${user}`} lines={8}>
      {(found) => (
        <div className={found.user === user ? undefined : styles.old}>
          <p className={styles.said}>{found.coldStart ?? <>For now, from all that <Link className="link" to={`/listeners/${encodeURIComponent(user)}`}>{user}</Link> did up to this moment.</>}</p>
          <ol className={styles.found}>
            {found.rows.map((row) => (
              <li key={row.trackId}>
                <button type="button" onClick={() => onTrack(row.trackId)} title="Find similar tracks"><TrackName item={row} position={row.position} /></button>
                <ReasonText reason={row.reason} />
              </li>
            ))}
          </ol>
          <p className={styles.hint}>Model <span className="mono">{found.modelVersion}</span></p>
        </div>
      )}
    </Loaded>
  )
}

function LikeTrack({ item, onTrack }: { item: string; onTrack: (id: string) => void }) {
  const answer = useRoute(recommendationsContract, 'similar', { item, k: 10 })
  return (
    <Loaded of={answer} what={`Could not compare ${item}`} lines={8}>
      {(found) => (
        <>
          {found.item !== null && <div className={styles.asked}><TrackName item={found.item} /></div>}
          {found.coldStart !== undefined && <p className={styles.said}>{found.coldStart}</p>}
          <ol className={styles.found}>
            {found.rows.map((row, index) => (
              <li key={row.trackId} className={styles.like}>
                <button type="button" onClick={() => onTrack(row.trackId)} title="Find similar tracks"><TrackName item={row} position={index + 1} /></button>
                <span className="quiet">{formatShare(row.score, 0)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Loaded>
  )
}
