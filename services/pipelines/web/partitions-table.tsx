// Every partition with its state and why; each can be run again.
import { pipelinesContract, type EndpointDetail, type PartitionRow } from '@rondo/pipelines/contract'
import type { Output } from '@rondo/contract'
import { Button, DataTable, EmptyState, formatBytes, formatCount, formatDuration, KeyValues, Link, Notice, Section, StateGlyph, StateMark, When, type Column, type RouteState } from '@rondo/ui'
import { namePartition } from './partition-cells.ts'
import { PartitionGlyph, partitionState } from './partition-glyph.tsx'
import { sayRun, type Run, type RunTarget } from './use-run.tsx'
import styles from './data.module.css'

type Partitions = Output<(typeof pipelinesContract)['routes']['listPartitions']>

export function PartitionsTable({ endpoint, partitions, run }: { endpoint: EndpointDetail; partitions: RouteState<Partitions>; run: Run }) {
  const kind = endpoint.partition
  const columns: Column<PartitionRow>[] = [
    { id: 'partition', header: 'Partition, UTC', cell: (row) => namePartition(kind, row.partition), sort: (row) => row.partition },
    { id: 'state', header: 'State', cell: (row) => <PartitionGlyph row={row} />, sort: (row) => row.state, narrow: 'line' },
    { id: 'why', header: 'Why', cell: (row) => <span className={`clip soft ${styles.why}`} title={row.reason ?? undefined}>{row.reason ?? (row.checks.some((check) => !check.passed) ? row.checks.filter((check) => !check.passed).map((check) => check.found).join('; ') : '')}</span>, narrow: 'line' },
    { id: 'rows', header: 'Rows', cell: (row) => formatCount(row.rows), sort: (row) => row.rows, align: 'end', narrow: 'value' },
    { id: 'bytes', header: 'Size', cell: (row) => formatBytes(row.bytes), sort: (row) => row.bytes, align: 'end' },
    { id: 'landed', header: 'Landed after', cell: (row) => <span className={endpoint.slo.landsWithinMinutes !== null && row.lagMs !== null && row.lagMs > endpoint.slo.landsWithinMinutes * 60_000 ? 'late' : ''}>{formatDuration(row.lagMs)}</span>, sort: (row) => row.lagMs, align: 'end' },
    { id: 'published', header: 'Published', cell: (row) => <When at={row.publishedAt} />, sort: (row) => row.publishedAt, align: 'end' },
  ]
  return (
    <DataTable
      label="Partitions"
      name="partition"
      rows={partitions.data?.rows ?? []}
      columns={columns}
      state={partitions}
      defaultSort="-partition"
      rowKey={(row) => row.partition}
      peekTitle={(row) => namePartition(kind, row.partition)}
      peek={(row) => <PartitionPeek endpoint={endpoint} row={row} run={run} />}
      empty={<EmptyState title="No partition is due yet." actions={<Button to="/events">Show event types</Button>}>The first comes with the first rows of what it is made from.</EmptyState>}
    />
  )
}

function PartitionPeek({ endpoint, row, run }: { endpoint: EndpointDetail; row: PartitionRow; run: Run }) {
  const target: RunTarget | undefined = endpoint.pipeline === null ? undefined : { pipeline: endpoint.pipeline, partition: row.partition, kind: endpoint.partition, provisional: row.state === 'open' || row.provisional, verb: row.state === 'published' ? 'Rerun' : 'Run' }
  const { state } = partitionState(row)
  return (
    <>
      {row.reason !== null && <Notice tone={row.state === 'failed' ? 'bad' : row.state === 'blocked' ? 'blocked' : row.late ? 'late' : 'tonic'} mark={<StateMark state={state} />} title={row.reason} />}
      <Section>
        <KeyValues
          rows={[
            ['State', <PartitionGlyph key="state" row={row} />],
            ['Rows', formatCount(row.rows)],
            ['Size', formatBytes(row.bytes)],
            ['Published', <><When at={row.publishedAt} />{row.lagMs !== null && <span className="quiet"> {formatDuration(row.lagMs)} after its end</span>}</>],
            ['Version', row.version === null ? '—' : <code key="version">{row.version}</code>],
            ['Run', row.runId === null ? '—' : <Link key="run" className="link" to={`/data/runs?peek=${row.runId}`}>{row.runId.slice(0, 13)}</Link>],
          ]}
        />
        {target !== undefined && <p style={{ marginTop: 14 }}><Button kind="go" disabled={run.isCalling} onClick={() => run.run(target)}>{run.isCalling ? 'Running' : sayRun(target)}</Button></p>}
      </Section>
      {row.checks.length > 0 && <Section title="Checks"><ul className={styles.inputs}>{row.checks.map((check) => <li key={`${check.rule} ${check.subject}`}><StateGlyph state={check.passed ? 'healthy' : check.action === 'block' ? 'failed' : 'warned'} label={`${check.rule} ${check.subject}`} /><span className="quiet">{check.found}</span></li>)}</ul></Section>}
      {row.files.length > 0 && <Section title="Parquet files" hint={formatCount(row.files.length)}>{row.files.map((file) => <p key={file}><code style={{ overflowWrap: 'anywhere' }}>{file}</code></p>)}</Section>}
    </>
  )
}
