// A closer look at one event type, in the drawer of the list.
import { eventsContract, type Standing } from '@rondo/events/contract'
import { formatCount, formatDuration, formatRate, KeyValues, Link, Loaded, Notice, Owner, Section, Sentence, Staff, StateMark, Tag, useRoute, When } from '@rondo/ui'
import { listFields } from './schema-fields.ts'
import { sayPromise, sloNames, toStaffNotes } from './standing-words.ts'
import { sayRetention } from './say-retention.ts'
import type { Trouble } from './state-of-standing.ts'
import { TypeState } from './type-state.tsx'
import { PersonalTag } from './schema-table.tsx'
import styles from './events.module.css'

export function TypePeek({ row, trouble, now }: { row: Standing; trouble: Trouble | undefined; now: number }) {
  const known = useRoute(eventsContract, 'getType', { type: row.type })
  const fields = listFields(known.data?.schema ?? {})
  const newest = useRoute(eventsContract, 'readEvents', { type: row.type, limit: 1 }, { refetchMs: 5_000 })
  return (
    <>
      {trouble !== undefined && <Notice tone="late" mark={<StateMark state={trouble.state} />} title={trouble.message}>{trouble.hurts}</Notice>}
      <Section>
        <Sentence size="remark">{row.description === '' ? 'Nobody has described it yet.' : row.description}</Sentence>
        <KeyValues
          rows={[
            ['State', <TypeState key="state" row={row} trouble={trouble} now={now} />],
            ['Rate', formatRate(row.ratePerHour / 3600)],
            ['24 hours', <Staff key="staff" notes={toStaffNotes(row)} width={240} isPast />],
            ['Last event', <When key="when" at={row.lastEventAt} />],
            ['Not yet landed', row.landingLagMs === 0 ? 'nothing' : `for ${formatDuration(row.landingLagMs)}`],
            ['Owner', <Owner key="owner" name={row.owner} />],
            ['Promise', `${sloNames[row.slo]}: ${sayPromise(row.slo)}`],
            ['Version', <><code>{row.version}</code>{known.data !== undefined && known.data.versions.length > 1 && <span className="quiet"> of {formatCount(known.data.versions.length)}</span>}</>],
            ['Kept', known.data === undefined ? '' : sayRetention(known.data.retention)],
            ['Personal data', <PersonalTag key="personal" mark={row.personal} />],
          ]}
        />
      </Section>
      <Section title="Fields" hint={formatCount(fields.length)}>
        <ul className={styles.chips}>{fields.map((field) => <li key={field.path}><Tag tone={field.personal === 'none' || field.personal === undefined ? 'plain' : 'tonic'}>{field.path}</Tag></li>)}</ul>
      </Section>
      <Section title="Newest" aside={<Link className="link" to={`/events/${encodeURIComponent(row.type)}?tab=events`}>More</Link>}>
        <Loaded of={newest} what="Could not read its newest event" lines={3}>
          {({ rows: [event] }) => (event === undefined ? <p className="quiet">None was accepted yet.</p> : <pre className={styles.code}>{JSON.stringify({ id: event.id, userId: event.userId, occurredAt: event.occurredAt, ...event.properties }, null, 2)}</pre>)}
        </Loaded>
      </Section>
    </>
  )
}
