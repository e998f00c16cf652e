// Where dead letters of a name lie, and a walk over them in either direction.
import type { StoredRecord } from '@rondo/event-log'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { readRecords } from '../landing/read-records.ts'
import { HOUSE, type DeadFlow, type Room } from '../room.ts'
import { listReplayed } from '../store/dead-store.ts'
import { parseCursor, toCursor } from './read-events.ts'

/** `owner` is the name under which replays of it are marked; with `named`, only letters that call themselves so belong to it. */
export type DeadSource = { dead: DeadFlow; owner: string; named: string | undefined }

const PAGE = 1_000

/** Newest first: the type's own, and, from before it was registered, its letters among those of no known type. Without registration only these. */
export function findSources(room: Room, type: string): DeadSource[] {
  if (type === UNKNOWN_TYPE) return [{ dead: room.unknown, owner: UNKNOWN_TYPE, named: undefined }]
  const flow = room.flows.get(type)
  const before = { dead: room.unknown, owner: UNKNOWN_TYPE, named: type }
  return flow === undefined ? [before] : [{ dead: flow.dead, owner: type, named: undefined }, before]
}

export function isOfNoKnownType({ named }: DeadSource): boolean {
  return named !== undefined
}

/** What the letter died of, as tallies name it. */
export function ruleOf({ headers }: StoredRecord): string {
  return headers?.['g'] ?? 'unknown'
}

/** A cursor; letters of a name that lie among those of no known type have a "u" before it, and keep it when the name is registered. */
export function toPlace(source: DeadSource, offset: number): string {
  return isOfNoKnownType(source) ? `u${toCursor(offset)}` : toCursor(offset)
}

/** `offset`: behind the letter that the cursor names. Throws for a text that is no cursor. */
export function parsePlace(cursor: string): { isOfNoKnownType: boolean; offset: number } {
  const isOfNoKnownType = cursor.startsWith('u')
  return { isOfNoKnownType, offset: parseCursor(isOfNoKnownType ? cursor.slice(1) : cursor) }
}

/** Letters of a source in pages, from offset `to` back to the oldest: each page newest first, with the offset from which it was read. */
export async function* walkBack(room: Room, source: DeadSource, to: number): AsyncGenerator<{ letters: StoredRecord[]; from: number }> {
  const start = await findStart(room, source)
  for (let end = to; end > start; end -= PAGE) {
    const from = Math.max(start, end - PAGE)
    yield { letters: (await readLetters(room, source, from, end)).reverse(), from }
  }
}

/** The same from offset `begin` on, or from the oldest, oldest first. */
export async function* walkForth(room: Room, source: DeadSource, begin: number): AsyncGenerator<StoredRecord[]> {
  for (let from = Math.max(begin, await findStart(room, source)); from < source.dead.end; from += PAGE) yield readLetters(room, source, from, Math.min(from + PAGE, source.dead.end))
}

/** The oldest that the log still keeps; Infinity while there never was one. */
async function findStart(room: Room, { dead }: DeadSource): Promise<number> {
  if (!dead.exists) return Infinity
  const [offsets] = await room.deps.eventLog.offsets(dead.topic, HOUSE)
  return offsets?.start ?? 0
}

/** Of offsets [from, to), those that are still dead. */
async function readLetters(room: Room, { dead, owner, named }: DeadSource, from: number, to: number): Promise<StoredRecord[]> {
  const replayed = dead.replayed === 0 ? new Set<number>() : await listReplayed(room.deps.relational, owner, from, to)
  return (await readRecords(room, dead.topic, from, to)).filter(({ offset, headers }) => !replayed.has(offset) && (named === undefined || headers?.['t'] === named))
}
