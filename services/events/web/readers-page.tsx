// The tab of who reads a type: those that follow it by name, with how far they are behind, and everything that is made from it.
import { eventsContract, type ReaderRow } from '@rondo/events/contract'
import { Button, Command, DataTable, EmptyState, ErrorState, formatCount, formatDuration, formatThings, KeyValues, Link, Notice, Section, StateGlyph, StateMark, useCall, useNow, useRoute, When, type Column } from '@rondo/ui'
import { startOfDay, toIso } from '@rondo/time'
import { useState } from 'react'
import { useMade } from './use-made.ts'
import styles from './events.module.css'

const columns: Column<ReaderRow>[] = [
  { id: 'reader', header: 'Reader', cell: (row) => (row.kind === 'reader' ? row.reader : <>{row.reader} <span className="quiet">Kafka group</span></>), sort: (row) => row.reader },
  { id: 'behind', header: 'Behind', cell: (row) => (row.lag === 0 ? <StateGlyph state="healthy" label="At the end" /> : <span className="number">{formatDuration(row.lagMs)}</span>), sort: (row) => row.lagMs, align: 'end', narrow: 'value', narrowLabel: '' },
  { id: 'lag', header: 'Events to read', cell: (row) => (row.lag === 0 ? <span className="quiet">0</span> : formatCount(row.lag)), sort: (row) => row.lag, align: 'end', narrow: 'line' },
  { id: 'asked', header: 'Last asked', cell: (row) => <When at={row.askedAt} />, sort: (row) => row.askedAt ?? '', align: 'end', narrow: 'line' },
]

type Moved = { row: ReaderRow; says: string }

export function ReadersPage({ type }: { type: string }) {
  const now = useNow()
  const readers = useRoute(eventsContract, 'listReaders', { type }, { refetchMs: 5_000 })
  const move = useCall(eventsContract, 'moveReader')
  const forget = useCall(eventsContract, 'forgetReader')
  const [moved, setMoved] = useState<Moved>()
  const failed = move.error ?? forget.error
  const moveTo = async (row: ReaderRow, to: string, says: string): Promise<void> => {
    if ((await move.call({ type, reader: row.reader, body: { to } })) !== undefined) setMoved({ row, says })
  }
  const drop = async (row: ReaderRow): Promise<void> => {
    if ((await forget.call({ type, reader: row.reader })) !== undefined) setMoved({ row, says: `${row.reader} is forgotten.` })
  }
  const undo = async ({ row }: Moved): Promise<void> => {
    if ((await move.call({ type, reader: row.reader, body: { to: row.cursor } })) !== undefined) setMoved(undefined)
  }
  return (
    <>
      {failed !== undefined && <ErrorState what="Could not change the reader" error={failed} />}
      {moved !== undefined && <Notice tone="tonic" mark={<StateMark state="healthy" />} title={moved.says} actions={<><Button onClick={() => void undo(moved)}>Undo</Button><Button kind="bare" onClick={() => setMoved(undefined)}>Dismiss</Button></>} />}
      <Section flush title="By name" hint="their place is kept by the room">
        <DataTable
          label="Readers"
          name="reader"
          rows={readers.data?.rows ?? []}
          columns={columns}
          state={readers}
          rowKey={(row) => row.reader}
          defaultSort="-lag"
          peek={(row) => (
            <>
              <Section><KeyValues rows={[['Behind', row.lag === 0 ? 'at the end' : `${formatDuration(row.lagMs)}, ${formatThings(row.lag, 'event')}`], row.kind === 'reader' ? ['Last asked', <When key="asked" at={row.askedAt} />] : ['Members now', formatCount(row.members)], ['Cursor', <code key="cursor">{row.cursor}</code>]]} /></Section>
              <Section title="Its place" hint={row.members > 0 ? 'it can be moved when nobody is in the group' : 'it goes on there when it asks next'}>
                <p className={styles.peekActs}>
                  <Button disabled={move.isCalling || row.members > 0} onClick={() => void moveTo(row, 'start', `${row.reader} reads everything that is kept again.`)}>Read all again</Button>
                  {row.lag > 0 && <Button disabled={move.isCalling || row.members > 0} onClick={() => void moveTo(row, 'end', `${row.reader} leaves out ${formatThings(row.lag, 'event')}.`)}>Leave out {formatCount(row.lag)}</Button>}
                  <Button disabled={forget.isCalling || row.members > 0} onClick={() => void drop(row)}>Forget it</Button>
                </p>
              </Section>
              <Section title="To an instant"><Command text={`npx rondo events seek ${type} ${row.reader} ${toIso(startOfDay(now))}`} /></Section>
            </>
          )}
          empty={<EmptyState title="Nobody follows it by name." commands={[`curl '${window.location.origin}/api/events/v1/types/${type}/events?order=asc&reader=my-service' -H 'authorization: Bearer SERVICE_KEY'`]}>Who asks with a name goes on where it was, and everybody sees how far behind it is.</EmptyState>}
        />
      </Section>
      <Section title="Made from it" hint="by what the workspace defines" aside={<Link className="link" to={`/data/${encodeURIComponent(type)}`}>Lineage</Link>}><MadeFrom type={type} /></Section>
    </>
  )
}

/** Datasets, models and experiments, the nearest first. */
export function MadeFrom({ type, most = 40 }: { type: string; most?: number }) {
  const made = useMade(type)
  if (made.length === 0) return <p className="quiet">Nothing that the catalog knows of.</p>
  return (
    <ul className={styles.readers}>
      {made.slice(0, most).map(({ id, title, type: kind, path, state, steps }) => (
        <li key={id}><StateMark state={state ?? 'waiting'} still /><Link className="link clip" to={path}>{title}</Link><span className="quiet">{kind}{steps > 1 ? `, ${steps} steps on` : ''}{state === null ? '' : `, ${state}`}</span></li>
      ))}
      {made.length > most && <li><span /><span className="quiet">and {formatCount(made.length - most)} more</span></li>}
    </ul>
  )
}
