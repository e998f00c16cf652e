// Takes events from services inside, which need no write key; ids and times are added where they are missing.
import type { EventResult, WireEvent } from '../contract.ts'
import { storeTranslated } from '../collector/translate.ts'
import { listResults } from '../collector/write-results.ts'
import type { Room } from '../room.ts'

export async function publishEvents(room: Room, events: WireEvent[]): Promise<EventResult[]> {
  if (events.length === 0) return []
  const wires = events.map((event) => ({ wire: { ...event, id: event.id ?? room.deps.ids.next() } }))
  return listResults((await storeTranslated(room, wires, undefined)).answer)
}
