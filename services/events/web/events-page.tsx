// All event types: how much flows, where it went, and which need a look, those first.
import { eventsContract, PROMISES, type Standing } from '@rondo/events/contract'
import { HOUR_MS, startOfHour, toIso } from '@rondo/time'
import { Button, type Column, DataTable, EmptyState, formatCount, formatDuration, formatExact, formatRate, formatShare, formatThings, Link, Owner, Skeleton, Staff, StateGlyph, stateRank, useActions, useFacets, useFitting, useGo, useNow, useRoute, When } from '@rondo/ui'
import { useMemo } from 'react'
import { LivePage } from './live-page.tsx'
import { Losses } from './losses.tsx'
import { Reconcile, sumCounts } from './reconcile.tsx'
import { completeness, deadShareOf, isKept, sayAllowed, sayPromise, sloNames, toStaffNotes } from './standing-words.ts'
import { TypePeek } from './type-peek.tsx'
import { stateOfStanding, type Trouble } from './state-of-standing.ts'
import { TypeState } from './type-state.tsx'
import { UnknownNames } from './unknown-names.tsx'
import styles from './events.module.css'

const sloRank = { gold: 0, silver: 1, bronze: 2 }
const keptNames: Record<string, string> = { kept: 'kept', missed: 'missed', waiting: 'nothing sent yet' }
/** Above any rate: within a state the busiest stand first. */
const RANKS_APART = 1e12

export function EventsPage() {
  const now = useNow()
  const go = useGo()
  const types = useRoute(eventsContract, 'standings', {}, { refetchMs: 10_000 })
  const pulse = useRoute(eventsContract, 'pulse', {}, { refetchMs: 15_000 })
  const from = toIso(startOfHour(now) - 23 * HOUR_MS)
  const counts = useRoute(eventsContract, 'counts', { from }, { refetchMs: 15_000 })
  const losses = useRoute(eventsContract, 'losses', { from }, { refetchMs: 60_000 })
  const unknown = counts.data?.rows.find((row) => row.type === 'unknown')
  const unknownLetters = useRoute(eventsContract, 'listDead', { type: 'unknown', limit: 1 }, { refetchMs: 10_000, enabled: unknown !== undefined && unknown.dead > 0 })
  const rows = types.data?.rows ?? []
  const sums = sumCounts(counts.data?.rows ?? [])
  const troubleOf = useMemo(() => new Map((pulse.data?.attention ?? []).map((one): [string, Trouble] => [one.subject, one])), [pulse.data])
  const list = useFacets(rows, {
    text: (row) => `${row.type} ${row.owner} ${row.description}`,
    facets: {
      state: { label: 'State', of: stateOfStanding },
      owner: { label: 'Owner', of: (row) => row.owner, name: (owner) => owner.replace(/^squad-/, '') },
      slo: { label: 'Level', of: (row) => row.slo, name: (slo) => sloNames[slo as Standing['slo']] ?? slo },
      promise: { label: 'Promise', of: isKept, name: (kept) => keptNames[kept] ?? kept },
      personal: { label: 'Personal data', of: (row) => row.personal },
    },
  })
  useActions([
    { id: 'erase-person', label: 'Find or erase what is kept of a person', says: 'Counts the copies that can be read, and destroys their keys.', command: 'npx rondo events audit USER', run: () => go('/erasure') },
    ...(list.isFiltered ? [{ id: 'all-types', label: 'Show all event types', run: list.clear }] : []),
  ])
  const columns = useMemo((): Column<Standing>[] => [
    { id: 'type', header: 'Event type', cell: (row) => <>{row.type}<code className={`quiet ${styles.version}`}>{row.version}</code></>, sort: (row) => row.type },
    { id: 'state', header: 'State', cell: (row) => <TypeState row={row} trouble={troubleOf.get(row.type)} now={now} />, sort: (row) => stateRank[stateOfStanding(row)] * RANKS_APART - row.ratePerHour, narrow: 'line' },
    { id: 'rate', header: 'Rate', cell: (row) => formatRate(row.ratePerHour / 3600), sort: (row) => row.ratePerHour, align: 'end', narrow: 'value', narrowLabel: '' },
    { id: 'usual', header: '24 hours against the usual', cell: (row) => <Staff notes={toStaffNotes(row)} isPast />, width: 188 },
    { id: 'lag', header: 'Not landed', cell: (row) => <Lag row={row} />, sort: (row) => row.landingLagMs, align: 'end' },
    { id: 'complete', header: 'Complete', cell: (row) => <Complete row={row} />, sort: completeness, align: 'end' },
    { id: 'dead', header: 'Dead', cell: (row) => <DeadShare row={row} />, sort: deadShareOf, align: 'end' },
    { id: 'seen', header: 'Last event', cell: (row) => <When at={row.lastEventAt} />, sort: (row) => row.lastEventAt, align: 'end' },
    { id: 'slo', header: 'Promise', cell: (row) => <Promised row={row} />, sort: (row) => sloRank[row.slo], narrow: 'line' },
    { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner, narrow: 'line' },
  ], [troubleOf, now])
  const fitting = useFitting(columns, { usual: 900, complete: 1080, lag: 1180, slo: 1280, seen: 1560 })
  return (
    <LivePage
      meta={types.data === undefined ? undefined : `${formatThings(rows.length, 'type')}${list.isFiltered ? `, ${formatCount(list.shown.length)} shown` : ''}`}
      above={<>{list.bar}{counts.data === undefined ? (counts.error === undefined && <Skeleton lines={2} />) : <Reconcile sum={sums} wrong={rows.reduce((sum, row) => sum + row.closed.wrong, 0)} aside={sums.accepted > 0 && <Losses rows={losses.data?.rows ?? []} />} />}</>}
    >
      {unknown !== undefined && unknown.dead > 0 && (
        <p className={styles.unknown}><StateGlyph state="warned" label={`${formatThings(unknown.dead, 'letter')} of no known type:`} /> <UnknownNames types={unknownLetters.data?.types ?? []} most={3} /> <Link className="link" to="/events/unknown/dead">See what came</Link></p>
      )}
      <DataTable
        label="Event types"
        rows={list.shown}
        columns={fitting}
        state={types}
        defaultSort="state"
        rowKey={(row) => row.type}
        rowHref={(row) => `/events/${encodeURIComponent(row.type)}`}
        peek={(row) => <TypePeek row={row} trouble={troubleOf.get(row.type)} now={now} />}
        empty={list.isFiltered
          ? <EmptyState title="No event type passes these filters." actions={<Button onClick={list.clear}>Show all {formatCount(rows.length)}</Button>} />
          : <EmptyState title="No event types yet." commands={['npx rondo check', 'npx rondo import hetrec PATH']}>Write one in the folder events/ of the workspace: it is here as soon as the file is saved. Until then nothing can be sent.</EmptyState>}
      />
    </LivePage>
  )
}

