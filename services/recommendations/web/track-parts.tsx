// The pieces a recommended track is shown with: names beside its cover, why it is there, what spoke for it, and what came of it.
import { IconBookmark, IconCheck, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react'
import type { Item, Outcome, Reason } from '../src/contract.ts'
import { CoverArt } from './cover-art.tsx'
import { describeSources, nameLoudest, sourceParts, type Sources } from './what-spoke.ts'
import { formatShare } from '@rondo/ui'
import styles from './track-parts.module.css'

export function TrackName({ item, position, size }: { item: Item; position?: number; size?: number }) {
  const isArtist = item.title === item.artistName
  return (
    <span className={styles.track}>
      {position !== undefined && <span className={`${styles.position} quiet`}>{position}</span>}
      <CoverArt artistId={item.artistId} trackId={item.trackId} {...(size === undefined ? {} : { size })} />
      <span className={styles.names}>
        <b title={item.title}>{item.title}</b>
        <span className="quiet">{isArtist ? item.genre : <>{item.artistName}{item.genre === '' ? '' : ` · ${item.genre}`}</>}</span>
      </span>
    </span>
  )
}

export function ReasonText({ reason }: { reason: Reason }) {
  return <span className={styles.reason}>{reason.text}</span>
}

/** A short bar with its loudest voice below. */
export function SpokeFor({ sources }: { sources: Sources }) {
  return (
    <span className={styles.spoke}>
      <SourceBar sources={sources} />
      <small className="quiet">{nameLoudest(sources)}</small>
    </span>
  )
}

/** The bar over its whole width with every share written out. */
export function SpokeForAll({ sources }: { sources: Sources }) {
  return (
    <div>
      <SourceBar sources={sources} />
      <div className={styles.legend}>
        {sourceParts.filter(({ name }) => sources[name] > 0).map(({ name, label, colour, means }) => <span key={name} title={means}><i style={{ background: colour }} />{label} {formatShare(sources[name], 0)}</span>)}
      </div>
    </div>
  )
}

function SourceBar({ sources }: { sources: Sources }) {
  return (
    <span className={styles.bar} role="img" aria-label={describeSources(sources)}>
      {sourceParts.filter(({ name }) => sources[name] > 0).map(({ name, colour }) => <i key={name} style={{ flexGrow: sources[name], background: colour }} />)}
    </span>
  )
}

const outcomes = {
  saved: { word: 'Saved', icon: IconBookmark },
  finished: { word: 'Finished', icon: IconCheck },
  played: { word: 'Played', icon: IconPlayerPlay },
  skipped: { word: 'Skipped', icon: IconPlayerTrackNext },
} as const

/** Nothing to see while the track was not heard; the words are there for those who listen to the page. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  if (outcome === 'waiting') return <span className="hidden-word">Not heard yet</span>
  const { word, icon: Mark } = outcomes[outcome]
  return <span className={`${styles.outcome} ${outcome === 'saved' ? styles.saved : 'quiet'}`}><Mark size={14} stroke={1.75} />{word}</span>
}
