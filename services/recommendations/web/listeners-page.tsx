// Everybody who listens: how much, how lately, and what became of this week's list.
import { useEffect, useState } from 'react'
import { Bars, Button, DataTable, EmptyState, formatCount, formatShare, KeyValues, Loaded, Page, Section, Tag, useFacets, useQueryState, useRoute, When, type Column } from '@rondo/ui'
import { recommendationsContract, type Listener } from '../src/contract.ts'
import { useIsSimulated } from './world.ts'

const LIMIT = 500

const columns: Column<Listener>[] = [
  { id: 'listener', header: 'Listener', cell: (row) => row.user, sort: (row) => row.user },
  { id: 'plays', header: 'Plays', cell: (row) => formatCount(row.plays), sort: (row) => row.plays, align: 'end', narrow: 'line' },
  { id: 'saves', header: 'Saves', cell: (row) => formatCount(row.saves), sort: (row) => row.saves, align: 'end' },
  { id: 'heard', header: 'Tracks heard', cell: (row) => formatCount(row.tracksHeard), sort: (row) => row.tracksHeard, align: 'end' },
  { id: 'list', header: 'This week’s list played', cell: (row) => <>{row.listPlayed} <span className="quiet">of 30</span></>, sort: (row) => row.listPlayed, align: 'end', narrow: 'value', narrowLabel: 'List' },
  { id: 'seen', header: 'Last event', cell: (row) => <When at={row.lastEventAt} />, sort: (row) => row.lastEventAt, align: 'end', narrow: 'line', narrowLabel: '' },
]

export function ListenersPage() {
  const [q] = useQueryState('q')
  const settled = useSettled(q.trim(), 150)
  const isSimulated = useIsSimulated()
  const listeners = useRoute(recommendationsContract, 'listUsers', { limit: LIMIT, ...(settled === '' ? {} : { q: settled }) }, { refetchMs: 10_000 })
  const rows = listeners.data?.rows ?? []
  const total = listeners.data?.total
  const list = useFacets(rows, { text: (row) => row.user })
  const meta = total === undefined ? undefined : `${formatCount(total)}${settled === '' ? '' : ' found'}${total > rows.length ? `, the latest ${formatCount(rows.length)} shown` : ''}`
  return (
    <Page arc="listen" title="Listeners" meta={meta} state={isSimulated ? <Tag>simulated</Tag> : undefined} copy={{ call: '/api/recommendations/v1/users' }}>
      {list.bar}
      <DataTable
        label="Listeners" rows={list.shown} columns={columns} state={listeners}
        rowKey={(row) => row.user} rowHref={(row) => `/listeners/${encodeURIComponent(row.user)}`}
        peek={(row) => <ListenerPeek listener={row} />}
        empty={list.isFiltered
          ? <EmptyState title={`No listener is called “${q}”.`} actions={<Button onClick={list.clear}>Show all</Button>} />
          : <EmptyState title="Nobody has listened yet." commands={['npx rondo up --world small', 'npx rondo import json FILE']}>The first starts invented listeners, the second brings a history of your own, one event a line. Everybody who plays something is here a moment later.</EmptyState>}
      />
    </Page>
  )
}

function ListenerPeek({ listener }: { listener: Listener }) {
  const detail = useRoute(recommendationsContract, 'getUser', { user: listener.user })
  return (
    <>
      <Section>
        <KeyValues
          rows={[
            ['Plays', formatCount(listener.plays)],
            ['Saves', formatCount(listener.saves)],
            ['Tracks heard', formatCount(listener.tracksHeard)],
            ['Last event', <When key="last" at={listener.lastEventAt} />],
          ]}
        />
      </Section>
      <Section title="Taste by genre">
        <Loaded of={detail} lines={6}>
          {(data) => data.genres.length === 0 ? <p className="quiet">No taste yet.</p> : <Bars finding={`Mostly ${data.genres[0]?.genre ?? ''}`} bars={data.genres.map(({ genre, share }) => ({ key: genre, label: genre, value: share, text: formatShare(share, 0) }))} />}
        </Loaded>
      </Section>
    </>
  )
}

/** The value once it has stood for `ms`. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
