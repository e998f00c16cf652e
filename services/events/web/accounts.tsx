// Whether closed hours add up: what the log held, what the buckets hold, and each hour in which these differ.
import { eventsContract, type ReportRow } from '@rondo/events/contract'
import { Button, ErrorState, formatExact, formatThings, Loaded, Section, StateMark, useCall, type RouteState } from '@rondo/ui'
import { sayAccount, sumAccounts } from './account-words.ts'
import styles from './events.module.css'

export function Accounts({ type, reports, days }: { type: string; reports: RouteState<{ rows: ReportRow[] }>; days: number }) {
  const restate = useCall(eventsContract, 'restate')
  return (
    <Loaded of={reports} what="Could not read its accounts" lines={2}>
      {({ rows }) => {
        const { wrong, delivered, landed, duplicate, dead } = sumAccounts(rows)
        return (
          <Section title="Accounts" hint={`kept when each hour closed, ${days} days`}>
            {rows.length === 0 && <p className="soft">No hour was closed yet: its account is kept when it is.</p>}
            {rows.length > 0 && wrong.length === 0 && <p className={styles.sound}><StateMark state="healthy" /> {formatThings(rows.length, 'closed hour')}, and all add up: {formatExact(delivered)} delivered, {formatExact(landed)} in buckets; {formatExact(duplicate)} duplicate, {formatExact(dead)} dead.</p>}
            {wrong.length > 0 && (
              <ul className={styles.wrong} aria-label="Hours that do not add up">
                {wrong.map((row) => (
                  <li key={row.hour}>
                    <StateMark state="failed" /><span className="bad">{sayAccount(row)}</span>
                    <Button disabled={restate.isCalling} onClick={() => void restate.call({ type, hour: row.hour })}>Make its files anew</Button>
                  </li>
                ))}
              </ul>
            )}
            {restate.error !== undefined && <ErrorState what="Could not make them anew" error={restate.error} />}
          </Section>
        )
      }}
    </Loaded>
  )
}
