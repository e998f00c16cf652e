// Candidates of one listener from every layer, made into a list with reasons: the one way to a recommendation, weekly or online.
import { solveRow } from '@rondo/numerics'
import { DAY_MS } from '@rondo/time'
import type { Recommended, Shelf } from '../contract.ts'
import { explain, type Heard } from '../domain/explain.ts'
import { computeConfidence, scaleConfidences } from '../domain/interactions.ts'
import { computeTaste, type Listener } from '../domain/listener.ts'
import { LIST_LENGTH, makeList, type Candidate, type Picked, type TasteCandidate } from '../domain/make-list.ts'
import type { Parts } from '../parts.ts'
import { computeCosine, rankItems, rowOf, type LiveModel } from './live-model.ts'

export type PickInput = { listener: Listener; shelf: Shelf; length?: number; /** Fold the listener's latest acts in instead of the trained factor. */ foldIn?: boolean }

export type Picks = { tracks: Recommended[]; coldStart?: string }

/** Candidates for each place, beyond the heard ones: artist caps and gaps in the catalogue leave enough. */
const CANDIDATES_A_PLACE = 20
const FRESH_DAYS = 28
const FRESH_CANDIDATES = 80
/** From so many listeners on a track finds its way without help. */
const FRESH_LISTENERS = 5
/** Share of a listener's taste that a new track's genre and artist must have. */
const FRESH_LEAST = 0.08
/** Reasons are sought among the tracks a listener likes most. */
const CAUSES = 40
const LEAST_COSINE = 0.05

export function pickTracks(parts: Parts, model: LiveModel | undefined, { listener, shelf, length = LIST_LENGTH, foldIn = false }: PickInput): Picks {
  if (model === undefined) return { tracks: [], coldStart: 'No model has been trained yet, so there is nothing to recommend from.' }
  const nowMs = parts.clock.now()
  const query = shelf === 'popularity' ? undefined : findQuery(model, listener, foldIn, nowMs)
  const byTaste = query === undefined ? [] : listByTaste(model, query, listener.touches.size + length * CANDIDATES_A_PLACE)
  const likings = byTaste.length === 0 ? undefined : computeLikings(parts, listener, nowMs)
  const picked = makeList({
    byTaste,
    byPopularity: model.popular,
    fresh: likings === undefined ? [] : listFresh(parts, model, likings, nowMs),
    isHeard: (trackId) => listener.touches.has(trackId),
    findItem: (trackId) => parts.items.findOffered(trackId),
    length,
  })
  const causes = byTaste.length === 0 ? [] : listCauses(model, listener, nowMs)
  const tracks = picked.map((pick, i): Recommended => {
    const { trackId, title, artistId, artistName, genre } = pick.item
    const { score, sources } = pick
    return { trackId, title, artistId, artistName, genre, position: i + 1, score, sources, reason: toReason(parts, model, pick, causes, likings) }
  })
  return shelf === 'popularity' || byTaste.length > 0 ? { tracks } : { tracks, coldStart: sayColdStart(listener) }
}

function sayColdStart({ user, touches }: Listener): string {
  if (touches.size === 0) return `Nothing is known of "${user}" yet, so this is what most listeners play.`
  if ([...touches.values()].every(({ score }) => score <= 0)) return `"${user}" has liked nothing yet, so this is what most listeners play.`
  return `What "${user}" likes is not among what the model has learned yet, so this is what most listeners play.`
}

/** The trained factor, or one solved from the listener's own acts; undefined for a listener who likes nothing that the model knows. */
function findQuery({ factors, userAt, itemAt }: LiveModel, listener: Listener, foldIn: boolean, nowMs: number): Float32Array | undefined {
  const at = foldIn ? undefined : userAt.get(listener.user)
  if (at !== undefined) return rowOf(factors.userFactors, at, factors.dimensions)
  const entries: { item: number; value: number }[] = []
  for (const [trackId, touch] of listener.touches) {
    const item = itemAt.get(trackId)
    const value = computeConfidence(computeTaste(touch, nowMs))
    if (item !== undefined && value !== 0) entries.push({ item, value })
  }
  if (!entries.some(({ value }) => value > 0)) return undefined
  entries.sort((a, b) => a.item - b.item)
  const values = Float32Array.from(entries, ({ value }) => value)
  scaleConfidences(values)
  const { dimensions, alpha0, regularization, nu, itemFactors, itemGram } = factors
  return solveRow({ dimensions, alpha0, regularization, nu, factors: itemFactors, gram: itemGram, columnIndices: entries.map(({ item }) => item), values })
}

