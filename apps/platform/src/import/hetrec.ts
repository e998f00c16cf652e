// HetRec 2011 Last.fm-2K: artists as items, play counts as plays, the tag most given as genre.
import { basename, join } from 'node:path'
import { toIso } from '@rondo/time'
import type { ImportFormat, Imported } from './format.ts'
import { countLines, readLines } from './read-lines.ts'

const FILES = ['artists.dat', 'user_artists.dat'] as const
const USER_PREFIX = 'hetrec-'
/** The data knows no release dates; it was published in May 2011, so its artists are no newer. */
const PUBLISHED_AT = '2011-05-01T00:00:00.000Z'

export const hetrec: ImportFormat = {
  name: 'hetrec',
  expects: 'a folder with artists.dat, user_artists.dat, and for genres tags.dat and user_taggedartists.dat',
  userPrefix: USER_PREFIX,
  countLines: async (path) => (await Promise.all(FILES.map((file) => countLines(join(path, file))))).reduce((sum, count) => sum + count - 1, 0),
  read,
}

async function* read(path: string, nowMs: number): AsyncIterable<Imported> {
  const occurredAt = toIso(nowMs)
  const genres = await readGenres(path)
  const artists = join(path, 'artists.dat')
  for await (const { line, text } of readLines(artists)) {
    if (line === 1) continue
    const [id, name] = text.split('\t')
    const at = { file: basename(artists), line }
    if (id === undefined || name === undefined || !/^\d+$/.test(id)) yield { ...at, problem: `"${text.slice(0, 80)}" is not "id name url picture".` }
    else {
      const properties = { trackId: toItem(id), title: name, artistId: toItem(id), artistName: name, genre: genres.get(id) ?? 'unknown', trackMs: 0 }
      yield { ...at, event: { id: `hetrec-artist-${id}`, type: 'track-released', version: '1-0-0', occurredAt: PUBLISHED_AT, properties } }
    }
  }
  const plays = join(path, 'user_artists.dat')
  for await (const { line, text } of readLines(plays)) {
    if (line === 1) continue
    const [user, artist, weight] = text.split('\t')
    const at = { file: basename(plays), line }
    if (user === undefined || artist === undefined || weight === undefined || !/^\d+\t\d+\t[1-9]\d*$/.test(text)) yield { ...at, problem: `"${text.slice(0, 80)}" is not "user artist plays" with plays above 0.` }
    else {
      const properties = { trackId: toItem(artist), artistId: toItem(artist), trackMs: 0, playedMs: 0, source: 'import', plays: Number(weight) }
      yield { ...at, event: { id: `hetrec-plays-${user}-${artist}`, type: 'track-played', version: '1-0-0', occurredAt, userId: `${USER_PREFIX}${user}`, properties } }
    }
  }
}

function toItem(artist: string): string {
  return `hetrec-artist-${artist}`
}

/** The tag that most users gave an artist; empty when the tag files are not there. `tags.dat` is Latin-1. */
async function readGenres(path: string): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  const counts = new Map<string, Map<string, number>>()
  try {
    for await (const { text } of readLines(join(path, 'tags.dat'), 'latin1')) {
      const [id, name] = text.split('\t')
      if (id !== undefined && name !== undefined) names.set(id, name)
    }
    for await (const { text } of readLines(join(path, 'user_taggedartists.dat'))) {
      const [, artist, tag] = text.split('\t')
      if (artist === undefined || tag === undefined) continue
      const tags = counts.get(artist) ?? new Map<string, number>()
      counts.set(artist, tags.set(tag, (tags.get(tag) ?? 0) + 1))
    }
  } catch {
    return new Map()
  }
  return new Map([...counts].map(([artist, tags]) => [artist, names.get([...tags].reduce((best, tag) => (tag[1] > best[1] ? tag : best))[0]) ?? 'unknown']))
}
