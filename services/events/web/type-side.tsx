// Beside an event type: what is accepted right now, and what was promised about it.
import { eventsContract, type TypeRow } from '@rondo/events/contract'
import { formatDuration, KeyValues, Link, Owner, Section, Sentence, useRoute, When } from '@rondo/ui'
import { sayRetention } from './say-retention.ts'
import { LiveList } from './live-list.tsx'
import { useLiveEvents } from './use-live-events.ts'

const landsWithin = { gold: '1 h 15 min', silver: '2 h', bronze: '6 h' }

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
            ['Service level', `${row.slo}: in a bucket within ${landsWithin[row.slo]}${row.slo === 'bronze' ? '; may fall silent' : ''}`],
            ['Not yet landed', row.landingLagMs === 0 ? 'nothing' : `for ${formatDuration(row.landingLagMs)}`],
            ['Kept', sayRetention(row.retention)],
            ['Last event', <When key="last" at={row.lastEventAt} />],
            ['Owner', <Owner key="owner" name={row.owner} />],
            ['Versions', <span key="versions">{row.versions.map((version) => <code key={version} style={{ marginRight: 8 }}>{version}</code>)}</span>],
            ['Read by', <Link key="lineage" className="link" to={`/data/${encodeURIComponent(row.type)}`}>its lineage</Link>],
          ]}
        />
      </Section>
    </>
  )
}
