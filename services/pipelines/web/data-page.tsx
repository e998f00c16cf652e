// All datasets: which keep their promise, who is hurt by those that do not; as a list, a grid of days, or a graph.
import type { Attention } from '@rondo/contract'
import { pipelinesContract, type EndpointRow } from '@rondo/pipelines/contract'
import { Button, type Column, DataTable, EmptyState, formatCount, formatThings, Loaded, Owner, Page, Section, Sentence, StateGlyph, stateRank, useActions, useFacets, useFitting, useGo, useKeys, useNow, useQueryState, useRoute, Views, When } from '@rondo/ui'
import { IconBinaryTree2, IconLayoutGrid, IconList } from '@tabler/icons-react'
import { useMemo } from 'react'
import { DataGraph } from './data-graph.tsx'
import { DataGrid } from './data-grid.tsx'
import { everyWords, sayHealth, sayPromise, sayState } from './data-words.ts'
import { EndpointPeek } from './endpoint-peek.tsx'
import { LandedMark } from './landed-mark.tsx'
import { namePartition } from './partition-cells.ts'
import { strictest } from './strictest-mark.ts'
import styles from './data.module.css'

const EVERY = { refetchMs: 5_000 }
const views = [{ id: 'list', label: 'List', icon: IconList }, { id: 'grid', label: 'Grid', icon: IconLayoutGrid }, { id: 'graph', label: 'Graph', icon: IconBinaryTree2 }]
const tallied = ['failed', 'blocked', 'late', 'silent', 'warned', 'running', 'waiting', 'healthy'] as const

export function DataPage() {
  const now = useNow()
  const go = useGo()
  const endpoints = useRoute(pipelinesContract, 'listEndpoints', {}, EVERY)
  const pulse = useRoute(pipelinesContract, 'pulse', {}, { refetchMs: 10_000 })
  const lineage = useRoute(pipelinesContract, 'lineage', {}, { refetchMs: 15_000 })
  const [view, setView] = useQueryState('view', 'list')
  const rows = endpoints.data?.rows ?? []
  const attention = pulse.data?.attention ?? []
  const troubleOf = useMemo(() => new Map((pulse.data?.attention ?? []).map((one) => [one.subject, one])), [pulse.data])
  const readers = useMemo(() => Map.groupBy(lineage.data?.edges ?? [], (edge) => edge.from), [lineage.data])
  const list = useFacets(rows, {
    text: (row) => `${row.name} ${row.owner} ${row.description}`,
    facets: {
      kind: { label: 'Kind', of: (row) => row.kind, name: (kind) => (kind === 'event' ? 'event type' : 'derived') },
      state: { label: 'State', of: (row) => row.state },
      owner: { label: 'Owner', of: (row) => row.owner, name: (owner) => owner.replace(/^squad-/, '') },
      every: { label: 'Every', of: (row) => everyWords[row.partition] },
      personal: { label: 'Personal', of: (row) => strictest(row) },
    },
    aside: <Views items={views} current={view} onChoose={setView} />,
  })
  const columns = useFitting(columnsFor(now, troubleOf, readers), { when: 1100, promise: 1240, every: 1240 })
  const cycle = (): void => setView(views[(views.findIndex((one) => one.id === view) + 1) % views.length]?.id ?? 'list')
  useKeys((key) => key === 'v' && (cycle(), true))
  useActions([
    { id: 'runs', label: 'Show the runs', run: () => go('/data/runs') },
    { id: 'ask', label: 'Ask the datasets in SQL', run: () => go('/ask') },
    { id: 'next-view', label: 'Show as list, grid or graph', says: 'V goes to the next view of the same question.', run: cycle },
  ])
  const sample = rows.find((row) => row.kind === 'derived') ?? rows[0]
  const empty = list.isFiltered
    ? <EmptyState title="No endpoint passes these filters." actions={<Button onClick={list.clear}>Show all {rows.length}</Button>} />
    : <EmptyState title="No datasets yet." commands={['npx rondo check']}>Every event type is one; more come from endpoints/ and pipelines/ of the workspace.</EmptyState>
  return (
    <Page
      arc="datasets"
      title="Data"
      meta={endpoints.data === undefined ? undefined : `${formatThings(rows.length, 'endpoint')}${list.isFiltered ? `, ${list.shown.length} shown` : ''}`}
      actions={<Button to="/data/runs">Runs</Button>}
      copy={{ ...(sample === undefined ? {} : { command: `npx rondo sql 'select * from "${sample.name}" limit 10'` }), call: '/api/pipelines/v1/endpoints' }}
    >
      {list.bar}
      {endpoints.data !== undefined && rows.length > 0 && <Verdict rows={rows} attention={attention} />}
      {view === 'list' || rows.length === 0 ? (
        <DataTable
          label="Data endpoints"
          rows={list.shown}
          columns={columns}
          state={endpoints}
          defaultSort="state"
          rowKey={(row) => row.name}
          rowHref={(row) => `/data/${encodeURIComponent(row.name)}`}
          peek={(row) => <EndpointPeek row={row} attention={troubleOf.get(row.name)} now={now} />}
          empty={empty}
        />
      ) : list.shown.length === 0 ? empty : view === 'grid' ? (
        <Section><DataGrid rows={list.shown} attention={troubleOf} now={now} /></Section>
      ) : (
        <Section><Loaded of={lineage} what="Could not read the lineage" lines={10}>{(graph) => <DataGraph graph={graph} shown={list.shown} />}</Loaded></Section>
      )}
    </Page>
  )
}

