// One week's list as its listener sees it: each track with why it is there, what spoke for it, and what came of it.
import { IconChevronLeft, IconChevronRight, IconWand } from '@tabler/icons-react'
import { Button, DataTable, EmptyState, formatClock, formatCount, formatDay, toMs, useActions, useNow, useQueryState, type Column, type RouteState } from '@rondo/ui'
import type { ListenerDetail, WeeklyList } from '../src/contract.ts'
import { findMonday, findWeekAfter, findWeekBefore, nameList, nameMonday, shelfNames } from './list-words.ts'
import { OutcomeMark, ReasonText, SpokeFor, TrackName } from './track-parts.tsx'
import { TrackPeek } from './track-peek.tsx'
import parts from './track-parts.module.css'
import styles from './weekly-list.module.css'

type Track = WeeklyList['tracks'][number]

const columns: Column<Track>[] = [
  { id: 'track', header: 'Track', cell: (track) => <TrackName item={track} position={track.position} />, width: '31%', narrow: 'lead' },
  { id: 'why', header: 'Why this one', cell: (track) => <ReasonText reason={track.reason} />, narrow: 'line' },
  { id: 'spoke', header: 'What spoke for it', cell: (track) => <SpokeFor sources={track.sources} />, width: 124, narrow: 'value' },
  { id: 'outcome', header: 'So far', cell: (track) => <span className={parts.afterTrack}><OutcomeMark outcome={track.outcome} /></span>, width: 96, narrow: 'line' },
]

export type WeeklyListViewProps = {
  user: string
  list: RouteState<WeeklyList>
  detail: ListenerDetail
  /** Number of tracks the list was chosen from; undefined when the model is not known. */
  outOf: number | undefined
  /** Said above the list: which shelf this listener sees, when it is another one. */
  remark?: string | undefined
}

export function WeeklyListView({ user, list, detail, outOf, remark }: WeeklyListViewProps) {
  const thisWeek = findMonday(useNow())
  const [, setWeek] = useQueryState('week')
  const shown = list.data
  const shelf = shown?.shelf ?? 'discover-weekly'
  const earlier = findWeekBefore(detail.weeks, shelf, shown?.week ?? thisWeek)?.week
  const next = shown === undefined ? undefined : findWeekAfter(detail.weeks, shelf, shown.week)?.week
  const later = next ?? (shown !== undefined && shown.week < thisWeek ? thisWeek : undefined)
  const goTo = (week: string): void => setWeek(week === thisWeek ? '' : week)
  useActions([
    ...(earlier === undefined ? [] : [{ id: 'earlier', label: `Open the list of ${nameMonday(earlier)}`, key: '[', run: () => goTo(earlier) }]),
    ...(later === undefined ? [] : [{ id: 'later', label: `Open the list of ${nameMonday(later)}`, key: ']', run: () => goTo(later) }]),
  ])
  return (
    <>
      {shown !== undefined && (
        <div className={styles.head}>
          <div className={styles.words}>
            <h2>{nameList(shown.tracks.length, shown.week, thisWeek)}</h2>
            {remark !== undefined && <p className={styles.said}>{remark}</p>}
            {shown.coldStart === undefined ? <p>{sayMade(shown, outOf, thisWeek)}</p> : <p className={styles.said}>{shown.coldStart}</p>}
          </div>
          <div className={styles.acts}>
            {earlier !== undefined && <Button icon={<IconChevronLeft size={14} stroke={1.75} />} onClick={() => goTo(earlier)}>{nameMonday(earlier)}</Button>}
            {later !== undefined && <Button onClick={() => goTo(later)}>{later === thisWeek ? 'This week' : nameMonday(later)}<IconChevronRight size={14} stroke={1.75} /></Button>}
            <Button icon={<IconWand size={14} stroke={1.75} />} to={`/recommendations?user=${encodeURIComponent(user)}`}>Recommend now</Button>
          </div>
        </div>
      )}
      <DataTable
        label={shelfNames[shelf]} name="track" rows={shown?.tracks ?? []} columns={columns} state={list}
        rowKey={(track) => track.trackId}
        peek={(track) => <TrackPeek track={track} />}
        peekTitle={(track) => track.title}
        empty={<EmptyState title="This list is empty." commands={['npx rondo import hetrec PATH']}>There is no track that {user} has not heard. Tracks come with track-released events or an import.</EmptyState>}
      />
    </>
  )
}

/** "Made Mon 21 Sep 04:12 out of 17,632 tracks. None of them heard before; it stays as it is until next Monday." */
function sayMade(list: WeeklyList, outOf: number | undefined, thisWeek: string): string {
  const madeMs = toMs(list.madeAt)
  const made = `Made ${formatDay(madeMs)} ${formatClock(madeMs)}${outOf === undefined ? '' : ` out of ${formatCount(outOf)} tracks`}.`
  const never = list.shelf === 'popularity' ? 'What most listeners play, without what this one has heard' : 'None of them heard before'
  return list.week === thisWeek ? `${made} ${never}; it stays as it is until next Monday.` : `${made} ${never} when it was made.`
}
