// The answers of this room: weekly lists, recommendations for now, similar tracks, listeners.
import type { Ctx } from '@rondo/context'
import { startOfWeek, toIso, toIsoDate } from '@rondo/time'
import type { ListenerDetail, Recommended, Shelf, WeeklyList } from '../contract.ts'
import { toListKey, type Listener } from '../domain/listener.ts'
import type { LiveModel, Parts } from '../parts.ts'
import type { Summary } from '../store/listener-store.ts'
import { createLiveModel, rowOf } from './live-model.ts'
import { computeLikings, pickTracks } from './pick-tracks.ts'

const WEEKS_SHOWN = 10
const GENRES_SHOWN = 8

/** The newest model, brought into memory at its first use after a start. */
export async function getModel(parts: Parts, ctx: Ctx): Promise<LiveModel | undefined> {
  if (parts.live.model !== undefined) return parts.live.model
  const row = await parts.models.findNewest()
  if (row !== undefined) parts.live.model ??= await createLiveModel(row, await parts.models.loadFactors(row.version, ctx))
  return parts.live.model
}

export async function getWeekly(parts: Parts, input: { user: string; week?: string; shelf?: Shelf }, ctx: Ctx): Promise<WeeklyList> {
  const week = input.week ?? toIsoDate(startOfWeek(parts.clock.now()))
  const shelf = input.shelf ?? 'discover-weekly'
  const listener = await parts.listeners.get(input.user, ctx)
  const outcomes = listener.lists[toListKey(week, shelf)] ?? {}
  const withOutcomes = (tracks: Recommended[]): WeeklyList['tracks'] => tracks.map((track) => ({ ...track, outcome: outcomes[track.trackId] ?? 'waiting' }))
  const stored = await parts.lists.find(input.user, week, shelf, ctx)
  if (stored !== undefined) {
    const { madeMs, dataMs: _, ...rest } = stored
    return { ...rest, madeAt: toIso(madeMs), tracks: withOutcomes(stored.tracks) }
  }
  const model = await getModel(parts, ctx)
  const { tracks, coldStart } = pickTracks(parts, model, { listener, shelf, foldIn: true })
  const reason = coldStart ?? `No list was made for "${input.user}" in the week of ${week}; this one is made for now and may change.`
  return { user: input.user, week, shelf, modelVersion: model?.row.version ?? 'none', madeAt: toIso(parts.clock.now()), coldStart: reason, tracks: withOutcomes(tracks) }
}

export async function recommend(parts: Parts, input: { user: string; k: number }, ctx: Ctx): Promise<{ user: string; modelVersion: string; coldStart?: string; rows: Recommended[] }> {
  const model = await getModel(parts, ctx)
  const { tracks, coldStart } = pickTracks(parts, model, { listener: await parts.listeners.get(input.user, ctx), shelf: 'discover-weekly', length: input.k, foldIn: true })
  return { user: input.user, modelVersion: model?.row.version ?? 'none', ...(coldStart === undefined ? {} : { coldStart }), rows: tracks }
}

type Similar = { item: Recommended | ReturnType<Parts['items']['get']> | null; modelVersion: string; coldStart?: string; rows: (ReturnType<Parts['items']['get']> & { score: number })[] }

/** By the cosine of factors: tracks that the same listeners play, whatever their size. */
export async function findSimilar(parts: Parts, input: { item: string; k: number }, ctx: Ctx): Promise<Similar> {
  const model = await getModel(parts, ctx)
  const at = model?.itemAt.get(input.item)
  const known = parts.items.find(input.item)
  if (model === undefined || at === undefined) {
    return { item: known === undefined ? null : toPlain(known), modelVersion: model?.row.version ?? 'none', coldStart: known === undefined ? `There is no track "${input.item}".` : `"${known.title}" has too few listeners to compare.`, rows: [] }
  }
  const { itemFactors, items, dimensions } = model.factors
  const target = rowOf(itemFactors, at, dimensions)
  const scores = model.index.computeScores(target)
  const norm = (index: number): number => Math.hypot(...rowOf(itemFactors, index, dimensions))
  const own = norm(at)
  const rows = Array.from(scores, (score, index) => ({ index, score: score / Math.max(1e-12, own * norm(index)) }))
    .filter(({ index }) => index !== at)
    .sort((a, b) => b.score - a.score)
    .slice(0, input.k)
    .map(({ index, score }) => ({ ...toPlain(parts.items.get(items[index] ?? '')), score }))
  return { item: toPlain(parts.items.get(input.item)), modelVersion: model.row.version, rows }
}

