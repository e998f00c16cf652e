// A partition's state in the one vocabulary.
import type { PartitionRow } from '@rondo/pipelines/contract'
import { StateGlyph, type StateWord } from '@rondo/ui'

export function partitionState(row: PartitionRow): { state: StateWord; label: string } {
  switch (row.state) {
    case 'published':
      if (row.provisional) return { state: 'running', label: 'So far' }
      return row.checks.some((check) => !check.passed) ? { state: 'warned', label: 'With a mark' } : { state: 'healthy', label: 'Published' }
    case 'open':
      return { state: 'waiting', label: 'Open' }
    case 'waiting':
      return row.late ? { state: 'late', label: 'Late' } : { state: 'waiting', label: 'Waiting' }
    case 'failed':
      return { state: 'failed', label: 'Failed' }
    case 'blocked':
      return { state: 'blocked', label: 'Blocked' }
  }
}

export function PartitionGlyph({ row }: { row: PartitionRow }) {
  const { state, label } = partitionState(row)
  return <StateGlyph state={state} label={label} still />
}
