// Trained models, newest first: from how much they learned, and how well they guess plays that were held back from training.
import { DataTable, EmptyState, formatCount, formatDuration, formatNumber, KeyValues, Section, Tag, toMs, TimeSeries, When, type Column, type RouteState } from '@rondo/ui'
import type { ModelRow } from '../src/contract.ts'
import { nameMonday } from './list-words.ts'
import styles from './recommendations.module.css'

const metric = (row: ModelRow, name: string): number | null => row.metrics[name] ?? null

const columns: Column<ModelRow>[] = [
  { id: 'week', header: 'Model', cell: (row) => <Version model={row} />, sort: (row) => row.trainedAt },
  { id: 'trained', header: 'Trained', cell: (row) => <><When at={row.trainedAt} /><span className="quiet"> in {formatDuration(row.trainMs)}</span></>, sort: (row) => row.trainedAt, narrow: 'line' },
  { id: 'users', header: 'Listeners', cell: (row) => formatCount(row.users), sort: (row) => row.users, align: 'end' },
  { id: 'items', header: 'Tracks', cell: (row) => formatCount(row.items), sort: (row) => row.items, align: 'end' },
  { id: 'interactions', header: 'Interactions', cell: (row) => formatCount(row.interactions), sort: (row) => row.interactions, align: 'end' },
  { id: 'recall', header: 'recall@20', cell: (row) => formatNumber(metric(row, 'recall@20'), 3), sort: (row) => metric(row, 'recall@20'), align: 'end', narrow: 'value' },
  { id: 'ndcg', header: 'ndcg@20', cell: (row) => formatNumber(metric(row, 'ndcg@20'), 3), sort: (row) => metric(row, 'ndcg@20'), align: 'end' },
  { id: 'lists', header: 'Lists', cell: (row) => formatCount(row.lists), sort: (row) => row.lists, align: 'end' },
]

/** Measured models in time, once there are enough to see a way. */
export function GuessSection({ rows }: { rows: ModelRow[] }) {
  const measured = rows.filter((row) => metric(row, 'recall@20') !== null).toSorted((a, b) => (a.trainedAt < b.trainedAt ? -1 : 1))
  const [first, last] = [measured[0], measured.at(-1)]
  if (first === undefined || last === undefined || measured.length < 3) return null
  return (
    <Section title="How well they guess" hint="plays held back from training, by model">
      <TimeSeries
        height={150}
        finding={`recall@20 went from ${formatNumber(metric(first, 'recall@20'), 3)} to ${formatNumber(metric(last, 'recall@20'), 3)} in ${measured.length} models`}
        format={(value) => formatNumber(value, 2)}
        series={['recall@20', 'ndcg@20'].map((name) => ({ name, points: measured.map((row) => ({ at: toMs(row.trainedAt) ?? 0, value: metric(row, name) })) }))}
      />
    </Section>
  )
}

export function ModelsSection({ models }: { models: RouteState<{ rows: ModelRow[] }> }) {
  return (
    <Section title="Models" hint="newest first; recall and ndcg on plays that were held back from training" flush>
      <DataTable
        label="Models" name="model" rows={models.data?.rows ?? []} columns={columns} state={models} defaultSort="-week"
        rowKey={(row) => row.version}
        peek={(row) => <ModelPeek model={row} />}
        peekTitle={(row) => <span className="mono">{row.version}</span>}
        empty={<EmptyState title="No model has been trained yet." commands={['npx rondo import hetrec PATH']}>The first is trained when a week of listening has landed, or at the end of an import.</EmptyState>}
      />
    </Section>
  )
}

function Version({ model }: { model: ModelRow }) {
  return (
    <span className={styles.version}>
      <span>{nameMonday(model.week)}{model.provisional && <Tag>provisional</Tag>}</span>
      <span className="mono quiet">{model.version}</span>
    </span>
  )
}

function ModelPeek({ model }: { model: ModelRow }) {
  return (
    <Section>
      {model.provisional && <p className={styles.peekSays}>Learned from hours that were still open; the next Monday’s model replaces it.</p>}
      <KeyValues
        rows={[
          ['Model', model.name],
          ['Week', nameMonday(model.week)],
          ['Trained', <When key="trained" at={model.trainedAt} />],
          ['Took', formatDuration(model.trainMs)],
          ['Learned from', `${formatCount(model.interactions)} pairs of listener and track`],
          ['Listeners', formatCount(model.users)],
          ['Tracks', formatCount(model.items)],
          ['Dimensions', model.dimensions],
          ['Lists made', formatCount(model.lists)],
          ...(Object.keys(model.metrics).length === 0 ? [['Measured', 'not: too few plays to hold any back, too many, or not yet'] as const] : Object.entries(model.metrics).map(([name, value]) => [<code key={name}>{name}</code>, formatNumber(value, 3)] as const)),
        ]}
      />
    </Section>
  )
}