function toPlain({ trackId, title, artistId, artistName, genre }: ReturnType<Parts['items']['get']>): ReturnType<Parts['items']['get']> {
  return { trackId, title, artistId, artistName, genre }
}

export async function listUsers(parts: Parts, input: { q?: string; limit: number }, ctx: Ctx): Promise<{ rows: ReturnType<typeof toRow>[]; total: number }> {
  const wanted = input.q?.toLowerCase()
  const found = [...parts.listeners.summaries()].filter(({ user }) => wanted === undefined || user.toLowerCase().includes(wanted)).sort((a, b) => b.lastMs - a.lastMs || (a.user < b.user ? -1 : 1))
  const week = toIsoDate(startOfWeek(parts.clock.now()))
  const rows = await Promise.all(found.slice(0, input.limit).map(async (summary) => toRow(summary, await parts.listeners.get(summary.user, ctx), week)))
  return { rows, total: found.length }
}

function toRow({ user, plays, saves, tracksHeard, lastMs }: Summary, listener: Listener, week: string) {
  return { user, plays, saves, tracksHeard, lastEventAt: lastMs === 0 ? null : toIso(lastMs), listPlayed: countPlayed(listener, week) }
}

function countPlayed(listener: Listener, week: string): number {
  return Object.entries(listener.lists).reduce((sum, [list, outcomes]) => sum + (list.startsWith(week) ? Object.values(outcomes).filter((outcome) => outcome !== 'skipped').length : 0), 0)
}

export async function getUser(parts: Parts, user: string, ctx: Ctx): Promise<ListenerDetail> {
  const listener = await parts.listeners.get(user, ctx)
  const stored = await parts.lists.listWeeks(user, WEEKS_SHOWN * 2, ctx)
  const model = await getModel(parts, ctx)
  const weeks = stored
    .map(({ week, shelf, tracks }) => ({ week, shelf, tracks, outcomes: listener.lists[toListKey(week, shelf)] ?? {} }))
    .filter(({ shelf, outcomes }) => shelf === 'discover-weekly' || Object.keys(outcomes).length > 0)
    .map(({ week, shelf, tracks, outcomes }) => {
      const count = (...kinds: string[]): number => Object.values(outcomes).filter((outcome) => kinds.includes(outcome)).length
      const heardArtists = new Set(tracks.filter((track) => (outcomes[track.trackId] ?? 'skipped') !== 'skipped').map((track) => track.artistId))
      return { week, shelf, played: count('played', 'finished', 'saved'), finished: count('finished', 'saved'), saved: count('saved'), newArtists: heardArtists.size }
    })
  const summary = { user, plays: listener.plays, saves: listener.saves, tracksHeard: Object.keys(listener.touches).length, lastMs: listener.lastMs }
  return {
    ...toRow(summary, listener, toIsoDate(startOfWeek(parts.clock.now()))),
    firstEventAt: listener.firstMs === 0 ? null : toIso(listener.firstMs),
    genres: [...computeLikings(parts, listener).genres].map(([genre, share]) => ({ genre, share })).sort((a, b) => b.share - a.share).slice(0, GENRES_SHOWN),
    history: listener.recent.toReversed().map(({ trackId, act, occurredMs }) => ({ ...toPlain(parts.items.get(trackId, listener.touches[trackId]?.artistId)), act, occurredAt: toIso(occurredMs) })),
    weeks: weeks.slice(0, WEEKS_SHOWN),
    tasteAsOf: model === undefined ? null : toIso(model.row.data_ms),
  }
}
