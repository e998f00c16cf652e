// The columns of an endpoint, and which of them are personal.
import type { EndpointColumn, EndpointDetail } from '@rondo/pipelines/contract'
import { DataTable, EmptyState, Tag, type Column } from '@rondo/ui'

export function ColumnsTable({ endpoint }: { endpoint: EndpointDetail }) {
  const key = new Set(endpoint.key)
  const columns: Column<EndpointColumn>[] = [
    { id: 'name', header: 'Column', cell: (row) => <><code className="strong">{row.name}</code>{key.has(row.name) && <span className="quiet small"> key</span>}</>, sort: (row) => row.name },
    { id: 'type', header: 'Type', cell: (row) => row.type, sort: (row) => row.type, narrow: 'value' },
    { id: 'personal', header: 'Personal', cell: (row) => (row.personal === 'none' ? <span className="quiet">not personal</span> : <Tag tone={row.personal === 'strict' ? 'blocked' : 'tonic'}>{row.personal}</Tag>), sort: (row) => row.personal, narrow: 'line' },
    { id: 'about', header: 'Meaning', cell: (row) => (row.description === undefined ? <span className="quiet wide-only">—</span> : <span style={{ whiteSpace: 'normal' }}>{row.description}</span>), narrow: 'line' },
  ]
  return <DataTable label="Columns" name="column" rows={endpoint.columns} columns={columns} rowKey={(row) => row.name} empty={<EmptyState title="It has no columns." />} />
}
