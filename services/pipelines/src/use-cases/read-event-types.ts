// Event types as the events room tells them: owner, columns, state.
import type { Ctx } from '@rondo/context'
import { eventsContract, type TypeRow } from '@rondo/events/contract'
import { MINUTE_MS } from '@rondo/time'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'

/** Asks anew. */
export async function readEventTypes(room: Room, ctx: Ctx): Promise<ReadonlyMap<string, TypeRow>> {
  const { rows } = await room.deps.peer(eventsContract).listTypes({}, ctx)
  room.eventTypes = { atMs: room.deps.clock.now(), rows: new Map(rows.map((row) => [row.type, row])) }
  return room.eventTypes.rows
}

/** What a type's columns and owner were within the last minute: runs and queries need no more. */
export async function findEventTypes(room: Room, ctx: Ctx): Promise<ReadonlyMap<string, TypeRow>> {
  const known = room.eventTypes
  return known !== undefined && Math.abs(room.deps.clock.now() - known.atMs) < MINUTE_MS ? known.rows : readEventTypes(room, ctx)
}

/** Throws `ENDPOINT_NOT_FOUND`. */
export async function getEventType(room: Room, type: string, ctx: Ctx): Promise<TypeRow> {
  const row = (await findEventTypes(room, ctx)).get(type) ?? (await readEventTypes(room, ctx)).get(type)
  if (row === undefined) throw errors.endpointUnknown({ endpoint: type })
  return row
}
