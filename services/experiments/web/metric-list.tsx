// The catalog of metrics: defined once, reused by every experiment.
import { DataTable, EmptyState, KeyValues, Link, Owner, Section, When, type Column, type RouteState } from '@rondo/ui'
import type { MetricDefinition } from '../src/contract.ts'
import { nameMetric } from './experiment-words.ts'
import styles from './experiments.module.css'

type Metric = MetricDefinition & { usedBy: string[]; updatedAt: string }

const columns: Column<Metric>[] = [
  { id: 'metric', header: 'Metric', cell: (row) => nameMetric(row.name), sort: (row) => row.name },
  { id: 'description', header: 'What it counts', cell: (row) => <span className="soft" style={{ display: 'block', padding: '6px 0', whiteSpace: 'normal' }}>{row.description}</span>, narrow: 'line' },
  { id: 'type', header: 'Kind', cell: (row) => row.type, sort: (row) => row.type },
  { id: 'better', header: 'Better', cell: (row) => row.better, sort: (row) => row.better },
  { id: 'endpoint', header: 'Dataset', cell: (row) => <Link className="mono" to={`/data/${row.endpoint}`}>{row.endpoint}</Link>, sort: (row) => row.endpoint },
  { id: 'used', header: 'Used by', cell: (row) => row.usedBy.length, sort: (row) => row.usedBy.length, align: 'end', narrow: 'value' },
  { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner },
]

export function MetricList({ metrics }: { metrics: RouteState<{ rows: Metric[] }> }) {
  return (
    <DataTable
      label="Metrics" name="metric" rows={metrics.data?.rows ?? []} columns={columns} state={metrics}
      rowKey={(row) => row.name}
      peek={(row) => <MetricPeek metric={row} />}
      peekTitle={(row) => nameMetric(row.name)}
      empty={<EmptyState title="No metrics yet." commands={['npx rondo check']}>Write them in the workspace’s metrics folder, over a daily dataset with one row a unit.</EmptyState>}
    />
  )
}

function MetricPeek({ metric }: { metric: Metric }) {
  return (
    <Section>
      <p className={styles.quote}>{metric.description}</p>
      <KeyValues
        rows={[
          ['Kind', metric.type === 'mean' ? 'mean of the sum per unit' : 'share of units above zero'],
          ['Better', metric.better],
          ['Column', <code key="column">{metric.endpoint}.{metric.column}</code>],
          ['Unit', <code key="unit">{metric.unit}</code>],
          ['Owner', <Owner key="owner" name={metric.owner} />],
          ['Changed', <When key="changed" at={metric.updatedAt} />],
          ['Used by', metric.usedBy.length === 0 ? 'no experiment yet' : <span key="used">{metric.usedBy.map((id, index) => <span key={id}>{index > 0 && ', '}<Link className="link" to={`/experiments/${encodeURIComponent(id)}`}>{id}</Link></span>)}</span>],
        ]}
      />
    </Section>
  )
}
