// What did not fit its schema: by reason, with the letters themselves, and another chance for them, as they are or mended.
import { eventsContract, type DeadRow } from '@rondo/events/contract'
import { Button, DataTable, EmptyState, formatCount, formatThings, Loaded, Notice, Section, StateMark, useQueryState, useRoute, When, type Column } from '@rondo/ui'
import { useState } from 'react'
import { sayRule, saySentence } from './dead-reasons.ts'
import { prettyJson } from './diff-lines.ts'
import { RepairLetters } from './repair-letters.tsx'
import { ReplayNotice, type Replay } from './use-replay.tsx'
import styles from './events.module.css'

const columns: Column<DeadRow>[] = [
  { id: 'why', header: 'Why', cell: (row) => (row.erased === true ? <span className="quiet">erased with its user</span> : <span className={styles.why} title={row.reason}>{saySentence(row.reason)}</span>), sort: (row) => row.reason },
  { id: 'raw', header: 'As it came', cell: (row) => <code className={`clip quiet ${styles.raw}`}>{row.raw}</code> },
  { id: 'at', header: 'Received', cell: (row) => <When at={row.receivedAt} />, sort: (row) => row.receivedAt, align: 'end', narrow: 'value' },
]

/** Without `replay` nobody registered the name: its letters can fit nothing yet. */
export function DeadLetters({ type, replay }: { type: string; replay?: Replay }) {
  const [reason, setReason] = useQueryState('reason')
  const [isMending, setMending] = useState(false)
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
              <Section title="Reasons" hint={`${formatThings(total, 'letter')}, ${formatThings(reasons.length, 'rule')}`} aside={replay !== undefined && <span className={styles.replayActs}><Button {...(isMending ? {} : { kind: 'go' as const })} aria-expanded={isMending} onClick={() => setMending(!isMending)}>{isMending ? 'Close the repair' : 'Repair them'}</Button><Button hotkey="R" disabled={replay.isCalling} onClick={() => replay.run({ count: total })}>{replay.isCalling ? 'Replaying' : replay.label}</Button></span>}>
                <ul className={styles.reasons} aria-label="Reasons">
                  {reasons.map((one) => (
                    <li key={one.reason}>
                      <button type="button" aria-pressed={reason === one.reason} onClick={() => setReason(reason === one.reason ? '' : one.reason)}>
                        <StateMark state="warned" />
                        <b className="clip">{sayRule(one.reason)}</b>
                        <code className="clip wide-only">{one.reason}</code>
                        <span className={styles.reasonBar}><i style={{ width: `${(100 * one.count) / Math.max(1, reasons[0]?.count ?? 1)}%` }} /></span>
                        <span className="number">{formatCount(one.count)}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </Section>
              {replay !== undefined && isMending && (reason === '' || reasons.some((one) => one.reason === reason)) && <RepairLetters key={reason} type={type} reason={reason} count={reason === '' ? total : (reasons.find((one) => one.reason === reason)?.count ?? 0)} replay={replay} />}
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
                      <Notice tone="late" mark={<StateMark state="warned" />} title={row.erased === true ? 'Erased with its user' : row.reason}>Received <When at={row.receivedAt} />{row.id === null ? ', without an id' : <>, id <code>{row.id}</code></>}</Notice>
                      <Section title="As it came"><pre className={styles.code}>{row.erased === true ? 'Its user was erased: nothing of it can be read any more.' : prettyJson(row.raw)}</pre></Section>
                    </>
                  )}
                  empty={<EmptyState title="No letter is of this reason any more." actions={<Button onClick={() => setReason('')}>Show all</Button>} />}
                />
              </Section>
            </>
          )
        }}
      </Loaded>
    </>
  )
}
