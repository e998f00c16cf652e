// One session of one listener: three to fifteen tracks, what became of each, and what was searched, saved and added.
import type { Random } from '@rondo/random'
import { HOUR_MS, SECOND_MS, startOfHour, startOfWeek, toIso, toIsoDate } from '@rondo/time'
import type { Catalogue, Track } from '../catalogue/catalogue.ts'
import { chooseByTaste, chooseFromLibrary } from './choose-track.ts'
import { weekdayOf } from './day-rhythm.ts'
import type { Act } from './act.ts'
import type { Listener, WeekList } from './listener.ts'
import { computeAddChance, computeFinishChance, computeSaveChance, type ResponseModel, type Source } from './response.ts'
import type { Traits } from './traits.ts'

/** Chance that a session opens the weekly list, from Monday to Sunday. */
const OPENS_LIST = [0.6, 0.35, 0.25, 0.2, 0.15, 0.12, 0.12]
const LIBRARY_SHARE = 0.5
const SEARCH_SHARE = 0.07
const LIBRARY_LIMIT = 120
const FEWEST_TRACKS = 3
const MOST_TRACKS = 15
/** Mean of the exponential part of a session's length, tracks. */
const FURTHER_TRACKS = 4.9
/** Of what is not heard to the end, this share still counts as a play (50–80 % heard). */
const PARTIAL_SHARE = 0.15
/** Of skips, those within 30 s: 35.05 of 48.6 % (Lamere, "The Skip", 2014, on plays at Spotify). */
const IMMEDIATE_SHARE = 0.72

export type SessionInput = {
  catalogue: Catalogue
  response: ResponseModel
  traits: Traits
  /** Library and list change as the session goes on. */
  listener: Listener
  startMs: number
  /** Events are called `<prefix>.<n>`. */
  idPrefix: string
  random: Random
}

/** Acts in order of time, the last one at `endMs` or before. */
export function makeSession(input: SessionInput): { acts: Act[]; endMs: number } {
  const { catalogue, traits, listener, random } = input
  const acts: Act[] = []
  let atMs = input.startMs
  const act = (type: Act['type'], properties: Act['properties'], afterMs: number): void => {
    atMs += afterMs
    acts.push({ id: `${input.idPrefix}.${acts.length}`, type, occurredAt: toIso(keepInHour(atMs)), atMs: keepInHour(atMs), userId: traits.userId, properties })
  }
  const length = Math.min(MOST_TRACKS, FEWEST_TRACKS + Math.floor(-FURTHER_TRACKS * Math.log(1 - random.next())))
  const list = opensList(input) ? listener.list : null
  const fromLibrary = random.next() < LIBRARY_SHARE
  for (let i = 0; i < length; i += 1) {
    const fromList = takeFromList(catalogue, list)
    let source: Source
    let track: Track
    if (list !== null && fromList !== undefined) {
      source = list.shelf
      track = fromList.track
    } else if (random.next() < SEARCH_SHARE) {
      source = 'search'
      track = chooseByTaste(catalogue, traits, 1.5, random)
      act('search-made', { query: toQuery(track, random), results: 1 + random.int(40) }, 4_000 + random.int(12_000))
    } else {
      const known = fromLibrary ? chooseFromLibrary(catalogue, listener, random) : undefined
      source = known === undefined ? 'radio' : 'library'
      track = known ?? chooseByTaste(catalogue, traits, 0.7, random)
    }
    play(input, act, { track, source, list, position: fromList?.position })
  }
  return { acts, endMs: atMs }
}

type Playing = { track: Track; source: Source; list: WeekList | null; position: number | undefined }

function play({ response, traits, listener, random }: SessionInput, act: (type: Act['type'], properties: Act['properties'], afterMs: number) => void, playing: Playing): void {
  const { track, source, list, position } = playing
  const fit = response.fit(traits, track)
  const quality = response.quality(track)
  const { trackId, artistId, trackMs } = track
  const where = list === null || position === undefined ? { source } : { source, listId: list.week, position }
  const gapMs = 500 + random.int(2_500)
  if (random.next() >= computeFinishChance(source, fit, quality)) {
    const isPartial = random.next() < PARTIAL_SHARE
    const playedMs = isPartial ? Math.floor(trackMs * (0.5 + 0.3 * random.next())) : drawSkipMs(trackMs, random)
    act(isPartial ? 'track-played' : 'track-skipped', { trackId, artistId, trackMs, playedMs, ...where }, gapMs + playedMs)
    return
  }
  const playedMs = random.next() < 0.9 ? trackMs : Math.floor(trackMs * (0.85 + 0.15 * random.next()))
  act('track-played', { trackId, artistId, trackMs, playedMs, ...where }, gapMs + playedMs)
  if (list !== null && position !== undefined) list.finished += 1
  if (!listener.library.includes(track.index) && random.next() < computeSaveChance(fit, quality)) {
    listener.library.push(track.index)
    if (listener.library.length > LIBRARY_LIMIT) listener.library.shift()
    act('track-saved', { trackId, artistId, source }, 300)
  }
  if (random.next() < computeAddChance(fit, quality)) act('playlist-added', { trackId, artistId, playlistId: `playlist-${traits.userId.slice('listener-'.length)}-${1 + random.int(3)}`, source }, 300)
}

/** Mondays mostly; less often once the list has shown itself a bad one. */
function opensList({ listener, traits, startMs, random }: SessionInput): boolean {
  const { list } = listener
  const chance = random.next()
  if (list === null || list.week !== toIsoDate(startOfWeek(startMs)) || list.next >= list.tracks.length) return false
  const liked = (2 + list.finished) / (4 + list.next)
  return chance < (OPENS_LIST[weekdayOf(startMs + traits.utcOffsetHours * HOUR_MS)] ?? 0) * traits.curiosity * (0.5 + liked)
}

function takeFromList(catalogue: Catalogue, list: WeekList | null): { track: Track; position: number } | undefined {
  const entry = list?.tracks[list.next]
  if (list === null || entry === undefined) return undefined
  list.next += 1
  return { track: catalogue.tracks[entry[0]] as Track, position: entry[1] }
}

function drawSkipMs(trackMs: number, random: Random): number {
  if (random.next() < IMMEDIATE_SHARE) return 1_000 + random.int(28_000)
  return Math.floor(30_000 + random.next() * Math.max(0, 0.5 * trackMs - 30_000))
}

function toQuery(track: Track, random: Random): string {
  return (random.next() < 0.6 ? track.artistName : track.title).toLowerCase()
}

/** Nothing happens in an hour's last second, so that an hour can be told before its end. */
function keepInHour(atMs: number): number {
  return Math.min(atMs, startOfHour(atMs) + HOUR_MS - SECOND_MS)
}
