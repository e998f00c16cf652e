// The answers of "Try it" as tables, each row with a drawer and a way on to what is like it.
import { Button, DataTable, EmptyState, formatShare, Link, useRoute, type Column } from '@rondo/ui'
import { recommendationsContract, type Item, type Recommended } from '../src/contract.ts'
import { TrackPeek } from './track-peek.tsx'
import { ReasonText, SpokeFor, TrackName } from './track-parts.tsx'
import styles from './recommendations.module.css'

type OnTrack = (trackId: string) => void

const recommended = (onTrack: OnTrack): Column<Recommended>[] => [
  { id: 'track', header: 'Track', cell: (row) => <TrackName item={row} position={row.position} />, width: '31%', narrow: 'lead' },
  { id: 'why', header: 'Why this one', cell: (row) => <ReasonText reason={row.reason} />, narrow: 'line' },
  { id: 'spoke', header: 'What spoke for it', cell: (row) => <SpokeFor sources={row.sources} />, width: 132, narrow: 'value' },
  { id: 'like', header: '', cell: (row) => <Button kind="bare" onClick={() => onTrack(row.trackId)}>Find similar</Button>, align: 'end', width: 120 },
]

export function ForListener({ user, onTrack }: { user: string; onTrack: OnTrack }) {
  const answer = useRoute(recommendationsContract, 'recommend', { user, k: 10 })
  const found = answer.data?.user === user ? answer.data : undefined
  return (
    <>
      {found !== undefined && <p className={styles.said}>{found.coldStart ?? <>For now, from all that <Link className="link" to={`/listeners/${encodeURIComponent(user)}`}>{user}</Link> did up to this moment.</>}</p>}
      <DataTable
        label={`Recommendations for ${user}`} name="found" rows={found?.rows ?? []} columns={recommended(onTrack)} state={{ ...answer, data: found, isLoading: found === undefined && answer.error === undefined }}
        rowKey={(row) => row.trackId} peek={(row) => <TrackPeek track={row} />} peekTitle={(row) => row.title}
        empty={<EmptyState title="There is nothing to recommend yet.">Tracks come with track-released events or an import.</EmptyState>}
      />
    </>
  )
}

type Like = Item & { score: number; position: number }

const alike = (onTrack: OnTrack): Column<Like>[] => [
  { id: 'track', header: 'Track', cell: (row) => <TrackName item={row} position={row.position} />, narrow: 'lead' },
  { id: 'id', header: 'Id', cell: (row) => <span className="mono quiet">{row.trackId}</span>, width: '26%' },
  { id: 'score', header: 'Likeness', cell: (row) => formatShare(row.score, 0), align: 'end', width: 110, narrow: 'value' },
  { id: 'like', header: '', cell: (row) => <Button kind="bare" onClick={() => onTrack(row.trackId)}>Find similar</Button>, align: 'end', width: 120 },
]

export function LikeTrack({ item, onTrack }: { item: string; onTrack: OnTrack }) {
  const answer = useRoute(recommendationsContract, 'similar', { item, k: 10 })
  const found = answer.data
  const rows = found?.rows.map((row, index) => ({ ...row, position: index + 1 })) ?? []
  return (
    <>
      {found?.item !== undefined && found.item !== null && <div className={styles.asked}><TrackName item={found.item} size={44} /><span>Tracks that the same listeners play</span></div>}
      <DataTable
        label={`Tracks like ${item}`} name="like" rows={rows} columns={alike(onTrack)} state={answer} rowKey={(row) => row.trackId}
        empty={<EmptyState title={found?.coldStart ?? 'Nothing is like it.'} />}
      />
    </>
  )
}
