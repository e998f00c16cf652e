// Everybody's lists of one week, from one model.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { Shelf } from '../contract.ts'
import { isName } from '../domain/act.ts'
import type { Parts } from '../parts.ts'
import type { StoredList } from '../store/list-store.ts'
import type { LiveModel } from './live-model.ts'
import { pickTracks } from './pick-tracks.ts'

const SHELVES: Shelf[] = ['discover-weekly', 'popularity']
/** About 25 ms of work between two turns of the event loop, and one write. */
const USERS_AT_ONCE = 20

/** For everybody the model or the room knows; a list that stands is never made again that week. Cut off, the next call makes what is missing. Returns how many were made. */
export async function makeLists(parts: Parts, model: LiveModel, week: string, ctx: Ctx): Promise<number> {
  let made = 0
  const known = [...parts.listeners.summaries()].map((summary) => summary.user)
  const users = [...new Set([...model.factors.users.filter(isName), ...known])]
  for (let start = 0; start < users.length; start += USERS_AT_ONCE) {
    throwIfCancelled(ctx)
    const lists = await makeMissing(parts, model, { week, users: users.slice(start, start + USERS_AT_ONCE) }, ctx)
    await parts.lists.putMany(lists, ctx)
    made += lists.length
    await new Promise((resolve) => setImmediate(resolve))
  }
  model.row.lists += made
  model.row.listed_ms = parts.clock.now()
  await parts.models.setLists(model.row.version, model.row.lists, model.row.listed_ms)
  return made
}

async function makeMissing(parts: Parts, model: LiveModel, { week, users }: { week: string; users: string[] }, ctx: Ctx): Promise<StoredList[]> {
  const lists: StoredList[] = []
  const { version, data_ms: dataMs } = model.row
  for (const shelf of SHELVES) {
    const standing = await parts.lists.findMany(users, week, shelf, ctx)
    for (const [i, user] of users.entries()) {
      if (standing[i] !== undefined) continue
      const picks = pickTracks(parts, model, { listener: await parts.listeners.get(user, ctx), shelf })
      if (picks.tracks.length > 0) lists.push({ user, week, shelf, modelVersion: version, madeMs: parts.clock.now(), dataMs, ...picks })
    }
  }
  return lists
}
