// The address of dead letters: the tab of a type's page, the letters of a name that nobody registered, or all of no known type.
import { eventsContract } from '@rondo/events/contract'
import { Button, Loaded, Notice, Page, Section, StateMark, useGo, usePathParam, useRoute } from '@rondo/ui'
import { useEffect } from 'react'
import { DeadLetters } from './dead-letters.tsx'
import { UnknownNames } from './unknown-names.tsx'
import { useReplay } from './use-replay.tsx'
import styles from './events.module.css'

const UNKNOWN = 'unknown'
const NAMES = 40
const crumbs = [{ label: 'Events', to: '/events' }]

export function DeadPage() {
  const type = usePathParam('type')
  return type === UNKNOWN ? <UnknownLetters /> : <NamedLetters key={type} type={type} />
}

function NamedLetters({ type }: { type: string }) {
  const go = useGo()
  const found = useRoute(eventsContract, 'getType', { type }, { refetchMs: 5_000 })
  const isKnown = found.data !== undefined && found.data.type === type ? true : found.error?.kind === 'not-found' ? false : undefined
  useEffect(() => {
    if (isKnown === true) go(`/events/${encodeURIComponent(type)}?tab=dead`, { replace: true })
  }, [isKnown, go, type])
  if (isKnown === true) return null
  const title = `Letters of ${type}`
  if (isKnown === undefined) return <Page arc="events" title={title} crumbs={crumbs}><Loaded of={{ ...found, data: undefined }} what={`Could not read ${type}`} lines={8}>{() => null}</Loaded></Page>
  return (
    <Page arc="events" title={title} crumbs={[...crumbs, { label: 'No known type', to: '/events/unknown/dead' }]} copy={{ command: `npx rondo events dead ${type}`, call: `/api/events/v1/types/${type}/dead` }}>
      <Notice tone="late" mark={<StateMark state="warned" />} title={`No event type is called ${type}.`} actions={<Button to="/events/unknown/dead">All of no known type</Button>}>
        Write it in events/ of the workspace, then replay its letters: each that fits is delivered once, under its own id.
      </Notice>
      <DeadLetters type={type} />
    </Page>
  )
}

function UnknownLetters() {
  const dead = useRoute(eventsContract, 'listDead', { type: UNKNOWN, limit: 200 }, { refetchMs: 5_000 })
  const replay = useReplay(UNKNOWN, (dead.data?.reasons ?? []).reduce((sum, one) => sum + one.count, 0))
  const types = dead.data?.types ?? []
  return (
    <Page arc="events" title="Letters of no known type" crumbs={crumbs} copy={{ command: 'npx rondo events dead unknown', call: '/api/events/v1/types/unknown/dead' }}>
      {types.length > 0 && <Section title="Names" hint="what they call themselves"><p className={styles.names}><UnknownNames types={types} most={NAMES} /></p></Section>}
      <DeadLetters type={UNKNOWN} replay={replay} />
    </Page>
  )
}
