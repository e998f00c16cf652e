// All event types: how much flows, where it went, and which need a look.
import { eventsContract, type TypeRow } from '@rondo/events/contract'
import { HOUR_MS, startOfHour, toIso } from '@rondo/time'
import { Button, type Column, DataTable, EmptyState, formatCount, formatRate, formatShare, formatThings, Link, Owner, Page, Skeleton, StateGlyph, stateRank, useActions, useFacets, useFitting, useNow, useRoute, When } from '@rondo/ui'
import { useMemo } from 'react'
import { LiveStrip } from './live-strip.tsx'
import { Reconcile, sumCounts } from './reconcile.tsx'
import { strictestMark } from './schema-fields.ts'
import { TypePeek } from './type-peek.tsx'
import { TypeStaff } from './type-staff.tsx'
import { stateOf, TypeState, type Trouble } from './type-state.tsx'
import { UnknownNames } from './unknown-names.tsx'
import { useLiveEvents } from './use-live-events.ts'
import styles from './events.module.css'

const DEAD_SHARE = 0.01
const slos = { gold: 'Gold', silver: 'Silver', bronze: 'Bronze' }
const sloRank = { gold: 0, silver: 1, bronze: 2 }
const marks = { none: 'none', narrow: 'narrow', strict: 'strict' }

export function EventsPage() {
  const now = useNow()
  const types = useRoute(eventsContract, 'listTypes', {}, { refetchMs: 5_000 })
  const pulse = useRoute(eventsContract, 'pulse', {}, { refetchMs: 10_000 })
  const from = toIso(startOfHour(now) - 23 * HOUR_MS)
  const counts = useRoute(eventsContract, 'counts', { from }, { refetchMs: 5_000 })
  const live = useLiveEvents({ keep: 8 })
  const unknown = counts.data?.rows.find((row) => row.type === 'unknown')
  const unknownLetters = useRoute(eventsContract, 'listDead', { type: 'unknown', limit: 1 }, { refetchMs: 10_000, enabled: unknown !== undefined && unknown.dead > 0 })
  const rows = types.data?.rows ?? []
  const countOf = useMemo(() => new Map((counts.data?.rows ?? []).map((row) => [row.type, row])), [counts.data])
  const troubleOf = useMemo(() => new Map((pulse.data?.attention ?? []).map((one): [string, Trouble] => [one.subject, one])), [pulse.data])
  const list = useFacets(rows, {
    text: (row) => `${row.type} ${row.owner} ${row.description}`,
    facets: {
      state: { label: 'State', of: (row) => stateOf(row, troubleOf.get(row.type)) },
      owner: { label: 'Owner', of: (row) => row.owner, name: (owner) => owner.replace(/^squad-/, '') },
      slo: { label: 'Promise', of: (row) => row.slo, name: (slo) => slos[slo as TypeRow['slo']] ?? slo },
      personal: { label: 'Personal data', of: (row) => strictestMark(row.columns.map((column) => column.personal)), name: (mark) => marks[mark as keyof typeof marks] ?? mark },
    },
  })
  useActions([
    { id: 'pause-live', label: live.isPaused ? 'Let the live line go on' : 'Hold the live line still', run: () => live.setPaused(!live.isPaused) },
    ...(list.isFiltered ? [{ id: 'all-types', label: 'Show all event types', run: list.clear }] : []),
  ])
  const columns: Column<TypeRow>[] = [
    { id: 'type', header: 'Event type', cell: (row) => <>{row.type}<code className={`quiet ${styles.version}`}>{row.version}</code></>, sort: (row) => row.type },
    { id: 'state', header: 'State', cell: (row) => <TypeState row={row} trouble={troubleOf.get(row.type)} now={now} />, sort: (row) => stateRank[stateOf(row, troubleOf.get(row.type))], narrow: 'line' },
    { id: 'rate', header: 'Rate', cell: (row) => formatRate(row.ratePerHour / 3600), sort: (row) => row.ratePerHour, align: 'end', narrow: 'value' },
    { id: 'usual', header: '24 hours against the usual', cell: (row) => <TypeStaff type={row.type} now={now} />, width: 188 },
    { id: 'accepted', header: 'Accepted, 24 h', cell: (row) => formatCount(countOf.get(row.type)?.accepted), sort: (row) => countOf.get(row.type)?.accepted ?? null, align: 'end' },
    { id: 'dead', header: 'Dead', cell: (row) => <DeadShare row={countOf.get(row.type)} />, sort: (row) => deadShare(countOf.get(row.type)), align: 'end' },
    { id: 'seen', header: 'Last event', cell: (row) => <When at={row.lastEventAt} />, sort: (row) => row.lastEventAt, align: 'end' },
    { id: 'slo', header: 'Promise', cell: (row) => slos[row.slo], sort: (row) => sloRank[row.slo] },
    { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner, narrow: 'line' },
  ]
  const fitting = useFitting(columns, { accepted: 1080, seen: 1280, slo: 1280 })
  return (
    <Page
      arc="events"
      title="Events"
      meta={types.data === undefined ? undefined : `${formatCount(rows.length)} types${list.isFiltered ? `, ${list.shown.length} shown` : ''}`}
      aside={live.perSecond !== undefined && <StateGlyph state="live" still label={<span title="accepted a second, mean of the last ten seconds">{formatRate(live.perSecond)}</span>} />}
      copy={{ command: 'npx rondo events types', call: '/api/events/v1/types' }}
    >
      {list.bar}
      {counts.data === undefined ? (counts.error === undefined && <Skeleton lines={2} />) : <Reconcile sum={sumCounts(counts.data.rows)} />}
      <LiveStrip live={live} />
      {unknown !== undefined && unknown.dead > 0 && (
        <p className={styles.unknown}><StateGlyph state="warned" label={`${formatThings(unknown.dead, 'letter')} of no known type:`} /> <UnknownNames types={unknownLetters.data?.types ?? []} most={3} /> <Link className="link" to="/events/unknown/dead">See what came</Link></p>
      )}
      <DataTable
        label="Event types"
        rows={list.shown}
        columns={fitting}
        state={types}
        defaultSort="-rate"
        rowKey={(row) => row.type}
        rowHref={(row) => `/events/${encodeURIComponent(row.type)}`}
        peek={(row) => <TypePeek row={row} trouble={troubleOf.get(row.type)} now={now} />}
        empty={list.isFiltered
          ? <EmptyState title="No event type passes these filters." actions={<Button onClick={list.clear}>Show all {rows.length}</Button>} />
          : <EmptyState title="No event types yet." commands={['npx rondo check', 'npx rondo import hetrec PATH']}>Write one in the folder events/ of the workspace: it is here as soon as the file is saved. Until then nothing can be sent.</EmptyState>}
      />
    </Page>
  )
}

function deadShare(row: { accepted: number; dead: number } | undefined): number | null {
  return row === undefined || row.accepted === 0 ? null : row.dead / row.accepted
}

function DeadShare({ row }: { row: { accepted: number; dead: number } | undefined }) {
  const share = deadShare(row)
  return <span className={share === null ? 'quiet' : share > DEAD_SHARE ? 'late strong' : ''} title={row === undefined ? undefined : `${formatCount(row.dead)} of ${formatCount(row.accepted)}`}>{formatShare(share)}</span>
}
