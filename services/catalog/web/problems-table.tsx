// Everything wrong with descriptors, by file and line.
import { catalogContract, type Problem } from '@rondo/catalog/contract'
import type { Output } from '@rondo/contract'
import { DataTable, EmptyState, KeyValues, Link, Notice, Section, StateGlyph, StateMark, type Column, type RouteState } from '@rondo/ui'
import { toEntityPath } from './entity-words.ts'

const columns: Column<Problem>[] = [
  { id: 'place', header: 'Place', cell: (row) => <code className="strong">{row.file}:{row.line}:{row.column}</code>, sort: (row) => `${row.file}:${String(row.line).padStart(6, '0')}` },
  { id: 'severity', header: 'Weight', cell: (row) => (row.severity === 'error' ? <StateGlyph state="failed" label="Error" /> : <StateGlyph state="warned" label="Warning" />), sort: (row) => row.severity, narrow: 'value' },
  { id: 'message', header: 'What is wrong', cell: (row) => <span style={{ whiteSpace: 'normal' }}>{row.message}</span>, narrow: 'line' },
  { id: 'help', header: 'What to do', cell: (row) => <span className="soft" style={{ whiteSpace: 'normal' }}>{row.help}</span>, narrow: 'line' },
]

export function ProblemsTable({ state }: { state: RouteState<Output<(typeof catalogContract)['routes']['listProblems']>> }) {
  return (
    <DataTable
      label="Problems"
      name="problem"
      rows={state.data?.rows ?? []}
      columns={columns}
      state={state}
      defaultSort="severity"
      rowKey={(row) => `${row.file}:${row.line}:${row.column}:${row.code}`}
      peekTitle={(row) => row.file}
      peek={(row) => (
        <>
          <Notice tone={row.severity === 'error' ? 'bad' : 'late'} mark={<StateMark state={row.severity === 'error' ? 'failed' : 'warned'} />} title={row.message}>{row.help}</Notice>
          <Section><KeyValues rows={[['File', <code key="file">{row.file}</code>], ['Line', row.line], ['Column', row.column], ['Code', <code key="code">{row.code}</code>], ['Thing', row.ref === null ? 'could not be read' : <Link key="ref" className="link" to={toEntityPath(row.ref)}>{row.ref}</Link>]]} /></Section>
        </>
      )}
      empty={<EmptyState title="Every descriptor is in order.">What is wrong in a catalog-info.yaml shows here by file and line, as soon as the file is saved.</EmptyState>}
    />
  )
}
