// Answers with tracks: the weekly list, recommendations for now, similar tracks.
import type { Ctx } from '@rondo/context'
import { startOfWeek, toIso, toIsoDate } from '@rondo/time'
import type { Item, Recommended, Shelf, WeeklyList } from '../contract.ts'
import { toListKey } from '../domain/act.ts'
import { errors } from '../errors.ts'
import type { Parts } from '../parts.ts'
import { createLiveModel, rankSimilar, type LiveModel } from './live-model.ts'
import { pickTracks } from './pick-tracks.ts'

/** The model that learned from the latest data, brought into memory at its first use after a start. */
export async function getModel(parts: Parts, ctx: Ctx): Promise<LiveModel | undefined> {
  if (parts.live.model !== undefined) return parts.live.model
  const row = await parts.models.findNewest()
  if (row === undefined) return undefined
  const model = await createLiveModel(row, await parts.models.loadFactors(row.version, ctx))
  return (parts.live.model ??= model)
}

/**
 * The list that stands; for this week, when none was made, one for now. A past or coming week without a list answers with no tracks. Tracks that
 * have left the catalogue since are left out. Throws WEEK_WRONG.
 */
export async function getWeekly(parts: Parts, input: { user: string; week?: string; shelf?: Shelf }, ctx: Ctx): Promise<WeeklyList> {
  const { user, shelf = 'discover-weekly' } = input
  const thisWeek = toIsoDate(startOfWeek(parts.clock.now()))
  const week = input.week === undefined ? thisWeek : checkMonday(input.week)
  const listener = await parts.listeners.get(user, ctx)
  const outcomes = listener.lists.get(toListKey(week, shelf))
  const withOutcomes = (tracks: Recommended[]): WeeklyList['tracks'] => tracks.map((track) => ({ ...track, outcome: outcomes?.get(track.trackId) ?? 'waiting' }))
  const stored = await parts.lists.find(user, week, shelf, ctx)
  if (stored !== undefined) {
    const { madeMs, dataMs: _, tracks, ...rest } = stored
    return { ...rest, madeAt: toIso(madeMs), tracks: withOutcomes(tracks.filter(({ trackId }) => parts.items.findOffered(trackId) !== undefined)) }
  }
  const head = { user, week, shelf, madeAt: toIso(parts.clock.now()) }
  if (week !== thisWeek) return { ...head, modelVersion: 'none', coldStart: `No list was made for "${user}" in the week of ${week}.`, tracks: [] }
  const model = await getModel(parts, ctx)
  const { tracks, coldStart = `No list was made for "${user}" this Monday; this one is made for now and may change.` } = pickTracks(parts, model, { listener, shelf, foldIn: true })
  return { ...head, modelVersion: toVersion(model), coldStart, tracks: withOutcomes(tracks) }
}

export type Recommendation = { user: string; modelVersion: string; coldStart?: string; rows: Recommended[] }

/** From the listener's acts up to this moment, folded into the model. */
export async function recommend(parts: Parts, { user, k }: { user: string; k: number }, ctx: Ctx): Promise<Recommendation> {
  const model = await getModel(parts, ctx)
  const { tracks, ...rest } = pickTracks(parts, model, { listener: await parts.listeners.get(user, ctx), shelf: 'discover-weekly', length: k, foldIn: true })
  return { user, modelVersion: toVersion(model), ...rest, rows: tracks }
}

export type Similar = { item: Item | null; modelVersion: string; coldStart?: string; rows: (Item & { score: number })[] }

/** By the cosine of factors: tracks that the same listeners play, however many those are. */
export async function findSimilar(parts: Parts, { item, k }: { item: string; k: number }, ctx: Ctx): Promise<Similar> {
  const model = await getModel(parts, ctx)
  const at = model?.itemAt.get(item)
  const known = parts.items.find(item) ?? (at === undefined ? undefined : parts.items.get(item))
  const head = { item: known === undefined ? null : toPlainItem(known), modelVersion: toVersion(model) }
  if (known === undefined) return { ...head, coldStart: `There is no track "${item}".`, rows: [] }
  if (model === undefined || at === undefined || model.norms[at] === 0) return { ...head, coldStart: `"${known.title}" has too few listeners to compare.`, rows: [] }
  return { ...head, rows: takeOffered(parts, model, at, k) }
}

/** Asks for more than are wanted, since some may have left the catalogue. */
function takeOffered(parts: Parts, model: LiveModel, at: number, k: number): Similar['rows'] {
  for (let count = k + 50; ; count *= 2) {
    const ranked = rankSimilar(model, at, count)
    const rows = ranked.flatMap(({ index, score }) => {
      const offered = parts.items.findOffered(model.factors.items[index] ?? '')
      return offered === undefined ? [] : [{ ...toPlainItem(offered), score }]
    })
    if (rows.length >= k || ranked.length < count) return rows.slice(0, k)
  }
}

/** What the contract tells of an item, and no more. */
export function toPlainItem({ trackId, title, artistId, artistName, genre }: Item): Item {
  return { trackId, title, artistId, artistName, genre }
}

function toVersion(model: LiveModel | undefined): string {
  return model?.row.version ?? 'none'
}

function checkMonday(week: string): string {
  const epochMs = Date.parse(`${week}T00:00:00Z`)
  if (Number.isNaN(epochMs)) throw errors.weekWrong({ week, monday: undefined })
  const monday = toIsoDate(startOfWeek(epochMs))
  if (monday !== week) throw errors.weekWrong({ week, monday })
  return week
}