function Lag({ row }: { row: Standing }) {
  if (row.landingLagMs === 0) return <span className="quiet" title="Nothing waits for its bucket.">—</span>
  return <span className={row.misses.includes('late') ? 'late strong' : ''} title={`The oldest event that is in no bucket; promised within ${formatDuration(PROMISES[row.slo].landsWithinMs)}.`}>{formatDuration(row.landingLagMs)}</span>
}

function Complete({ row }: { row: Standing }) {
  const share = completeness(row)
  const { hours, delivered, wrong, wrongHours } = row.closed
  if (share === null) return <span className="quiet" title="No hour with events was closed in the last day.">—</span>
  const title = wrong === 0 ? `All ${formatCount(delivered)} of ${formatThings(hours, 'closed hour')} are in their buckets.` : `${formatExact(wrong)} unaccounted for in ${formatThings(wrongHours, 'closed hour')}.`
  return <span className={wrong === 0 ? '' : 'bad strong'} title={title}>{wrong === 0 ? formatShare(1) : `${formatExact(wrong)} off`}</span>
}

function DeadShare({ row }: { row: Standing }) {
  const share = deadShareOf(row)
  return <span className={share === null || share === 0 ? 'quiet' : row.misses.includes('bad') ? 'late strong' : ''} title={`${formatCount(row.dead)} of ${formatCount(row.accepted)} in 24 h; ${sayAllowed(PROMISES[row.slo].deadShare)} are allowed`}>{formatShare(share)}</span>
}

function Promised({ row }: { row: Standing }) {
  const kept = isKept(row)
  return <span className={kept === 'missed' ? 'late' : kept === 'waiting' ? 'quiet' : ''} title={sayPromise(row.slo)}>{sloNames[row.slo]} {kept === 'missed' ? 'missed' : kept === 'kept' ? 'kept' : ''}</span>
}
