// How a weekly list is called, and how two of them differ.
import { formatDay, formatThings } from '@rondo/ui/format'
import { startOfWeek, toIsoDate } from '@rondo/time'
import type { ListenerDetail, Shelf, WeeklyList } from '../src/contract.ts'

/** Somebody of whom no event came, under whatever name they were asked for. */
export function isUnknown({ firstEventAt }: Pick<ListenerDetail, 'firstEventAt'>): boolean {
  return firstEventAt === null
}

export const shelfNames: Record<Shelf, string> = { 'discover-weekly': 'Discover Weekly', popularity: 'Popularity list' }

/** Monday of the week that holds the instant. */
export function findMonday(epochMs: number): string {
  return toIsoDate(startOfWeek(epochMs))
}

/** "Mon 21 Sep" of "2026-09-21", wherever the viewer is: a week belongs to no zone. */
export function nameMonday(week: string): string {
  return formatDay(Date.parse(week), 'UTC')
}

/** "This Monday’s thirty", "The thirty of Mon 14 Sep"; another count is written out in figures. */
export function nameList(tracks: number, week: string, thisWeek: string): string {
  const count = tracks === 30 ? 'thirty' : formatThings(tracks, 'track')
  return week === thisWeek ? `This Monday’s ${count}` : `The ${count} of ${nameMonday(week)}`
}

type Week = ListenerDetail['weeks'][number]

/** Newest week of that shelf before `week`. */
export function findWeekBefore(weeks: readonly Week[], shelf: Shelf, week: string): Week | undefined {
  return weeks.filter((one) => one.shelf === shelf && one.week < week).toSorted((a, b) => (a.week < b.week ? 1 : -1))[0]
}

/** Oldest week of that shelf after `week`. */
export function findWeekAfter(weeks: readonly Week[], shelf: Shelf, week: string): Week | undefined {
  return weeks.filter((one) => one.shelf === shelf && one.week > week).toSorted((a, b) => (a.week < b.week ? -1 : 1))[0]
}

/** The other shelf's week of the same Monday, when that one was played from and this one was not: the list never stood on the shelf. */
export function findPlayedInstead(weeks: readonly Week[], unseen: Week): Week | undefined {
  if (unseen.played > 0 || unseen.saved > 0) return undefined
  return weeks.find((one) => one.week === unseen.week && one.shelf !== unseen.shelf && one.played > 0)
}

export type ListChange = {
  /** Tracks that stand in both lists. */
  tracksKept: number
  /** Names, in the new list's order. */
  artistsKept: string[]
  artistsNew: string[]
  artistsGone: string[]
}

type Tracks = Pick<WeeklyList, 'tracks'>

export function compareLists(now: Tracks, before: Tracks): ListChange {
  const artists = (list: Tracks): Map<string, string> => new Map(list.tracks.map((track) => [track.artistId, track.artistName]))
  const [here, there] = [artists(now), artists(before)]
  const tracksBefore = new Set(before.tracks.map((track) => track.trackId))
  return {
    tracksKept: now.tracks.filter((track) => tracksBefore.has(track.trackId)).length,
    artistsKept: [...here].filter(([id]) => there.has(id)).map(([, name]) => name),
    artistsNew: [...here].filter(([id]) => !there.has(id)).map(([, name]) => name),
    artistsGone: [...there].filter(([id]) => !here.has(id)).map(([, name]) => name),
  }
}

/** "24 artists are new, 4 stay." */
export function sayChange({ artistsKept, artistsNew }: ListChange): string {
  if (artistsKept.length === 0) return `All ${formatThings(artistsNew.length, 'artist')} are new.`
  if (artistsNew.length === 0) return `No artist is new; ${artistsKept.length} stay.`
  return `${formatThings(artistsNew.length, 'artist')} ${artistsNew.length === 1 ? 'is' : 'are'} new, ${artistsKept.length} ${artistsKept.length === 1 ? 'stays' : 'stay'}.`
}
