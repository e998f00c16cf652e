// Who listens: comes, goes, and when their sessions begin. Draws are made hour by hour, so that an hour can be repeated.
import { createRandom } from '@rondo/random'
import { HOUR_MS, SECOND_MS, WEEK_MS, startOfWeek, toIsoDate } from '@rondo/time'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { chooseByTaste } from '../listening/choose-track.ts'
import { computeRhythm } from '../listening/day-rhythm.ts'
import type { Listener } from '../listening/listener.ts'
import { createTraits, type Traits } from '../listening/traits.ts'

/** Share that leaves in a week after a list that was finished half; as many join. */
const WEEKLY_CHURN = 0.02
/** A list heard out entirely halves it, one skipped entirely doubles it: 2^(1 − 2·share finished). Assumed. */
const CHURN_BASE = 2
/** Tracks of a list that must be tried before it says anything. */
const TRIED = 5
const FIRST_LIBRARY = 24
/** Events of a session (about 7.5 tracks, and what is searched, saved and added), less what is lost to sessions that would overlap. */
const ACTS_A_SESSION = 7
/** A list heard out entirely brings 25 % more sessions for the rest of its week, one skipped entirely 25 % fewer. Assumed. */
const ENGAGEMENT = 0.5

export type Start = { listener: number; atMs: number }

/** A newcomer with the library they bring along, picked by taste. */
export function createListener(traits: Traits, joinedMs: number, catalogue: Catalogue, seed: number): Listener {
  const random = createRandom(`${seed}/library/${traits.userId}`)
  const library = new Set<number>()
  for (let i = 0; i < FIRST_LIBRARY; i += 1) library.add(chooseByTaste(catalogue, traits, 1.5, random).index)
  return { joinedMs, leftMs: null, busyUntilMs: 0, library: [...library], list: null, askedOn: null }
}

export type Population = { listeners: Listener[]; traits: Traits[] }

export function join(population: Population, joinedMs: number, catalogue: Catalogue, seed: number): void {
  const traits = createTraits(seed, population.traits.length, catalogue.genreVectors)
  population.traits.push(traits)
  population.listeners.push(createListener(traits, joinedMs, catalogue, seed))
}

/** At the beginning of a week: some leave, rather those whose list was bad, and as many join as usually leave. */
export function turnWeek(population: Population, mondayMs: number, catalogue: Catalogue, seed: number, size: number): void {
  const random = createRandom(`${seed}/churn/${mondayMs}`)
  for (const listener of population.listeners) {
    const chance = random.next()
    if (listener.leftMs !== null) continue
    const quality = computeListQuality(listener, mondayMs - HOUR_MS)
    if (chance < WEEKLY_CHURN * CHURN_BASE ** (1 - 2 * quality)) listener.leftMs = mondayMs
  }
  for (let i = 0; i < size; i += 1) if (random.next() < WEEKLY_CHURN) join(population, mondayMs + random.int(WEEK_MS), catalogue, seed)
}

/** Share of this week's list that was finished of what was tried, 0–1; 0.5 while there is nothing to tell by. */
function computeListQuality({ list }: Listener, nowMs: number): number {
  if (list === null || list.next < TRIED || list.week !== toIsoDate(startOfWeek(nowMs))) return 0.5
  return list.finished / list.next
}

/** Session starts in the hour that begins at `hourMs`, in order of time: Poisson arrivals, thinned to one an hour. */
export function planHour({ listeners, traits }: Population, hourMs: number, seed: number, actsADay: number): Start[] {
  const random = createRandom(`${seed}/hour/${hourMs}`)
  const startsAnHour = actsADay / ACTS_A_SESSION / 24
  const starts: Start[] = []
  for (const [i, { activity, utcOffsetHours }] of traits.entries()) {
    const chance = random.next()
    const listener = listeners[i] as Listener
    const rate = startsAnHour * activity * computeRhythm(hourMs, utcOffsetHours) * (1 + ENGAGEMENT * (computeListQuality(listener, hourMs) - 0.5))
    if (chance >= 1 - Math.exp(-rate)) continue
    // Given that it is one of those, the draw is uniform again.
    const atMs = hourMs + Math.floor((chance / (1 - Math.exp(-rate))) * (HOUR_MS - SECOND_MS))
    if (listener.joinedMs <= atMs && (listener.leftMs ?? Infinity) > atMs) starts.push({ listener: i, atMs })
  }
  return starts.sort((a, b) => a.atMs - b.atMs || a.listener - b.listener)
}
