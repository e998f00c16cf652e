// Monday's work: when the taste of the week before is complete, learn from it and make everybody's lists, once.
import type { Ctx } from '@rondo/context'
import { toAppError } from '@rondo/errors'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { WEEK_MS, startOfWeek, toIsoDate } from '@rondo/time'
import type { Shelf } from '../contract.ts'
import type { LiveModel, Parts } from '../parts.ts'
import type { StoredList } from '../store/list-store.ts'
import { pickTracks } from './pick-tracks.ts'
import { trainModel } from './train-model.ts'

const TASTE = 'taste-weekly'
const TASTE_PIPELINE = 'build-taste-weekly'
export const SHELVES: Shelf[] = ['discover-weekly', 'popularity']
const USERS_AT_ONCE = 50

/** Makes the lists of the current week when they are due and possible; returns how many. */
export async function makeWeek(parts: Parts, ctx: Ctx): Promise<number> {
  const weekMs = startOfWeek(parts.clock.now())
  const week = toIsoDate(weekMs)
  if (parts.live.model?.row.week === week && parts.live.model.row.provisional === 0) return 0
  if ((await parts.models.findFor(week)) !== undefined) return 0
  const tasteWeek = toIsoDate(weekMs - WEEK_MS)
  const publishedMs = await findPublished(parts, tasteWeek, ctx)
  if (publishedMs === undefined) return 0
  try {
    const model = await trainModel(parts, { tasteWeek, week, provisional: false, dataMs: publishedMs }, ctx)
    parts.live.model = model
    return 1 + (await makeLists(parts, model, week, ctx))
  } catch (thrown) {
    if (toAppError(thrown).code === 'TOO_LITTLE_DATA') return 0
    throw thrown
  }
}

/** Learns from everything that has landed, also in partitions that are still open; makes the lists that the current week lacks. */
export async function refresh(parts: Parts, ctx: Ctx): Promise<{ model: LiveModel; lists: number }> {
  const week = toIsoDate(startOfWeek(parts.clock.now()))
  await parts.peer(pipelinesContract).startRun({ body: { pipeline: TASTE_PIPELINE, partition: week, provisional: true } }, ctx)
  const model = await trainModel(parts, { tasteWeek: week, week, provisional: true, dataMs: parts.clock.now() }, ctx)
  parts.live.model = model
  return { model, lists: await makeLists(parts, model, week, ctx) }
}

/** A list that stands is never made again that week. */
async function makeLists(parts: Parts, model: LiveModel, week: string, ctx: Ctx): Promise<number> {
  let made = 0
  const users = [...new Set([...model.factors.users, ...[...parts.listeners.summaries()].map((summary) => summary.user)])]
  for (let start = 0; start < users.length; start += USERS_AT_ONCE) {
    const some = users.slice(start, start + USERS_AT_ONCE)
    const lists: StoredList[] = []
    for (const shelf of SHELVES) {
      const standing = await parts.lists.findMany(some, week, shelf, ctx)
      for (const [i, user] of some.entries()) {
        if (standing[i] !== undefined) continue
        const { tracks, coldStart } = pickTracks(parts, model, { listener: await parts.listeners.get(user, ctx), shelf })
        if (tracks.length === 0) continue
        lists.push({ user, week, shelf, modelVersion: model.row.version, madeMs: parts.clock.now(), dataMs: model.row.data_ms, ...(coldStart === undefined ? {} : { coldStart }), tracks })
      }
    }
    await parts.lists.putMany(lists, ctx)
    made += lists.length
    await new Promise((resolve) => setImmediate(resolve))
  }
  model.row.lists += made
  await parts.models.setLists(model.row.version, model.row.lists)
  return made
}

/** When the final partition of that week was published, epoch ms; undefined while it was not. */
async function findPublished(parts: Parts, week: string, ctx: Ctx): Promise<number | undefined> {
  try {
    const { rows } = await parts.peer(pipelinesContract).listPartitions({ name: TASTE, from: week, to: toIsoDate(Date.parse(week) + WEEK_MS) }, ctx)
    const row = rows.find(({ partition }) => partition === week)
    return row?.state === 'published' && !row.provisional && row.publishedAt !== null ? Date.parse(row.publishedAt) : undefined
  } catch (thrown) {
    // A workspace without this dataset, or a peer that is away: nothing is due.
    const { kind } = toAppError(thrown)
    if (kind === 'not-found' || kind === 'unavailable') return undefined
    throw thrown
  }
}
