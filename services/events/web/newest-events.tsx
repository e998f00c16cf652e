// The newest accepted events, with everything they say in the drawer.
import { eventsContract, type EventRow } from '@rondo/events/contract'
import { Button, DataTable, EmptyState, formatInstant, KeyValues, Section, toMs, useRoute, When, type Column } from '@rondo/ui'
import { toWords } from './live-words.ts'
import styles from './events.module.css'

const columns: Column<EventRow>[] = [
  { id: 'user', header: 'User', cell: (row) => row.userId ?? row.anonymousId ?? 'nobody', sort: (row) => row.userId ?? row.anonymousId },
  { id: 'says', header: 'Properties', cell: (row) => <code className={`soft clip ${styles.raw}`}>{toWords(row.properties, 6).join('  ')}</code>, narrow: 'line' },
  { id: 'occurred', header: 'Occurred', cell: (row) => <When at={row.occurredAt} />, sort: (row) => row.occurredAt, align: 'end' },
  { id: 'received', header: 'Received', cell: (row) => <When at={row.receivedAt} />, sort: (row) => row.receivedAt, align: 'end', narrow: 'value' },
]

export function NewestEvents({ type }: { type: string }) {
  const events = useRoute(eventsContract, 'readEvents', { type, limit: 100 }, { refetchMs: 5_000 })
  return (
    <DataTable
      label="Newest events"
      name="event"
      rows={events.data?.rows ?? []}
      columns={columns}
      state={events}
      rowKey={(row) => row.cursor}
      peekTitle={(row) => <code>{row.id}</code>}
      peek={(row) => (
        <>
          <Section>
            <KeyValues rows={[['User', row.userId ?? '—'], ['Anonymous', row.anonymousId ?? '—'], ['Occurred', `${formatInstant(toMs(row.occurredAt), 'UTC')} UTC`], ['Received', `${formatInstant(toMs(row.receivedAt), 'UTC')} UTC`], ['Cursor', <code key="cursor">{row.cursor}</code>]]} />
          </Section>
          <Section title="Properties"><pre className={styles.code}>{JSON.stringify(row.properties, null, 2)}</pre></Section>
        </>
      )}
      empty={<EmptyState title="No event was accepted yet." actions={<Button kind="go" to={`/events/${encodeURIComponent(type)}?tab=send`}>Show how to send one</Button>}>The newest hundred stand here, with all that they say.</EmptyState>}
    />
  )
}
