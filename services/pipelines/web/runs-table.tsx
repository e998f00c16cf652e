// Runs with their inputs, checks and errors; used by the page of all runs and by each endpoint.
import type { RunRow } from '@rondo/pipelines/contract'
import { DataTable, EmptyState, formatBytes, formatCount, formatDuration, formatThings, KeyValues, Link, Notice, Section, StateGlyph, StateMark, When, type Column, type DataTableProps, type StateWord } from '@rondo/ui'
import styles from './data.module.css'

const words: Record<RunRow['state'], { state: StateWord; label: string }> = {
  running: { state: 'running', label: 'Running' },
  published: { state: 'healthy', label: 'Published' },
  failed: { state: 'failed', label: 'Failed' },
  blocked: { state: 'blocked', label: 'Blocked' },
}
const classes = { 'missing-input': 'an input is missing', transient: 'may pass by itself', permanent: 'fails each time', checks: 'a check blocks' }

const columns: Column<RunRow>[] = [
  { id: 'partition', header: 'Partition', cell: (row) => row.partition, sort: (row) => row.partition },
  { id: 'endpoint', header: 'Endpoint', cell: (row) => <Link className="link" to={`/data/${encodeURIComponent(row.endpoint)}`}>{row.endpoint}</Link>, sort: (row) => row.endpoint, narrow: 'line' },
  { id: 'state', header: 'State', cell: (row) => <StateGlyph {...words[row.state]} label={row.provisional ? `${words[row.state].label} so far` : words[row.state].label} />, sort: (row) => row.state, narrow: 'line' },
  { id: 'started', header: 'Started', cell: (row) => <When at={row.startedAt} />, sort: (row) => row.startedAt, align: 'end' },
  { id: 'took', header: 'Took', cell: (row) => formatDuration(row.durationMs), sort: (row) => row.durationMs, align: 'end', narrow: 'value' },
  { id: 'rows', header: 'Rows', cell: (row) => formatCount(row.rows), sort: (row) => row.rows, align: 'end' },
  { id: 'bytes', header: 'Size', cell: (row) => formatBytes(row.bytes), sort: (row) => row.bytes, align: 'end' },
  { id: 'inputs', header: 'Read', cell: (row) => formatThings(row.inputs.reduce((sum, input) => sum + input.files, 0), 'file'), align: 'end' },
  { id: 'attempt', header: 'Try', cell: (row) => row.attempt, sort: (row) => row.attempt, align: 'end' },
]

type RunsTableProps = {
  rows: readonly RunRow[]
  state: NonNullable<DataTableProps<RunRow>['state']>
  /** Leaves the endpoint out, on its own page. */
  ofOne?: boolean
  name?: string
  empty?: DataTableProps<RunRow>['empty']
}

export function RunsTable({ rows, state, ofOne = false, name = '', empty }: RunsTableProps) {
  return (
    <DataTable
      label="Runs"
      name={name}
      rows={rows}
      columns={ofOne ? columns.filter((column) => column.id !== 'endpoint') : columns}
      state={state}
      defaultSort="-started"
      rowKey={(row) => row.id}
      peekTitle={(row) => `${row.endpoint}, ${row.partition}`}
      peek={(row) => <RunPeek row={row} />}
      empty={empty ?? <EmptyState title="Nothing ran yet." commands={['npx rondo up --world small']}>A partition is made as soon as what it reads has closed. Send an event, or let invented listeners send them.</EmptyState>}
    />
  )
}

export function RunPeek({ row }: { row: RunRow }) {
  return (
    <>
      {row.error !== null && <Notice tone={row.state === 'blocked' ? 'blocked' : 'bad'} mark={<StateMark state={row.state === 'blocked' ? 'blocked' : 'failed'} />} title={row.error.message}><code>{row.error.code}</code>, {classes[row.error.class]}{row.retryAt !== null && <>; tried again <When at={row.retryAt} /></>}</Notice>}
      <Section>
        <KeyValues
          rows={[
            ['State', <StateGlyph key="state" {...words[row.state]} />],
            ['Started', <When key="started" at={row.startedAt} />],
            ['Took', <>{formatDuration(row.durationMs)} <span className="quiet">of real time</span></>],
            ['Wrote', row.rows === null ? '—' : `${formatThings(row.rows, 'row')}, ${formatBytes(row.bytes)}`],
            ['Over', row.provisional ? 'inputs that were still open; it is made again when they close' : 'closed inputs'],
            ['Try', row.attempt],
            ['Pipeline', <code key="pipeline">{row.pipeline}</code>],
            ['Code', <code key="code">{row.codeVersion}</code>],
            ['Instance', <code key="instance">{row.instance}</code>],
            ['Run', <code key="id">{row.id}</code>],
          ]}
        />
      </Section>
      <Section title="Read" hint={formatThings(row.inputs.length, 'input')}>
        <ul className={styles.inputs}>
          {row.inputs.map((input) => (
            <li key={input.alias}>
              <Link className="link" to={`/data/${encodeURIComponent(input.endpoint)}`}>{input.endpoint}</Link>
              <span className="quiet">{input.from === null ? 'nothing there' : input.from === input.to ? input.from : `${input.from} to ${input.to}`}</span>
              <span className="number">{formatThings(input.files, 'file')}</span>
            </li>
          ))}
        </ul>
      </Section>
      {row.checks.length > 0 && (
        <Section title="Checks" hint={row.checks.every((check) => check.passed) ? 'all passed' : undefined}>
          <ul className={styles.inputs}>{row.checks.map((check) => <li key={`${check.rule} ${check.subject}`}><StateGlyph state={check.passed ? 'healthy' : check.action === 'block' ? 'failed' : 'warned'} label={`${check.rule} ${check.subject}`} /><span className="quiet">{check.found}</span></li>)}</ul>
        </Section>
      )}
    </>
  )
}
