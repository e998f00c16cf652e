// Asks the model as a client would: tracks for a listener with their reasons, or tracks that are like one.
import { useState, type FormEvent } from 'react'
import { Button, Section, useQueryParams, useRoute, useSetQuery, Views } from '@rondo/ui'
import { TextInput } from '@rondo/ui/forms'
import { recommendationsContract } from '../src/contract.ts'
import { ForListener, LikeTrack } from './try-it-answers.tsx'
import styles from './recommendations.module.css'

/** What was asked stays in the URL: `?user=` or `?track=`. */
export function TryIt() {
  const query = useQueryParams()
  const setQuery = useSetQuery()
  const [user, track] = [query.get('user') ?? '', query.get('track') ?? '']
  const [view, setView] = useState(track === '' ? 'user' : 'track')
  const askUser = (id: string): void => setQuery({ user: id, track: undefined, 'peek-found': undefined })
  const askTrack = (id: string): void => {
    setView('track')
    setQuery({ track: id, user: undefined, 'peek-found': undefined })
  }
  return (
    <Section title="Try it" hint="the answer a client gets" flush>
      <div className={styles.asking}>
        <Views label="What to ask" current={view} onChoose={setView} items={[{ id: 'user', label: 'For a listener' }, { id: 'track', label: 'Like a track' }]} />
        {view === 'user'
          ? <Ask key={`user ${user}`} label="Listener" verb="Recommend" value={user} onAsk={askUser} />
          : <Ask key={`track ${track}`} label="Track" verb="Find similar" value={track} onAsk={askTrack} />}
      </div>
      {view === 'user' && (user === '' ? <FirstOnes onAsk={askUser} /> : <ForListener user={user} onTrack={askTrack} />)}
      {view === 'track' && (track === '' ? <p className={styles.hint}>A track’s id stands in the drawer of any list.</p> : <LikeTrack item={track} onTrack={askTrack} />)}
    </Section>
  )
}

function Ask({ label, verb, value, onAsk }: { label: string; verb: string; value: string; onAsk: (id: string) => void }) {
  const [typed, setTyped] = useState(value)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (typed.trim() !== '') onAsk(typed.trim())
  }
  return (
    <form className={styles.ask} onSubmit={submit}>
      <TextInput classNames={{ input: styles.input ?? '' }} aria-label={`${label} id`} placeholder={`${label} id`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <Button kind="go" type="submit" disabled={typed.trim() === ''}>{verb}</Button>
    </form>
  )
}

/** A few listeners that exist, so that a first try needs no id by heart. */
function FirstOnes({ onAsk }: { onAsk: (id: string) => void }) {
  const listeners = useRoute(recommendationsContract, 'listUsers', { limit: 5 })
  const rows = listeners.data?.rows ?? []
  if (rows.length === 0) return <p className={styles.hint}>Any id may be asked; one that never listened gets what most people play.</p>
  return <p className={styles.hint}>Heard lately: {rows.map((row, index) => <span key={row.user}>{index > 0 && ', '}<button type="button" className="link" onClick={() => onAsk(row.user)}>{row.user}</button></span>)}</p>
}
