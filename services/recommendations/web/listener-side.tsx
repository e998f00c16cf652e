// Beside a listener's list: taste, what spoke for it, how the one before went, what changed, and the loop right now.
import { WEEK_MS } from '@rondo/time'
import { Bars, formatShare, KeyValues, Link, Loaded, Section, useRoute, When } from '@rondo/ui'
import { recommendationsContract, type ListenerDetail, type WeeklyList } from '../src/contract.ts'
import { compareLists, findMonday, findPlayedInstead, nameMonday, sayChange, shelfNames } from './list-words.ts'
import type { ShelfSeen } from './shelf-seen.ts'
import { SpokeForAll } from './track-parts.tsx'
import { averageSources } from './what-spoke.ts'
import styles from './weekly-list.module.css'

type Week = ListenerDetail['weeks'][number]

export type ListenerSideProps = {
  detail: ListenerDetail
  list: WeeklyList | undefined
  /** The week of the same shelf before the list's. */
  before: Week | undefined
  seen: ShelfSeen | undefined
  /** Epoch ms. */
  now: number
}

export function ListenerSide({ detail, list, before, seen, now }: ListenerSideProps) {
  const isLastMonday = before !== undefined && list?.week === findMonday(now) && before.week === findMonday(now - WEEK_MS)
  return (
    <>
      <Taste detail={detail} />
      {list !== undefined && list.tracks.length > 0 && (
        <Section title={`What spoke for these ${list.tracks.length === 30 ? 'thirty' : list.tracks.length}`}><SpokeForAll sources={averageSources(list.tracks)} /></Section>
      )}
      {before !== undefined && (
        <Section title={isLastMonday ? 'Last Monday’s list' : `The list of ${nameMonday(before.week)}`} hint="how it went"><HowItWent week={before} detail={detail} /></Section>
      )}
      {before !== undefined && list !== undefined && <Change list={list} week={before.week} />}
      <Section title="In the loop right now">
        <KeyValues
          rows={[
            ['Last event', <When key="last" at={detail.lastEventAt} />],
            ['Taste as of', detail.tasteAsOf === null ? 'not yet' : <When key="taste" at={detail.tasteAsOf} />],
            ['Model', list === undefined || list.modelVersion === 'none' ? 'none yet' : <Link key="model" className="link mono" to={`/recommendations?peek-model=${encodeURIComponent(list.modelVersion)}`}>{list.modelVersion}</Link>],
            ...(seen === undefined ? [] : [['Shelf', <Shelf key="shelf" seen={seen} />] as const]),
          ]}
        />
      </Section>
    </>
  )
}

function Taste({ detail }: { detail: ListenerDetail }) {
  const [first] = detail.genres
  return (
    <Section title="Taste by genre" hint={detail.genres.length === 0 ? undefined : 'share of what was liked'}>
      {first === undefined ? <p className="quiet">No taste yet: nothing was played to the end or saved.</p> : (
        <Bars finding={`Mostly ${first.genre}, ${formatShare(first.share)}`} bars={detail.genres.map(({ genre, share }) => ({ key: genre, label: genre, value: share, text: formatShare(share, 0) }))} />
      )}
    </Section>
  )
}

function HowItWent({ week, detail }: { week: Week; detail: ListenerDetail }) {
  const instead = findPlayedInstead(detail.weeks, week)
  const shown = instead ?? week
  return (
    <>
      {instead !== undefined && <p className={styles.said}>It was not on the shelf: {detail.user} had the {shelfNames[instead.shelf].toLowerCase()} that week.</p>}
      <div className={styles.numbers}>
        <div><b>{shown.finished} of 30</b><span>finished</span></div>
        <div><b>{shown.saved}</b><span>saved</span></div>
        <div><b>{shown.newArtists}</b><span>artists heard from it</span></div>
      </div>
    </>
  )
}

function Change({ list, week }: { list: WeeklyList; week: string }) {
  const previous = useRoute(recommendationsContract, 'weekly', { user: list.user, shelf: list.shelf, week })
  return (
    <Section title="What changed" hint={`since ${nameMonday(week)}`}>
      <Loaded of={previous} lines={2}>
        {(before) => {
          const change = compareLists(list, before)
          return (
            <>
              <p>{sayChange(change)}</p>
              {change.artistsKept.length > 0 && <p className={styles.names}><span className="quiet">Kept </span>{change.artistsKept.join(', ')}</p>}
              {change.artistsNew.length > 0 && <p className={styles.names}><span className="quiet">New </span>{change.artistsNew.slice(0, 12).join(', ')}{change.artistsNew.length > 12 && <span className="quiet"> and {change.artistsNew.length - 12} more</span>}</p>}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Shelf({ seen }: { seen: ShelfSeen }) {
  return (
    <>
      {seen.shelf === 'popularity' ? 'Popularity list' : 'Discover Weekly'}
      <span className="quiet">, {seen.experiment === undefined ? `by the flag ${seen.flag}` : <>in <Link className="link" to={`/experiments/${seen.experiment}`}>{seen.experiment}</Link></>}</span>
    </>
  )
}
