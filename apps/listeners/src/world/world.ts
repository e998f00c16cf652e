// A world that can be moved forward: plans each hour, lets sessions happen, and tells the platform what happened.
import { createRandom } from '@rondo/random'
import { HOUR_MS, WEEK_MS, startOfHour, startOfWeek, toIso, toIsoDate } from '@rondo/time'
import { RELEASE_OFFSET_MS, createCatalogue, type Catalogue, type Track } from '../catalogue/catalogue.ts'
import { GENRES } from '../catalogue/genres.ts'
import type { Act } from '../listening/act.ts'
import type { Listener } from '../listening/listener.ts'
import { makeSession } from '../listening/make-session.ts'
import { createResponseModel } from '../listening/response.ts'
import { createTraits, type Traits } from '../listening/traits.ts'
import type { WorldDimensions } from '../world-size.ts'
import type { ShelfAnswer, ShelfRequest } from './ask-shelf.ts'
import { join, planHour, turnWeek, type Population, type Start } from './population.ts'
import type { WorldState } from './state-file.ts'

/** A week's list is looked for from Monday 04:00 UTC on, when it has been made. */
const LISTS_FROM_MS = 4 * HOUR_MS

/** What a world needs to know of the platform: which list stands on the shelves. */
export type Shelves = { ask(requests: ShelfRequest[]): Promise<(ShelfAnswer | undefined)[]>; probe(userId: string): Promise<boolean> }

export type WorldInit = { seed: number; dimensions: WorldDimensions; tasteBlind: boolean; startMs: number; shelves: Shelves }

export type World = {
  /** Everything that happens after the last step and up to `toMs` (inclusive), in order of time. Steps must not cross an hour's last second. */
  step(toMs: number): Promise<Act[]>
  /** What is needed to go on from here. */
  keep(): Omit<WorldState, 'format' | 'world' | 'events'>
  readonly doneMs: number
}

export function createWorld(init: WorldInit, saved: WorldState | undefined, fromMs: number): World {
  const { seed, dimensions, startMs } = init
  const catalogue = createCatalogue({ seed, ...dimensions, startMs })
  const response = createResponseModel(init)
  const population: Population = { listeners: [], traits: [] }
  let doneMs = saved?.doneMs ?? fromMs
  let plannedHourMs = saved?.plannedHourMs ?? null
  let starts: Start[] = saved?.starts ?? []
  let pending: Act[] = saved?.pending ?? []
  let shelfIsOpen = saved?.shelfIsOpen ?? false
  let releasedWeeks = 0

  const release = (throughMs: number): Track[] => {
    const released: Track[] = []
    for (; startMs + releasedWeeks * WEEK_MS + RELEASE_OFFSET_MS <= throughMs; releasedWeeks += 1) released.push(...catalogue.releaseWeek(releasedWeeks))
    return released
  }
  if (saved === undefined) {
    // A world that begins in the middle tells all that is out so far.
    release(fromMs)
    for (let i = 0; i < dimensions.listeners; i += 1) join(population, fromMs, catalogue, seed)
    pending = catalogue.tracks.map((track) => toRelease(track, seed))
  } else {
    release(plannedHourMs ?? startMs - 1)
    population.listeners = saved.listeners
    population.traits = saved.listeners.map((_, i) => createTraits(seed, i, catalogue.genreVectors))
  }

  const enterHour = (hourMs: number): void => {
    if (startOfWeek(hourMs) === hourMs && hourMs > startMs) turnWeek(population, hourMs, catalogue, seed, dimensions.listeners)
    pending.push(...release(hourMs).map((track) => toRelease(track, seed)))
    starts = planHour(population, hourMs, seed, dimensions.actsADay).filter(({ atMs }) => atMs > doneMs)
    plannedHourMs = hourMs
  }

  const openShelves = async (due: Start[]): Promise<void> => {
    const wanting = due.filter(({ listener, atMs }) => wantsList(population.listeners[listener] as Listener, atMs))
    const first = wanting[0]
    if (first === undefined) return
    for (const { listener, atMs } of wanting) (population.listeners[listener] as Listener).askedOn = toIsoDate(atMs)
    shelfIsOpen ||= await init.shelves.probe((population.traits[first.listener] as Traits).userId)
    if (!shelfIsOpen) return
    const requests = wanting.map(({ listener, atMs }): ShelfRequest => {
      const week = toIsoDate(startOfWeek(atMs))
      return { listener, userId: (population.traits[listener] as Traits).userId, week, atMs, exposureId: `w${seed}.x${week}.${listener + 1}` }
    })
    const answers = await init.shelves.ask(requests)
    for (const [i, { listener, week }] of requests.entries()) takeList(population.listeners[listener] as Listener, week, answers[i], catalogue)
  }

  const hold = ({ listener: at, atMs }: Start): void => {
    const listener = population.listeners[at] as Listener
    if (listener.busyUntilMs > atMs) return
    const idPrefix = `w${seed}.${(startOfHour(atMs) / HOUR_MS).toString(36)}.${at + 1}`
    const { acts, endMs } = makeSession({ catalogue, response, traits: population.traits[at] as Traits, listener, startMs: atMs, idPrefix, random: createRandom(idPrefix) })
    listener.busyUntilMs = endMs
    pending.push(...acts)
  }

  return {
    get doneMs() {
      return doneMs
    },
    async step(toMs) {
      for (let hourMs = startOfHour(doneMs); hourMs <= toMs; hourMs += HOUR_MS) {
        if (hourMs > (plannedHourMs ?? -Infinity)) enterHour(hourMs)
        const due = starts.filter(({ atMs }) => atMs <= toMs)
        starts = starts.filter(({ atMs }) => atMs > toMs)
        await openShelves(due.filter(({ listener, atMs }) => (population.listeners[listener] as Listener).busyUntilMs <= atMs))
        for (const start of due) hold(start)
      }
      const told = pending.filter(({ atMs }) => atMs <= toMs).sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
      pending = pending.filter(({ atMs }) => atMs > toMs)
      doneMs = toMs
      return told
    },
    keep: () => ({ doneMs, plannedHourMs, starts, pending, listeners: population.listeners, shelfIsOpen }),
  }
}

/** From Monday morning on, once a day until there is one. */
function wantsList({ list, askedOn }: Listener, atMs: number): boolean {
  const mondayMs = startOfWeek(atMs)
  return atMs >= mondayMs + LISTS_FROM_MS && list?.week !== toIsoDate(mondayMs) && askedOn !== toIsoDate(atMs)
}

function takeList(listener: Listener, week: string, answer: ShelfAnswer | undefined, catalogue: Catalogue): void {
  if (answer === undefined) return
  const tracks = answer.tracks.flatMap(({ trackId, position }): [number, number][] => {
    const track = catalogue.findTrack(trackId)
    return track === undefined ? [] : [[track.index, position]]
  })
  listener.list = { week, shelf: answer.shelf, tracks, next: 0, finished: 0 }
}

function toRelease({ trackId, title, artistId, artistName, genre, trackMs, releasedMs }: Track, seed: number): Act {
  return { id: `w${seed}.r${trackId.slice('track-'.length)}`, type: 'track-released', occurredAt: toIso(releasedMs), atMs: releasedMs, properties: { trackId, title, artistId, artistName, genre: GENRES[genre]?.name ?? '', trackMs } }
}

