// How one event type flows at this moment: figures beside their usual, the rate, the week's buckets, and what died.
import { eventsContract, PROMISES, type TypeRow } from '@rondo/events/contract'
import type { Output } from '@rondo/contract'
import { HOUR_MS, startOfHour } from '@rondo/time'
import { Button, EmptyState, Figure, Figures, formatCount, formatDuration, formatEffect, formatRate, formatShare, Link, Loaded, Notice, Section, StateMark, type RouteState } from '@rondo/ui'
import { toBucketDays } from './bucket-days.ts'
import { BucketGrid } from './bucket-grid.tsx'
import { compareWithUsual, sumDay, toNotes } from './day-notes.ts'
import { sayRule } from './dead-reasons.ts'
import { RateChart } from './rate-chart.tsx'
import { sayAllowed } from './standing-words.ts'
import type { Trouble } from './state-of-standing.ts'
import { sayUnknownFields } from './unknown-fields-words.ts'
import { ReplayNotice, type Replay } from './use-replay.tsx'
import styles from './events.module.css'

type Routes = (typeof eventsContract)['routes']
export type TypeNowProps = {
  row: TypeRow
  trouble: Trouble | undefined
  now: number
  history: RouteState<Output<Routes['history']>>
  counts: RouteState<Output<Routes['counts']>>
  buckets: RouteState<Output<Routes['listBuckets']>>
  /** Hours whose account does not add up. */
  wrong: ReadonlySet<string>
  dead: RouteState<Output<Routes['listDead']>>
  replay: Replay
}

export function TypeNow({ row, trouble, now, history, counts, buckets, wrong, dead, replay }: TypeNowProps) {
  const hours = history.data?.rows ?? []
  const against = compareWithUsual(toNotes(hours, now))
  const sums = sumDay(hours)
  const today = counts.data?.rows[0]
  const share = today === undefined || today.accepted === 0 ? null : today.dead / today.accepted
  const here = `/events/${encodeURIComponent(row.type)}`
  return (
    <>
      {trouble !== undefined && <Notice tone={trouble.state === 'failed' ? 'bad' : 'late'} mark={<StateMark state={trouble.state} />} title={trouble.message}>{trouble.hurts}</Notice>}
      <ReplayNotice replay={replay} />
      {row.unknownFields !== undefined && <Notice tone="late" mark={<StateMark state="warned" />} title="Events come with fields that are not kept.">{sayUnknownFields(row.unknownFields)}</Notice>}
      <Figures>
        {[
          <Figure key="rate" value={formatRate(row.ratePerHour / 3600)} label={`last hour${against === null ? '' : `, ${formatEffect(against, 0)} against the usual`}`} />,
          <Figure key="accepted" value={formatCount(today?.accepted ?? (history.data === undefined ? undefined : sums.accepted))} label="accepted in 24 h" />,
          <Figure key="dead" value={formatShare(share)} label={`dead in 24 h, ${sayAllowed(PROMISES[row.slo].deadShare)} allowed`} {...(share !== null && share > PROMISES[row.slo].deadShare ? { tone: 'late' as const } : {})} />,
          <Figure key="landed" value={formatDuration(sums.landedLagMs)} label="into a bucket, longest" />,
          <Figure key="closes" value={formatDuration(Math.max(0, startOfHour(now) + HOUR_MS - now - ((startOfHour(now) + HOUR_MS - now) % 60_000)))} label="to the hour’s end" />,
        ]}
      </Figures>
      {row.lastEventAt === null ? <EmptyState title={`No ${row.type} was ever sent.`} actions={<Button kind="go" to={`${here}?tab=send`}>Show how to send one</Button>}>Its buckets and its usual begin with the first.</EmptyState> : (
        <>
          <Loaded of={history} what="Could not read its history" lines={6}>{() => <RateChart history={hours} now={now} />}</Loaded>
          <Loaded of={buckets} what="Could not read the buckets" lines={6}>
            {({ rows, closedUntil }) => <Section title="Hourly buckets" hint="rows by time of receipt, UTC" aside={<Link className="link" to={`${here}?tab=buckets`}>All</Link>}><BucketGrid days={toBucketDays(rows, closedUntil, now)} wrong={wrong} /></Section>}
          </Loaded>
        </>
      )}
      <Loaded of={dead} what="Could not read the dead letters" lines={3}>
        {({ reasons }) => (
          <Section title="Dead letters" hint={reasons.length === 0 ? 'none' : `${formatCount(reasons.reduce((sum, one) => sum + one.count, 0))}, by reason`} aside={reasons.length > 0 && <Button disabled={replay.isCalling} hotkey="R" onClick={() => replay.run({ count: today?.dead ?? 0 })}>{replay.isCalling ? 'Replaying' : replay.label}</Button>}>
            {reasons.length === 0 ? <p className="soft">{row.lastEventAt === null ? 'Nothing came that does not fit the schema.' : 'Everything that came fits its schema.'}</p> : (
              <ul className={styles.reasons}>
                {reasons.slice(0, 5).map((one) => (
                  <li key={one.reason}>
                    <Link to={`${here}?tab=dead&reason=${encodeURIComponent(one.reason)}`}>
                      <StateMark state="warned" />
                      <b className="clip">{sayRule(one.reason)}</b>
                      <code className="clip wide-only">{one.reason}</code>
                      <span className={styles.reasonBar}><i style={{ width: `${(100 * one.count) / Math.max(1, reasons[0]?.count ?? 1)}%` }} /></span>
                      <span className="number">{formatCount(one.count)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </Section>
        )}
      </Loaded>
    </>
  )
}
