// All tracks there are, with what listeners feel about them: the whole catalogue follows from the seed.
import { createRandom, type Random } from '@rondo/random'
import { DAY_MS, HOUR_MS, WEEK_MS } from '@rondo/time'
import { GENRES } from './genres.ts'
import { inventArtist, inventTitle } from './invent-names.ts'
import { drawDirection, mix, type Vector } from './vectors.ts'
import { createWeightedSampler, type WeightedSampler } from './weighted-sampler.ts'

/** Play counts of tracks follow a power law (Celma, Music Recommendation and Discovery, 2010, ch. 4); weight = rank^-exponent. */
const ZIPF_EXPONENT = 0.8
/** What is there at the start came out in the three years before it. */
const BACKLOG_MS = 3 * 365 * DAY_MS
/** New music comes out on Fridays, at 05:00 UTC and in the minutes after. */
export const RELEASE_OFFSET_MS = 4 * DAY_MS + 5 * HOUR_MS

type Artist = { artistId: string; name: string; genre: number; fame: number; vector: Vector }

export type Track = {
  index: number
  trackId: string
  title: string
  artistId: string
  artistName: string
  /** Index in GENRES. */
  genre: number
  trackMs: number
  /** Standard normal: what everybody hears in it. */
  quality: number
  vector: Vector
  releasedMs: number
}

export type Catalogue = {
  /** By index; grows with each released week. */
  tracks: Track[]
  genreVectors: Vector[]
  /** Draws a track index of a genre by popularity. */
  draw(genre: number, random: Random): number
  findTrack(trackId: string): Track | undefined
  /** Brings out week `week` (0 is the first of the history), once and in order; returns its tracks. */
  releaseWeek(week: number): Track[]
}

export type CatalogueOptions = { seed: number; artists: number; tracks: number; releasesAWeek: number; startMs: number }

export function createCatalogue(options: CatalogueOptions): Catalogue {
  const base = createRandom(`${options.seed}/catalogue`)
  const genreVectors = GENRES.map(() => drawDirection(base))
  const artists = inventArtists(options.artists, genreVectors, base.fork('artists'))
  const fameOf = new Map(artists.map(({ artistId, fame }) => [artistId, fame]))
  const byFame = createWeightedSampler()
  artists.forEach(({ fame }, i) => byFame.add(i, Math.exp(0.6 * fame)))
  const tracks: Track[] = []
  const samplers: WeightedSampler[] = GENRES.map(() => createWeightedSampler())

  const make = (releasedMs: number, random: Random): Track => {
    // Every artist has a track before any has a second one.
    const artist = artists[tracks.length < artists.length ? tracks.length : byFame.draw(random)] as Artist
    const index = tracks.length
    const track: Track = {
      index,
      trackId: `track-${String(index + 1).padStart(5, '0')}`,
      title: inventTitle(random),
      artistId: artist.artistId,
      artistName: artist.name,
      genre: artist.genre,
      trackMs: Math.round(Math.min(480, Math.max(100, 212 + 45 * random.normal()))) * 1000,
      quality: random.normal(),
      vector: mix([1, artist.vector], [0.35, drawDirection(random)]),
      releasedMs: Math.round(releasedMs),
    }
    tracks.push(track)
    return track
  }

  const random = base.fork('tracks')
  const appeals = Array.from({ length: options.tracks }, () => {
    const track = make(options.startMs - random.next() * BACKLOG_MS, random)
    const fame = fameOf.get(track.artistId) ?? 0
    return { track, appeal: 0.8 * fame + 0.5 * track.quality + random.normal() }
  })
  appeals.sort((a, b) => b.appeal - a.appeal).forEach(({ track }, rank) => samplers[track.genre]?.add(track.index, (rank + 1) ** -ZIPF_EXPONENT))

  return {
    tracks,
    genreVectors,
    draw: (genre, from) => (samplers[genre] as WeightedSampler).draw(from),
    findTrack: (trackId) => {
      const track = tracks[Number(trackId.slice('track-'.length)) - 1]
      return track?.trackId === trackId ? track : undefined
    },
    releaseWeek(week) {
      const chance = createRandom(`${options.seed}/release/${week}`)
      const fridayMs = options.startMs + week * WEEK_MS + RELEASE_OFFSET_MS
      return Array.from({ length: options.releasesAWeek }, (_, i) => {
        const track = make(fridayMs + i * 1000, chance)
        samplers[track.genre]?.add(track.index, (1 + chance.int(options.tracks)) ** -ZIPF_EXPONENT)
        return track
      })
    },
  }
}

function inventArtists(count: number, genreVectors: Vector[], random: Random): Artist[] {
  const taken = new Set<string>()
  const byWeight = createWeightedSampler()
  GENRES.forEach(({ weight }, i) => byWeight.add(i, weight))
  return Array.from({ length: count }, (_, i) => {
    // Each genre has an artist before any is drawn.
    const genre = i < GENRES.length ? i : byWeight.draw(random)
    return {
      artistId: `artist-${String(i + 1).padStart(4, '0')}`,
      name: inventArtist(taken, random),
      genre,
      fame: random.normal(),
      vector: mix([0.8, genreVectors[genre] as Vector], [0.6, drawDirection(random)]),
    }
  })
}