function listByTaste(model: LiveModel, query: Float32Array, count: number): TasteCandidate[] {
  return rankItems(model, query, count)
    .filter(({ score }) => score > 0)
    .map(({ index, score }) => ({ trackId: model.factors.items[index] ?? '', score, average: model.averageScores[index] ?? 0 }))
}

type Cause = Heard & { item: number }

/** The tracks of the model that the listener likes most now, most first. */
function listCauses({ itemAt }: LiveModel, listener: Listener, nowMs: number): Cause[] {
  const causes: (Cause & { taste: number })[] = []
  for (const [trackId, touch] of listener.touches) {
    const item = itemAt.get(trackId)
    if (item === undefined || touch.score <= 0) continue
    const { lastMs, plays, finished, saved } = touch
    causes.push({ trackId, item, taste: computeTaste(touch, nowMs), lastMs, plays, finished, saved })
  }
  return causes.sort((a, b) => b.taste - a.taste || a.item - b.item).slice(0, CAUSES)
}

function toReason(parts: Parts, model: LiveModel, picked: Picked, causes: Cause[], likings: Likings | undefined): Recommended['reason'] {
  const at = model.itemAt.get(picked.item.trackId)
  return explain({
    picked,
    nearest: picked.from !== 'taste' || at === undefined ? undefined : findNearest(model, at, causes),
    listeners: at === undefined ? 0 : (model.factors.listenersOf[at] ?? 0),
    likesArtist: (likings?.artists.get(picked.item.artistId) ?? 0) > 0,
    getItem: (trackId) => parts.items.get(trackId),
  })
}

function findNearest(model: LiveModel, at: number, causes: Cause[]): Heard | undefined {
  let [nearest, best]: [Heard | undefined, number] = [undefined, LEAST_COSINE]
  for (const cause of causes) {
    const cosine = computeCosine(model, at, cause.item)
    if (cosine > best) [nearest, best] = [cause, cosine]
  }
  return nearest
}

/** Tracks of the last four weeks that hardly anybody knows, in the genres and by the artists that the listener likes. */
function listFresh(parts: Parts, { itemAt, factors }: LiveModel, { genres, artists }: Likings, nowMs: number): Candidate[] {
  const fresh: Candidate[] = []
  for (const { trackId, genre, artistId } of parts.items.released(nowMs - FRESH_DAYS * DAY_MS)) {
    const at = itemAt.get(trackId)
    if (at !== undefined && (factors.listenersOf[at] ?? 0) >= FRESH_LISTENERS) continue
    const score = (genres.get(genre) ?? 0) + (artists.get(artistId) ?? 0)
    if (score > FRESH_LEAST) fresh.push({ trackId, score })
  }
  return fresh.sort((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1)).slice(0, FRESH_CANDIDATES)
}

/** Shares of what a listener likes, by genre and by artist. */
export type Likings = { genres: Map<string, number>; artists: Map<string, number> }

export function computeLikings(parts: Parts, listener: Listener, nowMs: number): Likings {
  const [genres, artists] = [new Map<string, number>(), new Map<string, number>()]
  let sum = 0
  for (const [trackId, touch] of listener.touches) {
    if (touch.score <= 0) continue
    const weight = computeConfidence(computeTaste(touch, nowMs))
    sum += weight
    const genre = parts.items.find(trackId)?.genre
    if (genre !== undefined) genres.set(genre, (genres.get(genre) ?? 0) + weight)
    artists.set(touch.artistId, (artists.get(touch.artistId) ?? 0) + weight)
  }
  for (const shares of [genres, artists]) for (const [name, weight] of shares) shares.set(name, weight / sum)
  return { genres, artists }
}
