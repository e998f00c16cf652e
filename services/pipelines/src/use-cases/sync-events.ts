// Asks the events room which hours of a type are closed, and which files hold them.
import type { Ctx } from '@rondo/context'
import { eventsContract } from '@rondo/events/contract'
import { DAY_MS, toIso } from '@rondo/time'
import type { Bucket } from '../domain/datasets.ts'
import type { Room } from '../room.ts'

/** Closed hours do not change, except when they are restated: this far behind the closed end they are compared again. */
const LOOK_BACK_MS = 2 * DAY_MS

/**
 * `landed`: only what may have changed since, open hours included (for people's queries); else closed hours are compared again as well.
 * Hours from `atLeastFromMs` on are asked for in any case: retention may have taken their files.
 */
export async function syncEvents(room: Room, type: string, landed: boolean, ctx: Ctx, atLeastFromMs = Infinity): Promise<void> {
  const { datasets, planner } = room.picture
  const { closedUntilMs } = datasets.getEvent(type)
  const from = closedUntilMs === -Infinity ? {} : { from: toIso(Math.min(atLeastFromMs, landed ? closedUntilMs : closedUntilMs - LOOK_BACK_MS)) }
  const answer = await room.deps.peer(eventsContract).listBuckets({ type, ...from }, ctx)
  const untilMs = Date.parse(answer.closedUntil)
  const buckets = new Map<number, Bucket>()
  for (const row of answer.rows) {
    buckets.set(Date.parse(`${row.hour}:00:00Z`), { version: row.version, files: row.files, rows: row.rows, isClosed: row.state === 'closed', closedAtMs: row.closedAt === null ? undefined : Date.parse(row.closedAt), ...(row.sealed === true ? { isSealed: true } : {}) })
  }
  const changed = datasets.noteBuckets(type, untilMs, buckets)
  if (changed !== undefined || untilMs > closedUntilMs) planner.noteEvents(type, changed)
}

/** Forgets all hours and asks for them again: files that we remember are gone. */
export async function resyncEvents(room: Room, type: string, ctx: Ctx): Promise<void> {
  room.picture.datasets.forgetEvents(type)
  await syncEvents(room, type, false, ctx)
}
