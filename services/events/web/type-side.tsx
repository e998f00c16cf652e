// Beside an event type: what is accepted right now, and what was promised about it.
import { eventsContract, type TypeRow } from '@rondo/events/contract'
import { formatDuration, KeyValues, Link, Owner, Section, Sentence, useRoute, When } from '@rondo/ui'
import { MadeFrom } from './readers-page.tsx'
import { sayRetention } from './say-retention.ts'
import { sayPromise, sloNames } from './standing-words.ts'
import { LiveList } from './live-list.tsx'
import { useLiveEvents } from './use-live-events.ts'

export function TypeSide({ row }: { row: TypeRow }) {
  const live = useLiveEvents({ type: row.type })
  const recent = useRoute(eventsContract, 'readEvents', { type: row.type, limit: 18 })
  return (
    <>
      <LiveList live={live} recent={recent.data?.rows ?? []} />
      <Section title="Promise">
        {row.description !== '' && <Sentence size="remark">{row.description}</Sentence>}
        <KeyValues
          rows={[
            ['Service level', `${sloNames[row.slo]}: ${sayPromise(row.slo)}`],
            ['Not yet landed', row.landingLagMs === 0 ? 'nothing' : `for ${formatDuration(row.landingLagMs)}`],
            ['Kept', sayRetention(row.retention)],
            ['Last event', <When key="last" at={row.lastEventAt} />],
            ['Owner', <Owner key="owner" name={row.owner} />],
            ['Versions', <span key="versions">{row.versions.map((version) => <code key={version} style={{ marginRight: 8 }}>{version}</code>)}</span>],
          ]}
        />
      </Section>
      <Section title="Read by" aside={<Link className="link" to={`/events/${encodeURIComponent(row.type)}?tab=readers`}>All readers</Link>}><MadeFrom type={row.type} most={8} /></Section>
    </>
  )
}
