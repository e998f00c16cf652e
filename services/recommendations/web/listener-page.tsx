// One listener: this week's list, what was heard, how the weeks went, and where in the loop they are right now.
import { Button, Columns, EmptyState, ErrorState, formatCount, formatLongInstant, Page, Skeleton, Tag, toMs, useNow, usePathParam, useQueryState, useRoute, useTabs } from '@rondo/ui'
import { recommendationsContract, type Shelf } from '../src/contract.ts'
import { HistoryTab } from './history-tab.tsx'
import { findWeekBefore, isUnknown, shelfNames } from './list-words.ts'
import { ListenerSide } from './listener-side.tsx'
import { useShelfSeen, type ShelfSeen } from './shelf-seen.ts'
import { WeeklyListView } from './weekly-list.tsx'
import { WeeksTab } from './weeks-tab.tsx'
import { useIsSimulated } from './world.ts'

export function ListenerPage() {
  const user = usePathParam('user')
  const isSimulated = useIsSimulated()
  const now = useNow(60_000)
  const [week] = useQueryState('week')
  const seen = useShelfSeen(user)
  const answer = useRoute(recommendationsContract, 'getUser', { user }, { refetchMs: 5_000 })
  const detail = answer.data?.user === user ? answer.data : undefined
  const hasPopularity = seen?.shelf === 'popularity' || detail?.weeks.some((one) => one.shelf === 'popularity') === true
  const [tab, tabs] = useTabs([
    { id: 'discover-weekly', label: shelfNames['discover-weekly'] },
    ...(hasPopularity ? [{ id: 'popularity', label: shelfNames.popularity }] : []),
    { id: 'history', label: 'History', ...(detail === undefined ? {} : { count: formatCount(detail.plays) }) },
    { id: 'weeks', label: 'Weeks', ...(detail === undefined ? {} : { count: new Set(detail.weeks.map((one) => one.week)).size }) },
  ])
  const shelf: Shelf = tab === 'popularity' ? 'popularity' : 'discover-weekly'
  const weekly = useRoute(recommendationsContract, 'weekly', { user, shelf, ...(week === '' ? {} : { week }) }, { refetchMs: 10_000 })
  const isThis = weekly.data !== undefined && weekly.data.user === user && weekly.data.shelf === shelf
  const list = isThis ? weekly : { ...weekly, data: undefined, isLoading: weekly.error === undefined }
  const models = useRoute(recommendationsContract, 'listModels', {})
  const model = models.data?.rows.find((row) => row.version === list.data?.modelVersion)
  const before = detail === undefined || list.data === undefined ? undefined : findWeekBefore(detail.weeks, shelf, list.data.week)
  const since = toMs(detail?.firstEventAt)
  if (detail !== undefined && isUnknown(detail)) return <UnknownListener user={user} />

  return (
    <Page
      arc="listen"
      crumbs={[{ label: 'Listeners', to: '/listeners' }]}
      title={user}
      state={isSimulated ? <Tag>simulated</Tag> : undefined}
      aside={detail !== undefined && <span className="quiet">{since !== null && `listening since ${formatLongInstant(since).replace(/, .*/, '')}`}</span>}
      copy={{ command: `npx rondo recommend ${user} --explain`, call: `/api/recommendations/v1/users/${encodeURIComponent(user)}/weekly` }}
    >
      {tabs}
      {detail === undefined && answer.error !== undefined && <ErrorState what={`Could not read ${user}`} error={answer.error} onRetry={answer.retry} againInSeconds={10} />}
      {detail === undefined && answer.error === undefined && <Skeleton lines={10} />}
      {detail !== undefined && (
        <Columns sideWidth={420} side={<ListenerSide detail={detail} list={list.data} before={before} seen={seen} now={now} />}>
          {(tab === 'discover-weekly' || tab === 'popularity') && <WeeklyListView user={user} list={list} detail={detail} outOf={model?.items} remark={sayOtherShelf(shelf, seen)} />}
          {tab === 'history' && <HistoryTab detail={detail} state={answer} />}
          {tab === 'weeks' && <WeeksTab detail={detail} />}
        </Columns>
      )}
    </Page>
  )
}

function UnknownListener({ user }: { user: string }) {
  return (
    <Page arc="listen" crumbs={[{ label: 'Listeners', to: '/listeners' }]} title={user}>
      <EmptyState title={`Nobody called “${user}” has been heard.`} actions={<><Button kind="go" to={`/listeners?q=${encodeURIComponent(user)}`}>Look for a name like it</Button><Button to="/listeners">Show all listeners</Button></>}>
        The name may be misspelt: imported listeners carry their source in front, such as hetrec-2. A listener is here as soon as the first event with that user id is accepted; until then a list can be asked for, made of what is popular.
      </EmptyState>
    </Page>
  )
}

/** Says so when the listener's home screen shows the other list. */
function sayOtherShelf(shelf: Shelf, seen: ShelfSeen | undefined): string | undefined {
  if (seen === undefined || seen.shelf === shelf) return undefined
  const by = seen.experiment === undefined ? `the flag ${seen.flag}` : `the experiment ${seen.experiment}`
  return `Ready, but not on the shelf: ${by} gives this listener ${seen.shelf === 'popularity' ? 'the popularity list' : 'Discover Weekly'}.`
}
