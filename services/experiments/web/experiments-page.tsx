// Experiments, flags and metrics: what is tried, how it is switched, and what it is measured by.
import { formatCount, formatShare, Figure, Figures, Page, useRoute, useTabs } from '@rondo/ui'
import { experimentsContract } from '../src/contract.ts'
import { ExperimentList } from './experiment-list.tsx'
import { FlagList } from './flag-list.tsx'
import { MetricList } from './metric-list.tsx'

export function ExperimentsPage() {
  const experiments = useRoute(experimentsContract, 'listExperiments', {}, { refetchMs: 5_000 })
  const flags = useRoute(experimentsContract, 'listFlags', {}, { refetchMs: 15_000 })
  const metrics = useRoute(experimentsContract, 'listMetrics', {}, { refetchMs: 15_000 })
  const learning = useRoute(experimentsContract, 'learning', {}, { refetchMs: 15_000 })
  const count = (rows: readonly unknown[] | undefined) => (rows === undefined ? {} : { count: formatCount(rows.length) })
  const [tab, tabs] = useTabs([
    { id: 'experiments', label: 'Experiments', ...count(experiments.data?.rows) },
    { id: 'flags', label: 'Flags', ...count(flags.data?.rows) },
    { id: 'metrics', label: 'Metrics', ...count(metrics.data?.rows) },
  ])
  const rows = experiments.data?.rows
  const total = learning.data?.total
  const running = rows?.filter((row) => row.state === 'running')
  return (
    <Page arc="experiments" title="Experiments" copy={{ command: tab === 'flags' ? 'npx rondo flags list' : 'npx rondo experiments list', call: `/api/experiments/v1/${tab}` }}>
      {tabs}
      {tab === 'experiments' && (rows === undefined || rows.length > 0) && (
        <Figures>
          {[
            <Figure key="running" value={running === undefined ? '—' : running.length} label="running" usual={running === undefined || running.length === 0 ? undefined : `${formatCount(running.reduce((sum, row) => sum + row.units, 0))} units exposed`} />,
            <Figure key="stopped" value={total === undefined ? '—' : total.stopped} label="stopped" />,
            <Figure key="learning" value={formatShare(total?.learningRate, 0)} label="learning rate" usual={total === undefined || total.stopped === 0 ? 'none has stopped' : `${total.learned} of ${total.stopped} told us something`} />,
            <Figure key="win" value={formatShare(total?.winRate, 0)} label="win rate" tone="soft" />,
          ]}
        </Figures>
      )}
      {tab === 'experiments' && <ExperimentList experiments={experiments} />}
      {tab === 'flags' && <FlagList flags={flags} />}
      {tab === 'metrics' && <MetricList metrics={metrics} />}
    </Page>
  )
}
