// How each week's list went, newest first; a row opens that list.
import { DataTable, EmptyState, formatShare, type Column } from '@rondo/ui'
import type { ListenerDetail } from '../src/contract.ts'
import { nameMonday, shelfNames } from './list-words.ts'

type Week = ListenerDetail['weeks'][number]

const LIST_LENGTH = 30

const columns: Column<Week>[] = [
  { id: 'week', header: 'Week', cell: (row) => nameMonday(row.week), sort: (row) => row.week },
  { id: 'shelf', header: 'List', cell: (row) => shelfNames[row.shelf], sort: (row) => row.shelf, narrow: 'line' },
  { id: 'played', header: 'Played', cell: (row) => <>{row.played} <span className="quiet">of {LIST_LENGTH}</span></>, sort: (row) => row.played, align: 'end', narrow: 'value' },
  { id: 'finished', header: 'Finished', cell: (row) => row.finished, sort: (row) => row.finished, align: 'end' },
  { id: 'share', header: 'Of played', cell: (row) => (row.played === 0 ? '—' : formatShare(row.finished / row.played, 0)), sort: (row) => (row.played === 0 ? null : row.finished / row.played), align: 'end' },
  { id: 'saved', header: 'Saved', cell: (row) => row.saved, sort: (row) => row.saved, align: 'end', narrow: 'line' },
  { id: 'artists', header: 'Artists heard', cell: (row) => row.newArtists, sort: (row) => row.newArtists, align: 'end' },
]

export function WeeksTab({ detail }: { detail: ListenerDetail }) {
  return (
    <DataTable
      label="Weeks" rows={detail.weeks} columns={columns} defaultSort="-week"
      rowKey={(row) => `${row.week} ${row.shelf}`}
      rowHref={(row) => `/listeners/${encodeURIComponent(detail.user)}?week=${row.week}${row.shelf === 'popularity' ? '&tab=popularity' : ''}`}
      empty={<EmptyState title="No list was made for this listener yet." commands={['npx rondo recommend ' + detail.user + ' --explain']}>Lists are made on Monday for everybody the model knows.</EmptyState>}
    />
  )
}
