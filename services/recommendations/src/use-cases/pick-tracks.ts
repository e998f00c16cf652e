// Candidates of one listener from every layer, made into a list with reasons: the one way to a recommendation, weekly or online.
import { solveRow, type Ranked } from '@rondo/numerics'
import { DAY_MS } from '@rondo/time'
import type { Recommended, Shelf } from '../contract.ts'
import { explain, type Heard } from '../domain/explain.ts'
import { computeConfidence } from '../domain/interactions.ts'
import type { Listener } from '../domain/listener.ts'
import { LIST_LENGTH, makeList, type Candidate } from '../domain/make-list.ts'
import type { LiveModel, Parts } from '../parts.ts'
import { computeCosine, rowOf } from './live-model.ts'

/** Candidates beyond the heard ones, so that caps and gaps leave enough. */
const SPARE = 150
const MOST_CANDIDATES = 4_096
const FRESH_DAYS = 28
const FRESH_CANDIDATES = 40
/** Reasons are sought among the tracks a listener likes most. */
const CAUSES = 40

export type PickInput = { listener: Listener; shelf: Shelf; length?: number; /** Fold the listener's latest acts in instead of the trained factor. */ foldIn?: boolean }

export type Picks = { tracks: Recommended[]; coldStart?: string }

export function pickTracks(parts: Parts, model: LiveModel | undefined, input: PickInput): Picks {
  const { listener, shelf } = input
  const query = model === undefined || shelf === 'popularity' ? undefined : findQuery(model, listener, input.foldIn === true)
  const ranked: Ranked[] = model === undefined || query === undefined ? [] : model.index.findTopK(query, Math.min(MOST_CANDIDATES, model.factors.items.length, Object.keys(listener.touches).length + SPARE))
  const byTaste = ranked.map(({ index, score }): Candidate => ({ trackId: model?.factors.items[index] ?? '', score })).filter(({ score }) => score > 0)
  const causes = query === undefined ? [] : listCauses(listener)
  const picked = makeList({
    byTaste,
    byPopularity: model?.popular ?? [],
    fresh: byTaste.length === 0 ? [] : listFresh(parts, listener),
    isHeard: (trackId) => trackId in listener.touches,
    findItem: (trackId) => parts.items.find(trackId) ?? (parts.items.size === 0 ? parts.items.get(trackId) : undefined),
    length: input.length ?? LIST_LENGTH,
  })
  const tracks = picked.map((pick, i): Recommended => {
    const at = model?.itemAt.get(pick.item.trackId)
    const { trackId, title, artistId, artistName, genre } = pick.item
    return {
      ...{ trackId, title, artistId, artistName, genre },
      position: i + 1,
      score: pick.score,
      sources: pick.sources,
      reason: explain({ picked: pick, nearest: model === undefined || at === undefined ? undefined : findNearest(model, at, causes), listeners: at === undefined ? 0 : (model?.factors.listenersOf[at] ?? 0), findItem: (id) => parts.items.get(id) }),
    }
  })
  return { tracks, ...toColdStart(model, shelf, byTaste.length, listener) }
}

function toColdStart(model: LiveModel | undefined, shelf: Shelf, byTaste: number, listener: Listener): { coldStart?: string } {
  if (model === undefined) return { coldStart: 'No model has been trained yet, so there is nothing to recommend from.' }
  if (shelf === 'popularity' || byTaste > 0) return {}
  return { coldStart: Object.keys(listener.touches).length === 0 ? `Nothing is known of "${listener.user}" yet, so this is what most listeners play.` : `"${listener.user}" has only played what no other listener plays, so this is what most listeners play.` }
}

/** The trained factor, or one solved from the listener's own acts when training did not see them (or saw too little). */
function findQuery(model: LiveModel, listener: Listener, foldIn: boolean): Float32Array | undefined {
  const { factors } = model
  const at = model.userAt.get(listener.user)
  if (at !== undefined && !foldIn) return rowOf(factors.userFactors, at, factors.dimensions)
  const entries = Object.entries(listener.touches)
    .flatMap(([trackId, touch]) => {
      const item = model.itemAt.get(trackId)
      const value = computeConfidence(touch.score) / factors.meanConfidence
      return item === undefined || value === 0 ? [] : [{ item, value }]
    })
    .sort((a, b) => a.item - b.item)
  if (!entries.some(({ value }) => value > 0)) return undefined
  return solveRow({
    factors: factors.itemFactors,
    gram: factors.itemGram,
    dimensions: factors.dimensions,
    alpha0: factors.alpha0,
    regularization: factors.regularization,
    nu: factors.nu,
    columnIndices: entries.map(({ item }) => item),
    values: entries.map(({ value }) => value),
  })
}

function listCauses(listener: Listener): Heard[] {
  return Object.entries(listener.touches)
    .filter(([, touch]) => touch.score > 0)
    .sort(([, a], [, b]) => b.score - a.score)
    .slice(0, CAUSES)
    .map(([trackId, touch]) => ({ trackId, lastMs: touch.lastMs, plays: touch.plays, saved: touch.saved }))
}

function findNearest(model: LiveModel, at: number, causes: Heard[]): Heard | undefined {
  let best: { cause: Heard; cosine: number } | undefined
  for (const cause of causes) {
    const item = model.itemAt.get(cause.trackId)
    if (item === undefined) continue
    const cosine = computeCosine(model, at, item)
    if (cosine > (best?.cosine ?? 0.05)) best = { cause, cosine }
  }
  return best?.cause
}

/** Tracks of the last four weeks in the genres and by the artists that the listener likes. */
function listFresh(parts: Parts, listener: Listener): Candidate[] {
  const { genres, artists } = computeLikings(parts, listener)
  const sinceMs = parts.clock.now() - FRESH_DAYS * DAY_MS
  const fresh: Candidate[] = []
  for (const item of parts.items.released(sinceMs)) {
    const score = (genres.get(item.genre) ?? 0) + (artists.get(item.artistId) ?? 0)
    if (score > 0.08) fresh.push({ trackId: item.trackId, score })
  }
  return fresh.sort((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1)).slice(0, FRESH_CANDIDATES)
}

/** Share of positive score by genre and by artist. */
export function computeLikings(parts: Parts, listener: Listener): { genres: Map<string, number>; artists: Map<string, number> } {
  const [genres, artists] = [new Map<string, number>(), new Map<string, number>()]
  let sum = 0
  for (const [trackId, touch] of Object.entries(listener.touches)) {
    if (touch.score <= 0) continue
    const weight = computeConfidence(touch.score)
    sum += weight
    const genre = parts.items.find(trackId)?.genre
    if (genre !== undefined) genres.set(genre, (genres.get(genre) ?? 0) + weight)
    artists.set(touch.artistId, (artists.get(touch.artistId) ?? 0) + weight)
  }
  for (const map of [genres, artists]) for (const [key, weight] of map) map.set(key, weight / sum)
  return { genres, artists }
}
