// What a listener is born with: taste, habits, home. All follows from the seed and the listener's number.
import { createRandom, type Random } from '@rondo/random'
import { GENRES } from '../catalogue/genres.ts'
import { drawDirection, mix, type Vector } from '../catalogue/vectors.ts'
import { createWeightedSampler, type WeightedSampler } from '../catalogue/weighted-sampler.ts'

export type Traits = {
  userId: string
  taste: Vector
  /** Draws a genre that the listener turns to. */
  genres: WeightedSampler
  /** Relative number of sessions; mean 1 over listeners. */
  activity: number
  /** Relative wish to open the weekly list; mean 1. */
  curiosity: number
  /** Hours that local time is ahead of UTC. */
  utcOffsetHours: number
}

/** Shares of three genres in one listener's taste. */
const GENRE_SHARES = [0.5, 0.3, 0.2]
const TIME_ZONES: [utcOffsetHours: number, share: number][] = [[0, 0.2], [1, 0.5], [2, 0.1], [-5, 0.2]]
/** Activity is log-normal with this σ; the mean is kept at 1 by exp(−σ²/2). */
const ACTIVITY_SIGMA = 0.2

export function createTraits(seed: number, index: number, genreVectors: Vector[]): Traits {
  const random = createRandom(`${seed}/listener/${index}`)
  const liked = drawGenres(random)
  const genres = createWeightedSampler()
  liked.forEach((genre, i) => genres.add(genre, GENRE_SHARES[i] ?? 0))
  return {
    userId: `listener-${String(index + 1).padStart(4, '0')}`,
    taste: mix(...liked.map((genre, i): [number, Vector] => [GENRE_SHARES[i] ?? 0, genreVectors[genre] as Vector]), [0.35, drawDirection(random)]),
    genres,
    activity: Math.exp(ACTIVITY_SIGMA * random.normal() - ACTIVITY_SIGMA ** 2 / 2),
    curiosity: 0.4 + 1.2 * random.next(),
    utcOffsetHours: drawTimeZone(random),
  }
}

function drawGenres(random: Random): number[] {
  const byWeight = createWeightedSampler()
  GENRES.forEach(({ weight }, i) => byWeight.add(i, weight))
  const liked = new Set<number>()
  while (liked.size < GENRE_SHARES.length) liked.add(byWeight.draw(random))
  return [...liked]
}

function drawTimeZone(random: Random): number {
  let left = random.next()
  for (const [offset, share] of TIME_ZONES) if ((left -= share) < 0) return offset
  return 0
}
