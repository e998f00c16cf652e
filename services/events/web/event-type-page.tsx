// One event type: how it flows now, its buckets, what died and why, and what it must say.
import { eventsContract, type TypeRow } from '@rondo/events/contract'
import { DAY_MS, HOUR_MS, startOfDay, startOfHour, toIso } from '@rondo/time'
import { Button, Columns, EmptyState, formatCount, Loaded, Owner, Page, Section, Tag, useActions, useGo, useNow, usePathParam, useRoute, useTabs } from '@rondo/ui'
import { useMemo } from 'react'
import { toBucketDays } from './bucket-days.ts'
import { Accounts } from './accounts.tsx'
import { BucketGrid } from './bucket-grid.tsx'
import { BucketsTable } from './buckets-table.tsx'
import { HISTORY_HOURS } from './day-notes.ts'
import { DeadLetters } from './dead-letters.tsx'
import { NewestEvents } from './newest-events.tsx'
import { listFields, strictestMark } from './schema-fields.ts'
import { ReadersPage } from './readers-page.tsx'
import { SchemaPage } from './schema-page.tsx'
import { SendOne } from './send-one.tsx'
import { TypeNow } from './type-now.tsx'
import { TypeSide } from './type-side.tsx'
import { TypeState } from './type-state.tsx'
import { useReplay } from './use-replay.tsx'

const EVERY = { refetchMs: 5_000 }
const DAYS = 7

export function EventTypePage() {
  const type = usePathParam('type')
  const found = useRoute(eventsContract, 'getType', { type }, EVERY)
  const crumbs = [{ label: 'Events', to: '/events' }]
  if (found.data === undefined || found.data.type !== type) {
    if (found.error?.kind === 'not-found') return <Page arc="events" title={type} crumbs={crumbs}><EmptyState title={`No event type is called ${type}.`} actions={<><Button kind="go" to="/events">Show all types</Button><Button to={`/events/${encodeURIComponent(type)}/dead`}>Letters of this name</Button></>}>It may be misspelt, or not be in events/ of the workspace yet.</EmptyState></Page>
    return <Page arc="events" title={type} crumbs={crumbs}><Loaded of={{ ...found, data: undefined }} what={`Could not read ${type}`} lines={10}>{() => null}</Loaded></Page>
  }
  return <KnownType row={found.data} />
}

function KnownType({ row }: { row: TypeRow }) {
  const { type, schema } = row
  const now = useNow()
  const go = useGo()
  const pulse = useRoute(eventsContract, 'pulse', {}, { refetchMs: 10_000 })
  const trouble = pulse.data?.attention.find((one) => one.subject === type)
  const history = useRoute(eventsContract, 'history', { type, hours: HISTORY_HOURS }, { refetchMs: 10_000 })
  const from = toIso(startOfDay(now) - (DAYS - 1) * DAY_MS)
  const buckets = useRoute(eventsContract, 'listBuckets', { type, from }, { refetchMs: 10_000 })
  const reports = useRoute(eventsContract, 'reports', { type, from }, { refetchMs: 30_000 })
  const readers = useRoute(eventsContract, 'listReaders', { type }, EVERY)
  const wrong = useMemo(() => new Set((reports.data?.rows ?? []).filter((row) => row.difference !== 0).map((row) => row.hour)), [reports.data])
  const counts = useRoute(eventsContract, 'counts', { type, from: toIso(startOfHour(now) - 23 * HOUR_MS) }, EVERY)
  const dead = useRoute(eventsContract, 'listDead', { type, limit: 200 }, EVERY)
  const deadCount = (dead.data?.reasons ?? []).reduce((sum, one) => sum + one.count, 0)
  const replay = useReplay(type, deadCount)
  const fields = listFields(schema)
  const mark = strictestMark(fields.map((field) => field.personal))
  const [tab, bar] = useTabs([
    { id: 'now', label: 'Now' },
    { id: 'buckets', label: 'Buckets', count: buckets.data === undefined ? undefined : formatCount(buckets.data.rows.length) },
    { id: 'dead', label: 'Dead letters', count: formatCount(deadCount) },
    { id: 'events', label: 'Newest' },
    { id: 'schema', label: 'Schema', count: fields.length },
    { id: 'readers', label: 'Readers', count: readers.data === undefined ? undefined : formatCount(readers.data.rows.length) },
    { id: 'send', label: 'Send one' },
  ])
  useActions([
    { id: 'send-one', label: `Show how to send a ${type}`, run: () => go(`/events/${encodeURIComponent(type)}?tab=send`) },
    { id: 'readers', label: `Show who reads ${type}`, run: () => go(`/events/${encodeURIComponent(type)}?tab=readers`) },
    { id: 'made', label: `Show what is made from ${type}`, run: () => go(`/data/${encodeURIComponent(type)}`) },
  ])
  return (
    <Page
      arc="events"
      title={type}
      crumbs={[{ label: 'Events', to: '/events' }]}
      meta={<code>{row.version}</code>}
      state={<TypeState row={row} trouble={trouble} now={now} />}
      aside={<><Owner name={row.owner} /><Tag>{row.slo.charAt(0).toUpperCase() + row.slo.slice(1)}</Tag>{mark !== 'none' && <Tag tone="tonic">personal: {mark}</Tag>}</>}
      copy={{ command: `npx rondo events tail ${type}`, call: `/api/events/v1/types/${type}` }}
      actions={<Button to={`/data/${encodeURIComponent(type)}`}>Lineage</Button>}
    >
      {bar}
      {tab === 'now' && (
        <Columns side={<TypeSide row={row} />} sideWidth={420}>
          <TypeNow row={row} trouble={trouble} now={now} history={history} counts={counts} buckets={buckets} wrong={wrong} dead={dead} replay={replay} />
        </Columns>
      )}
      {tab === 'buckets' && (
        <Loaded of={buckets} what="Could not read the buckets" lines={8}>
          {({ rows, closedUntil }) => (rows.length === 0 ? <BucketsTable rows={rows} /> : (
            <>
              <Section title="Hourly buckets" hint="rows by time of receipt, UTC"><BucketGrid days={toBucketDays(rows, closedUntil, now, DAYS)} wrong={wrong} /></Section>
              <Accounts type={type} reports={reports} days={DAYS} />
              <Section flush><BucketsTable rows={rows} /></Section>
            </>
          ))}
        </Loaded>
      )}
      {tab === 'dead' && <DeadLetters type={type} replay={replay} />}
      {tab === 'events' && <NewestEvents type={type} />}
      {tab === 'schema' && <SchemaPage row={row} fields={fields} />}
      {tab === 'readers' && <ReadersPage type={type} />}
      {tab === 'send' && <SendOne type={type} schema={schema} />}
    </Page>
  )
}
