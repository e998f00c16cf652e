// The exact numbers behind the charts: means per arm, difference, effect with its interval, p of this look, and power.
import { DataTable, formatEffect, formatInterval, formatNumber, formatP, formatShare, KeyValues, Link, Section, useRoute, type Column } from '@rondo/ui'
import { experimentsContract, type MetricDefinition, type MetricRow, type Readout } from '../src/contract.ts'
import { formatMean, nameMetric, nameStatus, sayCaveat } from './experiment-words.ts'
import styles from './experiments.module.css'

const roleNames = { success: 'Success', guardrail: 'Guardrail', watched: 'Also watched' } as const

const toColumns = (find: (name: string) => MetricDefinition | undefined, several: boolean): Column<MetricRow>[] => [
  { id: 'metric', header: 'Metric', cell: (row) => <>{nameMetric(row.metric)}{several && <span className="quiet"> {row.variant}</span>}</>, sort: (row) => row.metric },
  { id: 'control', header: 'Control', cell: (row) => formatMean(row.control.mean, find(row.metric)), align: 'end' },
  { id: 'treatment', header: 'Treatment', cell: (row) => formatMean(row.treatment.mean, find(row.metric)), align: 'end' },
  { id: 'effect', header: 'Effect', cell: (row) => <Effect row={row} />, sort: (row) => row.relative?.estimate ?? null, align: 'end', narrow: 'value', narrowLabel: '' },
  { id: 'p', header: 'p, this look', cell: (row) => formatP(row.p), sort: (row) => row.p, align: 'end' },
  { id: 'power', header: 'Power', cell: (row) => formatNumber(row.power, 2), sort: (row) => row.power, align: 'end' },
  { id: 'detectable', header: 'Can see', cell: (row) => formatShare(row.detectable), sort: (row) => row.detectable, align: 'end' },
  { id: 'reading', header: 'Reading', cell: (row) => nameStatus(row.status), sort: (row) => row.status, narrow: 'line' },
]

export function MetricTable({ readout }: { readout: Readout }) {
  const metrics = useRoute(experimentsContract, 'listMetrics', {})
  const find = (name: string): MetricDefinition | undefined => metrics.data?.rows.find((row) => row.name === name)
  return (
    <Section title="In numbers" hint={`as of ${readout.experiment.asOf ?? 'the start'}`} flush>
      <DataTable
        label="Metrics" name="metric" rows={readout.metrics} columns={toColumns(find, readout.experiment.definition.treatments.length > 1)}
        rowKey={(row) => `${row.role} ${row.metric} ${row.variant}`}
        groupBy={(row) => ({ key: row.role, title: roleNames[row.role] })}
        peek={(row) => <MetricPeek row={row} definition={find(row.metric)} />}
        peekTitle={(row) => nameMetric(row.metric)}
      />
    </Section>
  )
}

/** Relative where that has bounds, else the difference itself, else why there is none. */
function Effect({ row: { absolute, relative, caveat } }: { row: MetricRow }) {
  if (absolute === null) return <span className="quiet">{caveat ?? '—'}</span>
  if (relative !== null && relative.lower !== null) return <><b>{formatEffect(relative.estimate)}</b> <span className="quiet">{formatInterval(relative.lower, relative.upper)}</span></>
  return <><b>{formatNumber(absolute.estimate)}</b> <span className="quiet">{formatNumber(absolute.lower)} to {formatNumber(absolute.upper)}, difference</span></>
}

function MetricPeek({ row, definition }: { row: MetricRow; definition: MetricDefinition | undefined }) {
  const mean = (value: number | null): string => formatMean(value, definition)
  return (
    <Section>
      {definition !== undefined && <p className={styles.quote}>{definition.description}</p>}
      <KeyValues
        rows={[
          ['Reading', nameStatus(row.status)],
          ['Effect', row.relative === null ? '—' : `${formatEffect(row.relative.estimate, 2)}, ${formatInterval(row.relative.lower, row.relative.upper, 2)}`],
          ['Difference', row.absolute === null ? '—' : `${formatNumber(row.absolute.estimate, 3)}, ${formatNumber(row.absolute.lower, 3)} to ${formatNumber(row.absolute.upper, 3)}`],
          ['Control', `${mean(row.control.mean)} over ${row.control.units.toLocaleString('en-US')}`],
          [row.variant, `${mean(row.treatment.mean)} over ${row.treatment.units.toLocaleString('en-US')}`],
          ...(row.caveat === null ? [] : [['Note', sayCaveat(row.caveat)] as const]),
          ['p, this look', `${formatP(row.p)}, decides below ${formatP(row.alpha)}`],
          ['Bound', `${formatNumber(row.boundZ, 2)} standard errors`],
          ['Level, all looks', formatNumber(row.alphaAllLooks, 3)],
          ...(row.margin === null ? [] : [['Margin', `${formatShare(row.margin)} of harm`] as const]),
          ['Better', row.better],
          ...(definition === undefined ? [] : [['Data', <Link key="data" className="link mono" to={`/data/${definition.endpoint}`}>{definition.endpoint}.{definition.column}</Link>] as const]),
        ]}
      />
    </Section>
  )
}
