// A type that must be there.
import { listClosest, type AppError } from '@rondo/errors'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { errors } from '../errors.ts'
import type { DeadFlow, Flow, Room } from '../room.ts'

export function getFlow(room: Room, type: string): Flow {
  const flow = room.flows.get(type)
  if (flow === undefined) throw toUnknown(room, type)
  return flow
}

/** With the names that may have been meant. */
export function toUnknown(room: Room, type: string): AppError {
  return errors.typeUnknown({ type, near: listClosest(type, room.flows.keys()) })
}

/** Dead letters of a type, or those of no known type under "unknown". */
export function getDead(room: Room, type: string): DeadFlow {
  return type === UNKNOWN_TYPE ? room.unknown : getFlow(room, type).dead
}