function Verdict({ rows, attention }: { rows: readonly EndpointRow[]; attention: readonly Attention[] }) {
  return (
    <div className={styles.verdict}>
      <Sentence>{sayHealth(rows, attention)}</Sentence>
      <ul aria-label="Endpoints by state">
        {tallied.map((state) => ({ state, count: rows.filter((row) => row.state === state).length })).filter(({ count }) => count > 0).map(({ state, count }) => <li key={state}><StateGlyph state={state} still label={`${formatCount(count)} ${state}`} /></li>)}
      </ul>
    </div>
  )
}

function columnsFor(now: number, troubleOf: Map<string, Attention>, readers: Map<string, unknown[]>): Column<EndpointRow>[] {
  return [
    { id: 'name', header: 'Endpoint', cell: (row) => <>{row.name}{row.kind === 'event' && <span className={`quiet ${styles.kind}`}>event</span>}</>, sort: (row) => row.name },
    { id: 'state', header: 'State', cell: (row) => <StateGlyph state={row.state} still label={sayState(row, troubleOf.get(row.name), now)} />, sort: (row) => stateRank[row.state], narrow: 'line' },
    { id: 'every', header: 'Every', cell: (row) => everyWords[row.partition], sort: (row) => row.partition },
    { id: 'last', header: 'Last partition', cell: (row) => (row.lastPartition === null ? <span className="quiet">{row.kind === 'event' && row.partitions > 0 ? 'none closed yet' : 'none yet'}</span> : <span title={row.lastPartition}>{namePartition(row.partition, row.lastPartition)}</span>), sort: (row) => row.lastPartition },
    { id: 'rows', header: 'Rows', cell: (row) => formatCount(row.rows), sort: (row) => row.rows, align: 'end', narrow: 'value' },
    { id: 'when', header: 'Landed', cell: (row) => (row.kind === 'event' && row.rows === 0 && row.lastPublishedAt === null ? <span className="quiet" title="The hour closed without an event: there is nothing to land.">empty hour</span> : <When at={row.lastPublishedAt} />), sort: (row) => row.lastPublishedAt, align: 'end' },
    { id: 'landed', header: 'To promise', cell: (row) => <LandedMark lagMs={row.lagMs} landsWithinMinutes={row.slo.landsWithinMinutes} />, sort: (row) => row.lagMs },
    { id: 'promise', header: 'Promise', cell: (row) => sayPromise(row.slo), sort: (row) => row.slo.landsWithinMinutes },
    { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner, narrow: 'line' },
    ...(troubleOf.size === 0 ? [] : [hurtsColumn(troubleOf, readers)]),
  ]
}

/** Only while something hurts somebody. */
function hurtsColumn(troubleOf: Map<string, Attention>, readers: Map<string, unknown[]>): Column<EndpointRow> {
  return { id: 'hurts', header: 'Hurts', cell: (row) => <Hurts attention={troubleOf.get(row.name)} readers={readers.get(row.name)?.length ?? 0} />, sort: (row) => (troubleOf.has(row.name) ? 0 : 1) }
}

function Hurts({ attention, readers }: { attention: Attention | undefined; readers: number }) {
  if (attention === undefined) return <span className="quiet" title={readers === 0 ? 'nothing is made from it' : `${formatThings(readers, 'endpoint')} made from it`}>nobody</span>
  return <span className="clip" style={{ display: 'block', maxWidth: 180 }} title={attention.hurts}>{attention.hurts}</span>
}
