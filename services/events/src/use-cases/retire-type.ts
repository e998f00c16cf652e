// Marks a type as no longer defined: clients may still send it for years, so it stays, with its events, and is taken as before.
import { toIso } from '@rondo/time'
import { HOUSE, type Room } from '../room.ts'
import { saveRetired } from '../store/type-store.ts'
import { getFlow } from './get-flow.ts'

/** Again changes nothing. `putType` takes the mark away. Throws EVENT_TYPE_NOT_FOUND. */
export function retireType(room: Room, type: string): Promise<{ type: string; retiredAt: string }> {
  return room.serial(async () => {
    const flow = getFlow(room, type)
    if (flow.retiredAtMs === undefined) {
      const nowMs = room.deps.clock.now()
      await saveRetired(room.deps.relational, type, nowMs, HOUSE)
      flow.retiredAtMs = nowMs
      room.deps.log.info('event type no longer defined', { type })
    }
    return { type, retiredAt: toIso(flow.retiredAtMs) }
  })
}
