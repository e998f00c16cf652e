// One thing that a listener did with a track, read from the event that tells it.
import { startOfWeek, toIsoDate } from '@rondo/time'
import type { Shelf } from '../contract.ts'

export type ActKind = 'played' | 'skipped' | 'saved' | 'added'

export type Act = {
  user: string
  kind: ActKind
  trackId: string
  artistId: string
  occurredMs: number
  playedMs: number
  /** Of the track's length, 0 to 1; 1 where the length is unknown. */
  share: number
  /** How many plays it stands for: 1, or the count of an import. */
  plays: number
  /** "2026-09-21/discover-weekly" when a weekly list offered the track. */
  list?: string
}

/** What is read of an event; other rooms' rows have more. */
export type ActEvent = { userId: string | null; occurredAt: string; properties: Record<string, unknown> }

export const ACT_KINDS: ReadonlyMap<string, ActKind> = new Map([
  ['track-played', 'played'],
  ['track-skipped', 'skipped'],
  ['track-saved', 'saved'],
  ['playlist-added', 'added'],
])

/** A track counts as heard to the end from this share on. */
export const COMPLETE_SHARE = 0.8
const IMMEDIATE_SKIP_MS = 30_000
const LONGEST_NAME = 128

/** Undefined for events of nobody, of no track, or with a name that `isName` refuses. */
export function readAct(kind: ActKind, { userId, occurredAt, properties }: ActEvent): Act | undefined {
  const { trackId, artistId, trackMs, playedMs, plays } = properties
  if (!isName(userId) || !isName(trackId)) return undefined
  const occurredMs = Date.parse(occurredAt)
  const lengthMs = toNumber(trackMs)
  const list = findList(properties, occurredMs)
  return {
    user: userId,
    kind,
    trackId,
    artistId: isName(artistId) ? artistId : trackId,
    occurredMs,
    playedMs: toNumber(playedMs),
    share: lengthMs > 0 ? toNumber(playedMs) / lengthMs : 1,
    plays: Math.max(1, toNumber(plays)),
    ...(list === undefined ? {} : { list }),
  }
}

/** Weights of one act: complete 1, partial 0.5, save 2.5, playlist 2, skip -0.8, immediate skip -1.5. The same as in the pipeline of listening-daily. */
export function computeActWeight({ kind, share, plays, playedMs }: Pick<Act, 'kind' | 'share' | 'plays' | 'playedMs'>): number {
  if (kind === 'saved') return 2.5
  if (kind === 'added') return 2
  if (kind === 'skipped') return playedMs < IMMEDIATE_SKIP_MS ? -1.5 : -0.8
  return (share >= COMPLETE_SHARE ? 1 : 0.5) * plays
}

export function toListKey(week: string, shelf: Shelf): string {
  return `${week}/${shelf}`
}

/** Names of users and tracks that fit into keys of the store, and into paths of the contract. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME && !value.includes('\0')
}

/** The list that an event names, when there can be such a list; else that of the week it happened in. Saves name only the shelf. */
function findList({ source, listId }: Record<string, unknown>, occurredMs: number): string | undefined {
  if (source !== 'discover-weekly' && source !== 'popularity') return undefined
  const named = typeof listId === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(listId) ? Date.parse(listId) : Number.NaN
  const isWeek = named === startOfWeek(named) && named <= occurredMs
  return toListKey(toIsoDate(isWeek ? named : startOfWeek(occurredMs)), source)
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
