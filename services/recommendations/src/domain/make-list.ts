// Thirty tracks for one listener's week: never heard, few an artist, each with what spoke for it.
import type { Item, Recommended } from '../contract.ts'

export const LIST_LENGTH = 30
export const ARTIST_CAP = 2
/** Places kept for tracks too new to have listeners, of thirty; in shorter lists one in ten. */
const FRESH_PLACES = 3

export type Candidate = { trackId: string; /** Larger is better; only the order within one layer matters. */ score: number }
/** `average` is the score that the track has for the average listener: the part of `score` that is popularity. */
export type TasteCandidate = Candidate & { average: number }

export type ListInput = {
  /** By taste, best first, scores above 0; empty for a listener the model does not know. */
  byTaste: TasteCandidate[]
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

/** Never returns a heard track, one twice, or more than ARTIST_CAP of one artist; fewer than asked for only when the candidates have no more. */
export function makeList(input: ListInput): Picked[] {
  const length = input.length ?? LIST_LENGTH
  const picked: Picked[] = []
  const [taken, perArtist] = [new Set<string>(), new Map<string, number>()]

  const take = <C extends Candidate>(candidates: C[], from: Picked['from'], upTo: number, toSources: (candidate: C) => Recommended['sources']): void => {
    for (const candidate of candidates) {
      if (picked.length >= upTo) return
      const { trackId, score } = candidate
      if (taken.has(trackId) || input.isHeard(trackId)) continue
      const item = input.findItem(trackId)
      if (item === undefined) continue
      const ofArtist = perArtist.get(item.artistId) ?? 0
      if (ofArtist >= ARTIST_CAP) continue
      taken.add(trackId)
      perArtist.set(item.artistId, ofArtist + 1)
      picked.push({ item, score, from, sources: toSources(candidate) })
    }
  }

  const freshPlaces = input.byTaste.length === 0 ? 0 : Math.min(FRESH_PLACES, Math.floor(length / 10))
  take(input.byTaste, 'taste', length - freshPlaces, toTasteSources)
  take(input.fresh, 'fresh', picked.length + freshPlaces, () => ({ people: 0, popularity: 0, freshness: 1 }))
  take(input.byTaste, 'taste', length, toTasteSources)
  take(input.byPopularity, 'popularity', length, () => ({ people: 0, popularity: 1, freshness: 0 }))
  return picked
}

/** What the average listener would be given too is popularity; the rest is people of the same taste. */
function toTasteSources({ score, average }: TasteCandidate): Recommended['sources'] {
  const popularity = score > 0 ? Math.min(1, Math.max(0, average / score)) : 0
  return { people: 1 - popularity, popularity, freshness: 0 }
}
