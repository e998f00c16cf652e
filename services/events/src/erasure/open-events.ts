// Events of the log as they may be read: what is sealed is opened while its key is there, and is absent for good once it is not.
import { open } from '@rondo/sealing'
import type { DeliveredEvent } from '../domain/delivered-event.ts'
import type { PersonalPart } from '../domain/personal-part.ts'
import type { KeyRing } from './key-ring.ts'

/** Of one type; in the same order. */
export async function openEvents<E extends DeliveredEvent>(keys: KeyRing, type: string, events: E[]): Promise<(E & { erased?: true })[]> {
  const ids = new Set(events.flatMap(({ sealed }) => sealed?.key ?? []))
  if (ids.size === 0) return events
  const found = await keys.find(ids)
  return events.map((event) => {
    if (event.sealed === undefined) return event
    const key = found.get(event.sealed.key)
    const plain = key === undefined ? undefined : open(key, type, Buffer.from(event.sealed.data, 'base64'))
    if (plain === undefined) return { ...event, erased: true }
    const part = JSON.parse(plain.toString('utf8')) as PersonalPart
    return { ...event, properties: { ...event.properties, ...part.p }, context: part.c ?? event.context }
  })
}
