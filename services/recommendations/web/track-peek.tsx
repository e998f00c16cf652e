// One track looked at closer: what brought it here, in numbers, and what is like it.
import { recommendationsContract, type WeeklyList } from '../src/contract.ts'
import { formatNumber, formatShare, KeyValues, Loaded, Section, useRoute, When } from '@rondo/ui'
import { OutcomeMark, SpokeForAll, TrackName } from './track-parts.tsx'
import styles from './weekly-list.module.css'

type Track = Omit<WeeklyList['tracks'][number], 'outcome'> & Partial<Pick<WeeklyList['tracks'][number], 'outcome'>>

export function TrackPeek({ track }: { track: Track }) {
  const similar = useRoute(recommendationsContract, 'similar', { item: track.trackId, k: 6 })
  const cause = track.reason.becauseOf
  return (
    <>
      <Section>
        <div className={styles.peekHead}><TrackName item={track} size={52} /></div>
        <p className={styles.peekWhy}>{track.reason.text}.</p>
        <KeyValues
          rows={[
            ['Because of', cause === undefined ? 'no single track' : <>{cause.title}, heard <When at={cause.occurredAt} /></>],
            ['Position', track.position],
            ['Score', formatNumber(track.score)],
            ...(track.outcome === undefined ? [] : [['So far', track.outcome === 'waiting' ? 'not heard yet' : <OutcomeMark key="outcome" outcome={track.outcome} />] as const]),
            ['Track', <code key="id">{track.trackId}</code>],
          ]}
        />
      </Section>
      <Section title="What spoke for it"><SpokeForAll sources={track.sources} /></Section>
      <Section title="Played by the same listeners">
        <Loaded of={similar} lines={6}>
          {(found) => found.rows.length === 0 ? <p className="quiet">{found.coldStart ?? 'Nothing is like it.'}</p> : (
            <ul className={styles.likeList}>{found.rows.map((row) => <li key={row.trackId}><TrackName item={row} /><span>{formatShare(row.score, 0)}</span></li>)}</ul>
          )}
        </Loaded>
      </Section>
    </>
  )
}
