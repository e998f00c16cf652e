// Something a room runs now, as an entity with the facts that room knows about it.
import type { LiveFacts } from '../contract.ts'
import type { Entity } from './entity.ts'

export type LiveThing = {
  entity: Entity
  /** The room that was asked, e.g. "events". */
  room: string
  /** Its own page in the portal. */
  path: string
  facts: LiveFacts
}

export const NO_FACTS: LiveFacts = { state: null, lastRunAt: null, ratePerHour: null, latenessMs: null, note: null, asOf: null }
