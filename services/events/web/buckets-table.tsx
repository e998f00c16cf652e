// Every hourly bucket with its rows and files.
import type { BucketRow } from '@rondo/events/contract'
import { DataTable, EmptyState, formatCount, formatShare, KeyValues, Section, StateGlyph, When, type Column } from '@rondo/ui'

const columns: Column<BucketRow>[] = [
  { id: 'hour', header: 'Hour, UTC', cell: (row) => `${row.hour.slice(0, 10)} ${row.hour.slice(11)}:00`, sort: (row) => row.hour },
  { id: 'state', header: 'State', cell: (row) => (row.state === 'open' ? <StateGlyph state="running" label="Open" still /> : <StateGlyph state="healthy" label="Closed" />), sort: (row) => row.state, narrow: 'line' },
  { id: 'rows', header: 'Rows', cell: (row) => formatCount(row.rows), sort: (row) => row.rows, align: 'end', narrow: 'value' },
  { id: 'late', header: 'Late', cell: (row) => (row.late === 0 ? <span className="quiet">0</span> : <span className="late" title={formatShare(row.late / Math.max(1, row.rows))}>{formatCount(row.late)}</span>), sort: (row) => row.late, align: 'end' },
  { id: 'files', header: 'Files', cell: (row) => formatCount(row.files.length), sort: (row) => row.files.length, align: 'end' },
  { id: 'closed', header: 'Closed', cell: (row) => <When at={row.closedAt} />, sort: (row) => row.closedAt, align: 'end' },
  { id: 'version', header: 'Version', cell: (row) => <code className="quiet">{row.version.slice(0, 8)}</code> },
]

export function BucketsTable({ rows }: { rows: BucketRow[] }) {
  return (
    <DataTable
      label="Hourly buckets"
      name="bucket"
      rows={rows}
      columns={columns}
      defaultSort="-hour"
      rowKey={(row) => row.hour}
      peek={(row) => (
        <>
          <Section>
            <KeyValues rows={[['State', row.state === 'open' ? 'open: rows may still come' : 'closed: it never changes again'], ['Rows', formatCount(row.rows)], ['Late', formatCount(row.late)], ['Closed', <When key="closed" at={row.closedAt} />], ['Version', <code key="version">{row.version}</code>]]} />
          </Section>
          <Section title="Parquet files" hint={row.files.length}>{row.files.map((file) => <p key={file}><code style={{ overflowWrap: 'anywhere' }}>{file}</code></p>)}</Section>
        </>
      )}
      empty={<EmptyState title="No bucket holds anything yet.">The first one opens with the first event, and closes when its hour has ended.</EmptyState>}
    />
  )
}
