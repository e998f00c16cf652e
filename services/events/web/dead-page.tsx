// The address that a pulse gives for dead letters: the tab of the type's page, or the letters of no known type.
import { eventsContract } from '@rondo/events/contract'
import { Page, useGo, usePathParam, useRoute } from '@rondo/ui'
import { useEffect } from 'react'
import { DeadLetters, useReplay } from './dead-letters.tsx'

const UNKNOWN = 'unknown'

export function DeadPage() {
  const type = usePathParam('type')
  const go = useGo()
  useEffect(() => {
    if (type !== UNKNOWN) go(`/events/${encodeURIComponent(type)}?tab=dead`, { replace: true })
  })
  return type === UNKNOWN ? <UnknownLetters /> : null
}

function UnknownLetters() {
  const dead = useRoute(eventsContract, 'listDead', { type: UNKNOWN, limit: 200 }, { refetchMs: 5_000 })
  const replay = useReplay(UNKNOWN, (dead.data?.reasons ?? []).reduce((sum, one) => sum + one.count, 0))
  return (
    <Page arc="events" title="Letters of no known type" crumbs={[{ label: 'Events', to: '/events' }]} copy={{ command: 'npx rondo events dead unknown', call: '/api/events/v1/types/unknown/dead' }}>
      <DeadLetters type={UNKNOWN} replay={replay} />
    </Page>
  )
}
