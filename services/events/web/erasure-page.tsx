// What is kept of one person: where copies lie and how many of them can be read, and the end of it.
import { eventsContract, type AuditRow } from '@rondo/events/contract'
import { Button, DataTable, EmptyState, Figure, Figures, formatCount, formatExact, formatThings, Link, Loaded, Notice, Page, Section, Sentence, StateGlyph, StateMark, useQueryState, useRoute, type Column } from '@rondo/ui'
import { TextInput } from '@rondo/ui/forms'
import { useState, type FormEvent } from 'react'
import { placeNames, sumAudit } from './audit-words.ts'
import { ConfirmErase } from './confirm-erase.tsx'
import styles from './erasure.module.css'

const columns: Column<AuditRow>[] = [
  { id: 'type', header: 'Event type', cell: (row) => (row.type === 'unknown' ? <Link className="link" to="/events/unknown/dead">no known type</Link> : <Link className="link" to={`/events/${encodeURIComponent(row.type)}`}>{row.type}</Link>), sort: (row) => row.type },
  { id: 'place', header: 'Place', cell: (row) => placeNames[row.place], sort: (row) => row.place, narrow: 'line' },
  { id: 'records', header: 'Records', cell: (row) => formatCount(row.records), sort: (row) => row.records, align: 'end', narrow: 'line' },
  { id: 'sealed', header: 'Under a key', cell: (row) => formatCount(row.sealed), sort: (row) => row.sealed, align: 'end', narrow: 'line' },
  { id: 'plain', header: 'In the clear', cell: (row) => (row.plain === 0 ? <span className="quiet">0</span> : <span className="late strong">{formatCount(row.plain)}</span>), sort: (row) => row.plain, align: 'end', narrow: 'line' },
  { id: 'readable', header: 'Can be read', cell: (row) => (row.readable === 0 ? <StateGlyph state="healthy" label="none" /> : <span className="strong">{formatCount(row.readable)}</span>), sort: (row) => row.readable, align: 'end', narrow: 'value', narrowLabel: 'Can be read' },
]

export function ErasurePage() {
  const [user, setUser] = useQueryState('user')
  const [typed, setTyped] = useState(user)
  const find = (event: FormEvent): void => {
    event.preventDefault()
    setUser(typed.trim())
  }
  return (
    <Page arc="events" title={user === '' ? 'Find a person' : `What is kept of ${user}`} crumbs={[{ label: 'Events', to: '/events' }]} copy={user === '' ? {} : { command: `npx rondo events audit ${user}`, call: `/api/events/v1/users/${encodeURIComponent(user)}/audit` }}>
      <Section>
        <form className={styles.find} role="search" onSubmit={find}>
          <TextInput classNames={{ input: styles.input ?? '' }} label="User id, or anonymous id" placeholder="u60752" value={typed} maxLength={256} data-autofocus onChange={(event) => setTyped(event.currentTarget.value)} />
          <Button kind="go" type="submit" disabled={typed.trim() === ''}>Find the copies</Button>
        </form>
      </Section>
      {user === ''
        ? <EmptyState title="Whom to look for?" commands={['npx rondo events audit USER']}>Log, dead letters and buckets are walked, and the copies counted that anybody can still read. What is personal lies under a key of its own for each person: erasing destroys the key, and changes no file.</EmptyState>
        : <Kept key={user} user={user} />}
    </Page>
  )
}

function Kept({ user }: { user: string }) {
  const audit = useRoute(eventsContract, 'audit', { user })
  const [isAsking, setAsking] = useState(false)
  const [erasedKeys, setErasedKeys] = useState<number>()
  const own = audit.data?.user === user ? audit : { ...audit, data: undefined }
  return (
    <>
      {erasedKeys !== undefined && <Notice tone="tonic" mark={<StateMark state="healthy" />} title={erasedKeys === 0 ? `There was no key of ${user} left to destroy.` : `${formatThings(erasedKeys, 'key')} of ${user} ${erasedKeys === 1 ? 'is' : 'are'} destroyed.`}>The audit below was made again after it.</Notice>}
      <Loaded of={own} what={`Could not walk what is kept of ${user}`} lines={8}>
        {({ rows, readable }) => {
          const { records, sealed, plain } = sumAudit(rows)
          if (records === 0) return <EmptyState title={`Nothing is kept of ${user}.`}>No record of the log, no dead letter and no row of a bucket names this id. Ids are compared letter by letter.</EmptyState>
          return (
            <>
              <Section title="Copies" hint={`in ${formatThings(new Set(rows.map((row) => row.type)).size, 'event type')}`} aside={<Button disabled={audit.isFetching} onClick={() => setAsking(true)}>Erase {user}</Button>}>
                <Sentence>{readable === 0 ? `Nothing personal of ${user} can be read any more.` : `${formatThings(readable, 'copy', 'copies')} of what is personal of ${user} can be read.`}</Sentence>
              </Section>
              <Figures>
                {[
                  <Figure key="records" value={formatExact(records)} label="records looked at" />,
                  <Figure key="sealed" value={formatExact(sealed)} label="with something under a key" />,
                  <Figure key="plain" value={formatExact(plain)} label="with something in the clear" {...(plain > 0 ? { tone: 'late' as const } : {})} />,
                  <Figure key="readable" value={formatExact(readable)} label="can be read" {...(readable === 0 ? { tone: 'good' as const } : {})} />,
                ]}
              </Figures>
              {plain > 0 && <Notice tone="late" mark={<StateMark state="warned" />} title={`${formatThings(plain, 'record')} ${plain === 1 ? 'was' : 'were'} written before there were keys.`}>No erasure reaches these. They go when the retention of their type has passed.</Notice>}
              <Section flush><DataTable label="Copies" rows={rows} columns={columns} rowKey={(row) => `${row.place} ${row.type}`} defaultSort="-readable" /></Section>
              {isAsking && <ConfirmErase user={user} readable={readable} plain={plain} types={new Set(rows.filter((row) => row.readable > 0).map((row) => row.type)).size} onClose={() => setAsking(false)} onErased={(keys) => { setErasedKeys(keys); setAsking(false) }} />}
            </>
          )
        }}
      </Loaded>
    </>
  )
}
