// All runs, newest first: what was made, from what, and what failed.
import { pipelinesContract } from '@rondo/pipelines/contract'
import { Button, EmptyState, formatCount, formatThings, Page, useFacets, useRoute } from '@rondo/ui'
import { RunsTable } from './runs-table.tsx'

const MOST = 500

export function RunsPage() {
  const runs = useRoute(pipelinesContract, 'listRuns', { limit: MOST }, { refetchMs: 5_000 })
  const rows = runs.data?.rows ?? []
  const list = useFacets(rows, {
    text: (row) => `${row.endpoint} ${row.partition} ${row.id} ${row.error?.message ?? ''}`,
    facets: {
      state: { label: 'State', of: (row) => row.state },
      endpoint: { label: 'Endpoint', of: (row) => row.endpoint },
      over: { label: 'Over', of: (row) => (row.provisional ? 'open inputs' : 'closed inputs') },
    },
  })
  const failed = rows.filter((row) => row.state === 'failed').length
  return (
    <Page arc="datasets" title="Runs" crumbs={[{ label: 'Data', to: '/data' }]} meta={runs.data === undefined ? undefined : `${rows.length < MOST ? formatThings(rows.length, 'run') : `the newest ${formatCount(rows.length)}`}${failed > 0 ? `, ${formatThings(failed, 'failure')}` : ''}`} copy={{ call: `/api/pipelines/v1/runs?limit=${MOST}` }}>
      {list.bar}
      <RunsTable rows={list.shown} state={runs} {...(list.isFiltered ? { empty: <EmptyState title="No run passes these filters." actions={<Button onClick={list.clear}>Show all {rows.length}</Button>} /> } : {})} />
    </Page>
  )
}
