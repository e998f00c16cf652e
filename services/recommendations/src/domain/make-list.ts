// Thirty tracks for one listener's week: never heard, few an artist, each with what spoke for it.
import type { Item, Recommended } from '../contract.ts'

export const LIST_LENGTH = 30
export const ARTIST_CAP = 2
/** Places kept for tracks too new to have listeners, by genres the listener likes. */
const FRESH_PLACES = 3

export type Candidate = { trackId: string; /** Larger is better; only order and relative size matter. */ score: number }

export type ListInput = {
  /** By taste, best first; empty for a listener the model does not know. */
  byTaste: Candidate[]
  /** By how many listen, most first. */
  byPopularity: Candidate[]
  /** Released lately, best guess first. */
  fresh: Candidate[]
  isHeard(trackId: string): boolean
  /** Undefined for a track that left the catalogue: it never appears. */
  findItem(trackId: string): Item | undefined
  length?: number
}

export type Picked = Pick<Recommended, 'score' | 'sources'> & { item: Item; from: 'taste' | 'popularity' | 'fresh' }

/** Never returns a heard track, one twice, or more than ARTIST_CAP of one artist; fewer than asked for only when the catalogue has no more. */
export function makeList(input: ListInput): Picked[] {
  const length = input.length ?? LIST_LENGTH
  const picked: Picked[] = []
  const [taken, perArtist] = [new Set<string>(), new Map<string, number>()]
  const topTaste = input.byTaste[0]?.score ?? 0
  const topPopularity = input.byPopularity[0]?.score ?? 0
  const popularityOf = new Map(input.byPopularity.map(({ trackId, score }) => [trackId, score]))

  const take = (candidates: Candidate[], from: Picked['from'], upTo: number): void => {
    for (const { trackId, score } of candidates) {
      if (picked.length >= upTo) return
      if (taken.has(trackId) || input.isHeard(trackId)) continue
      const item = input.findItem(trackId)
      if (item === undefined || (perArtist.get(item.artistId) ?? 0) >= ARTIST_CAP) continue
      taken.add(trackId)
      perArtist.set(item.artistId, (perArtist.get(item.artistId) ?? 0) + 1)
      const people = from === 'taste' && topTaste > 0 ? Math.max(0, score / topTaste) : 0
      const popularity = from === 'fresh' || topPopularity <= 0 ? 0 : ((popularityOf.get(trackId) ?? 0) / topPopularity) * (from === 'popularity' ? 1 : 0.35)
      picked.push({ item, score, from, sources: toShares(people, popularity, from === 'fresh' ? 1 : 0) })
    }
  }

  const freshPlaces = input.byTaste.length === 0 ? 0 : FRESH_PLACES
  take(input.byTaste, 'taste', length - freshPlaces)
  take(input.fresh, 'fresh', picked.length + freshPlaces)
  take(input.byTaste, 'taste', length)
  take(input.byPopularity, 'popularity', length)
  return picked
}

function toShares(people: number, popularity: number, freshness: number): Recommended['sources'] {
  const sum = people + popularity + freshness
  return sum === 0 ? { people: 0, popularity: 1, freshness: 0 } : { people: people / sum, popularity: popularity / sum, freshness: freshness / sum }
}
