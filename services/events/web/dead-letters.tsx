// What did not fit its schema: by reason, with the letters themselves, and another chance for all of them.
import { eventsContract, type DeadRow } from '@rondo/events/contract'
import { Button, DataTable, EmptyState, ErrorState, formatCount, formatThings, Loaded, Notice, Section, StateMark, useActions, useCall, useQueryState, useRoute, When, type Column } from '@rondo/ui'
import { useState } from 'react'
import { sayRule, saySentence, splitRule } from './dead-reasons.ts'
import { addReplay, sayReplay, type Replayed } from './say-replay.ts'
import styles from './events.module.css'

/** One call looks at so many letters; it is asked again until all were looked at. */
export function useReplay(type: string, dead: number) {
  const replay = useCall(eventsContract, 'replayDead')
  const [isCalling, setCalling] = useState(false)
  const [data, setData] = useState<Replayed>()
  const label = `Replay ${formatCount(dead)}`
  const replayAll = async (): Promise<void> => {
    let sum: Replayed | undefined
    let after: string | undefined
    do {
      const part = await replay.call({ type, body: after === undefined ? {} : { after } })
      if (part === undefined) return
      sum = addReplay(sum, part)
      setData(sum)
      after = part.next
    } while (after !== undefined)
  }
  const run = (): void => {
    if (isCalling) return
    setCalling(true)
    void replayAll().finally(() => setCalling(false))
  }
  const reset = (): void => {
    replay.reset()
    setData(undefined)
  }
  useActions(dead === 0 ? [] : [{ id: 'replay', label: `${label} dead letters of ${type}`, says: 'Those that fit the schema of today are delivered once, under their own ids.', key: 'r', command: `npx rondo events replay ${type}`, run }])
  return { error: replay.error, isCalling, data, reset, label, run }
}

export type Replay = ReturnType<typeof useReplay>

/** What the last replay did, across the page. */
export function ReplayNotice({ replay }: { replay: Replay }) {
  if (replay.error !== undefined) return <ErrorState what="Could not replay them" error={replay.error} onRetry={replay.run} />
  if (replay.data === undefined) return null
  const { title, rest } = sayReplay(replay.data)
  const isGood = replay.data.accepted > 0
  return (
    <Notice tone={isGood ? 'tonic' : 'late'} mark={<StateMark state={isGood ? 'healthy' : 'warned'} />} title={title} actions={<Button kind="bare" onClick={replay.reset}>Dismiss</Button>}>
      {rest}
    </Notice>
  )
}

const columns: Column<DeadRow>[] = [
  { id: 'why', header: 'Why', cell: (row) => <span className={styles.why} title={row.reason}>{saySentence(row.reason)}</span>, sort: (row) => row.reason },
  { id: 'raw', header: 'As it came', cell: (row) => <code className={`clip quiet ${styles.raw}`}>{row.raw}</code> },
  { id: 'at', header: 'Received', cell: (row) => <When at={row.receivedAt} />, sort: (row) => row.receivedAt, align: 'end', narrow: 'value' },
]

/** Without `replay` nobody registered the name: its letters can fit nothing yet. */
export function DeadLetters({ type, replay }: { type: string; replay?: Replay }) {
  const [reason, setReason] = useQueryState('reason')
  const dead = useRoute(eventsContract, 'listDead', { type, limit: 200, ...(reason === '' ? {} : { reason }) }, { refetchMs: 5_000 })
  if (replay === undefined && dead.data === undefined && dead.error?.kind === 'not-found') return <EmptyState title={`No letter calls itself ${type}.`}>Names of no known type are listed with their letters.</EmptyState>
  return (
    <>
      {replay !== undefined && <ReplayNotice replay={replay} />}
      <Loaded of={dead} what="Could not read the dead letters" lines={8}>
        {({ rows, reasons }) => {
          const total = reasons.reduce((sum, one) => sum + one.count, 0)
          if (total === 0) return <EmptyState title="No dead letters.">Everything that came fits its schema. What does not fit is kept here as it came, with the reason, until it can be replayed.</EmptyState>
          return (
            <>
              <Section title="Reasons" hint={`${formatThings(total, 'letter')}, ${formatThings(reasons.length, 'rule')}`} aside={replay !== undefined && <Button kind="go" hotkey="R" disabled={replay.isCalling} onClick={replay.run}>{replay.isCalling ? 'Replaying' : replay.label}</Button>}>
                <ul className={styles.reasons} aria-label="Reasons">
                  {reasons.map((one) => {
                    const { path, rule } = splitRule(one.reason)
                    return (
                      <li key={one.reason}>
                        <button type="button" aria-pressed={reason === one.reason} onClick={() => setReason(reason === one.reason ? '' : one.reason)}>
                          <StateMark state="warned" />
                          <b className="clip">{sayRule(one.reason)}</b>
                          <code className="clip wide-only">#/{path} {rule}</code>
                          <span className={styles.reasonBar}><i style={{ width: `${(100 * one.count) / Math.max(1, reasons[0]?.count ?? 1)}%` }} /></span>
                          <span className="number">{formatCount(one.count)}</span>
                        </button>
                      </li>
                    )
                  })}
                </ul>
              </Section>
              <Section flush title="Letters" hint={`${reason === '' ? '' : `${sayRule(reason)}, `}the newest ${formatCount(rows.length)}`}>
                <DataTable
                  label="Dead letters"
                  name="letter"
                  rows={rows}
                  columns={columns}
                  rowKey={(row) => row.cursor}
                  peekTitle={() => 'Dead letter'}
                  peek={(row) => (
                    <>
                      <Notice tone="late" mark={<StateMark state="warned" />} title={row.reason}>Received <When at={row.receivedAt} />{row.id === null ? ', without an id' : <>, id <code>{row.id}</code></>}</Notice>
                      <Section title="As it came"><pre className={styles.code}>{pretty(row.raw)}</pre></Section>
                    </>
                  )}
                  empty={<EmptyState title="No letter is of this reason." actions={<Button onClick={() => setReason('')}>Show all</Button>} />}
                />
              </Section>
            </>
          )
        }}
      </Loaded>
    </>
  )
}

function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw
  }
}
