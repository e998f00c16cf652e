// Who did what to this experiment, newest first.
import { DataTable, EmptyState, formatShare, Section, When, type Column, type RouteState } from '@rondo/ui'
import type { AuditRow } from '../src/contract.ts'

const columns: Column<AuditRow>[] = [
  { id: 'action', header: 'What', cell: (row) => row.action.charAt(0).toUpperCase() + row.action.slice(1), sort: (row) => row.action },
  { id: 'actor', header: 'Who', cell: (row) => row.actor.replace(':', ' '), sort: (row) => row.actor, narrow: 'line' },
  { id: 'detail', header: 'With', cell: (row) => <span className="soft">{sayDetail(row.detail)}</span>, narrow: 'line' },
  { id: 'at', header: 'When', cell: (row) => <When at={row.at} />, sort: (row) => row.at, align: 'end', narrow: 'value', narrowLabel: '' },
]

export function AuditTab({ audit }: { audit: RouteState<{ rows: AuditRow[] }> }) {
  return (
    <DataTable
      label="Diary" name="diary" rows={audit.data?.rows ?? []} columns={columns} state={audit}
      rowKey={(row) => row.id}
      peek={(row) => <Section><pre className="mono" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{JSON.stringify(row.detail, null, 2)}</pre></Section>}
      peekTitle={(row) => row.action}
      empty={<EmptyState title="Nobody has changed it yet." />}
    />
  )
}

/** The plain values of a change in one line; the rest is in the drawer. */
function sayDetail(detail: unknown): string {
  if (detail === null || typeof detail !== 'object') return ''
  const parts = Object.entries(detail).filter(([name, value]) => name !== 'hypothesis' && name !== 'id' && (typeof value === 'string' || typeof value === 'number')).map(([name, value]) => (name === 'note' ? `“${value}”` : name === 'share' ? `share ${formatShare(Number(value))}` : `${name} ${value}`))
  return parts.slice(0, 3).join(', ')
}
