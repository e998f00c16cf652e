// What this listener heard lately, newest first, under its day.
import { DataTable, EmptyState, formatClock, formatDay, toMs, type Column, type RouteState } from '@rondo/ui'
import type { ListenerDetail } from '../src/contract.ts'
import { OutcomeMark, TrackName } from './track-parts.tsx'

type Heard = ListenerDetail['history'][number] & { at: number }

const columns: Column<Heard>[] = [
  { id: 'track', header: 'Track', cell: (row) => <TrackName item={row} />, narrow: 'lead' },
  { id: 'act', header: 'What happened', cell: (row) => <OutcomeMark outcome={row.act} />, width: 140, narrow: 'value' },
  { id: 'when', header: 'When', cell: (row) => formatClock(toMs(row.occurredAt)), align: 'end', width: 90, narrow: 'line', narrowLabel: '' },
]

export function HistoryTab({ detail, state }: { detail: ListenerDetail; state: RouteState<unknown> }) {
  const rows = detail.history.map((row, at) => ({ ...row, at }))
  return (
    <DataTable
      label="History" rows={rows} columns={columns} state={state}
      rowKey={(row) => `${row.occurredAt} ${row.trackId} ${row.at}`}
      groupBy={groupByDay}
      empty={<EmptyState title={`Nothing is known of ${detail.user} yet.`} commands={['npx rondo events tail track-played']}>A play, a skip or a save is here a moment after it is accepted.</EmptyState>}
    />
  )
}

function groupByDay(row: Heard): { key: string; title: string } {
  const day = formatDay(toMs(row.occurredAt))
  return { key: day, title: day }
}
