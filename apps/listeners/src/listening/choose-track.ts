// What a listener puts on when no list is open: something from the library, from radio, or looked for.
import type { Random } from '@rondo/random'
import type { Catalogue, Track } from '../catalogue/catalogue.ts'
import { GENRES } from '../catalogue/genres.ts'
import type { Listener } from './listener.ts'
import { computeFit } from './response.ts'
import type { Traits } from './traits.ts'

/** Tracks that come to mind, or that radio weighs against each other. */
const CANDIDATES = 5
/** Share of turns to any genre at all. */
const WANDERING = 0.12

/** Candidates by popularity in a genre of the listener's, then one of them by fit with Gumbel noise, which is a softmax over the fit. */
export function chooseByTaste(catalogue: Catalogue, traits: Traits, sharpness: number, random: Random): Track {
  const genre = random.next() < WANDERING ? random.int(GENRES.length) : traits.genres.draw(random)
  let best: { track: Track; score: number } | undefined
  for (let i = 0; i < CANDIDATES; i += 1) {
    const track = catalogue.tracks[catalogue.draw(genre, random)] as Track
    const score = sharpness * computeFit(traits, track) - Math.log(-Math.log(1 - random.next()))
    if (best === undefined || score > best.score) best = { track, score }
  }
  return (best as { track: Track }).track
}

/** Newer saves more often: the place from the end is drawn with density falling towards the oldest. */
export function chooseFromLibrary(catalogue: Catalogue, listener: Listener, random: Random): Track | undefined {
  const { library } = listener
  const fromEnd = Math.floor(library.length * random.next() ** 1.6)
  return catalogue.tracks[library[library.length - 1 - fromEnd] ?? -1]
}
