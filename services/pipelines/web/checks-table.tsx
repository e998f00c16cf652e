// What an endpoint's partitions are checked for, what the last one measured, and what happens when it fails.
import type { CheckDefinition, EndpointDetail } from '@rondo/pipelines/contract'
import { DataTable, EmptyState, formatThings, StateMark, type Column } from '@rondo/ui'
import { sayCheck, subjectOf } from './data-words.ts'
import styles from './data.module.css'

type Line = { id: string; check: CheckDefinition; found: string | undefined; passed: boolean | undefined; /** Of the recent partitions that were checked. */ kept: string }

const columns: Column<Line>[] = [
  { id: 'rule', header: 'Rule', cell: ({ check, passed }) => <span className={styles.rule}><StateMark state={passed === undefined ? 'waiting' : passed ? 'healthy' : check.action === 'block' ? 'failed' : 'warned'} /><span className={passed === false ? (check.action === 'block' ? 'bad' : 'late') : ''}>{sayCheck(check)}</span></span> },
  { id: 'found', header: 'Measured', cell: ({ found }) => found ?? <span className="quiet">not yet</span>, narrow: 'line' },
  { id: 'kept', header: 'Recent partitions', cell: ({ kept }) => kept },
  { id: 'action', header: 'If it fails', cell: ({ check }) => (check.action === 'block' ? 'blocks' : 'marks'), narrow: 'value' },
]

export function ChecksTable({ endpoint }: { endpoint: EndpointDetail }) {
  const checked = endpoint.recent.filter((one) => one.checks.length > 0)
  const lines = endpoint.checks.map((check): Line => {
    const results = checked.flatMap((one) => one.checks.filter((result) => result.rule === check.rule && result.subject === subjectOf(check)))
    const failures = results.filter((result) => !result.passed).length
    return { id: `${check.rule} ${subjectOf(check)}`, check, found: results[0]?.found, passed: results[0]?.passed, kept: results.length === 0 ? '—' : failures === 0 ? `held in all ${results.length}` : `failed in ${failures} of ${formatThings(results.length, 'partition')}` }
  })
  return <DataTable label="Checks" name="check" rows={lines} columns={columns} rowKey={(line) => line.id} empty={<EmptyState title="Nothing is checked.">Add checks to its definition: a rule that blocks keeps a bad partition from everyone downstream.</EmptyState>} />
}
