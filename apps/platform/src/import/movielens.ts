// MovieLens in RecBole's layout: films as items; a rating below 3 counts as a skip, from 3 as a play to the end, 5 as a save too.
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { toIso } from '@rondo/time'
import { errors } from '../errors.ts'
import type { ImportFormat, Imported } from './format.ts'
import { countLines, readLines } from './read-lines.ts'

const USER_PREFIX = 'movielens-'
/** A film's length is not in the data; two hours stand for all. */
const FILM_MS = 7_200_000

export const movielens: ImportFormat = {
  name: 'movielens',
  expects: 'a folder with *.item and *.inter as RecBole writes them',
  userPrefix: USER_PREFIX,
  countLines: async (path) => (await countLines(await findFile(path, '.item'))) + (await countLines(await findFile(path, '.inter'))) - 2,
  read,
}

async function* read(path: string): AsyncIterable<Imported> {
  const items = await findFile(path, '.item')
  let itemTime: string | undefined
  const ratings = await findFile(path, '.inter')
  for await (const { line, text } of readLines(ratings)) {
    const timestamp = Number(text.split('\t')[3])
    if (line > 1 && Number.isFinite(timestamp)) {
      itemTime = toIso(timestamp * 1000)
      break
    }
  }
  for await (const { line, text } of readLines(items)) {
    if (line === 1) continue
    const [id, title, year, genres] = text.split('\t')
    const at = { file: basename(items), line }
    if (id === undefined || title === undefined || id === '') yield { ...at, problem: `"${text.slice(0, 80)}" is not "item title year genres".` }
    else {
      const name = year === undefined || year === '' ? title : `${title} (${year})`
      const properties = { trackId: toItem(id), title: name, artistId: toItem(id), artistName: name, genre: genres?.split(' ')[0] ?? 'unknown', trackMs: FILM_MS }
      yield { ...at, event: { id: `movielens-item-${id}`, type: 'track-released', version: '1-0-0', occurredAt: itemTime ?? toIso(0), properties } }
    }
  }
  for await (const { line, text } of readLines(ratings)) {
    if (line > 1) yield* toEvents(text, { file: basename(ratings), line })
  }
}

function* toEvents(text: string, at: { file: string; line: number }): Iterable<Imported> {
  const [user, item, ratingText, timestampText] = text.split('\t')
  const [rating, timestamp] = [Number(ratingText), Number(timestampText)]
  if (user === undefined || item === undefined || !(rating >= 0.5 && rating <= 5) || !(timestamp > 0)) {
    yield { ...at, problem: `"${text.slice(0, 80)}" is not "user item rating timestamp" with a rating from 0.5 to 5.` }
    return
  }
  const envelope = { version: '1-0-0', occurredAt: toIso(timestamp * 1000), userId: `${USER_PREFIX}${user}` }
  const track = { trackId: toItem(item), artistId: toItem(item), source: 'import' }
  const played = { ...track, trackMs: FILM_MS, playedMs: rating < 3 ? Math.round(FILM_MS / 10) : FILM_MS }
  yield { ...at, event: { id: `movielens-rating-${user}-${item}`, type: rating < 3 ? 'track-skipped' : 'track-played', ...envelope, properties: played } }
  if (rating === 5) yield { ...at, event: { id: `movielens-save-${user}-${item}`, type: 'track-saved', ...envelope, properties: track } }
}

function toItem(id: string): string {
  return `movielens-${id}`
}

async function findFile(path: string, ending: string): Promise<string> {
  const names = await readdir(path).catch((cause: unknown) => {
    throw errors.unreadable({ file: path, reason: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause) }, cause)
  })
  const name = names.find((candidate) => candidate.endsWith(ending))
  if (name === undefined) throw errors.unreadable({ file: join(path, `*${ending}`), reason: 'ENOENT' })
  return join(path, name)
}
