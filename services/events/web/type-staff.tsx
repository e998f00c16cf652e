// The last 24 hours of one type on a staff.
import { eventsContract } from '@rondo/events/contract'
import { Staff, useRoute } from '@rondo/ui'
import { useMemo } from 'react'
import { HISTORY_HOURS, toNotes } from './day-notes.ts'

export function TypeStaff({ type, now, width = 168 }: { type: string; now: number; width?: number }) {
  const history = useRoute(eventsContract, 'history', { type, hours: HISTORY_HOURS }, { refetchMs: 60_000 })
  const notes = useMemo(() => toNotes(history.data?.rows ?? [], now), [history.data, now])
  return <Staff notes={notes} width={width} />
}
