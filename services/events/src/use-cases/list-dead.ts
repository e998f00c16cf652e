// Dead letters of a name, newest first, without those that were replayed: of a type, of a name that nobody registered yet, or of no known type at all.
import type { StoredRecord } from '@rondo/event-log'
import { toIso } from '@rondo/time'
import type { DeadRow } from '../contract.ts'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { openLetters } from '../erasure/seal-letters.ts'
import type { Room } from '../room.ts'
import { toUnknown } from './get-flow.ts'
import { toCursor } from './read-events.ts'
import { findSources, isOfNoKnownType, parsePlace, ruleOf, toPlace, walkBack, type DeadSource } from './walk-dead.ts'

/** Reasons and names are tallied over this many of the newest. */
const TALLIED = 5_000
/** Letters of a name lie scattered among those of no known type: one call looks at so many of them; `next` goes on behind. */
const LOOKED_AT = 50_000
const SHOWN_CHARACTERS = 4_096

export type ListDead = { type: string; reason?: string | undefined; after?: string | undefined; limit?: number | undefined }
export type DeadPage = { rows: DeadRow[]; reasons: { reason: string; count: number }[]; types: { type: string; count: number }[]; next: string }

/** Throws EVENT_TYPE_NOT_FOUND for a name that is neither registered nor on any of the letters looked at. */
export async function listDead(room: Room, { type, reason, after, limit = 100 }: ListDead): Promise<DeadPage> {
  const sources = findSources(room, type)
  const tally = await tallyLetters(room, sources)
  if (tally.reasons.length === 0 && after === undefined && type !== UNKNOWN_TYPE && !room.flows.has(type)) throw toUnknown(room, type)
  return { ...tally, ...(await readPage(room, sources, { reason, after, limit })) }
}

async function readPage(room: Room, sources: DeadSource[], { reason, after, limit }: { reason: string | undefined; after: string | undefined; limit: number }): Promise<{ rows: DeadRow[]; next: string }> {
  const rows: DeadRow[] = []
  const place = after === undefined ? undefined : parsePlace(after)
  let next = after
  for (const source of sources) {
    if (place?.isOfNoKnownType === true && sources.length > 1 && !isOfNoKnownType(source)) continue
    const isHere = place !== undefined && place.isOfNoKnownType === isOfNoKnownType(source)
    const start = isHere ? Math.max(0, place.offset - 1) : source.dead.end
    for await (const { letters, from } of walkBack(room, source, start)) {
      const wanted = letters.filter((letter) => reason === undefined || ruleOf(letter) === reason).slice(0, limit - rows.length)
      const opened = await openLetters(room.keys, wanted)
      for (const letter of opened.letters) {
        const row = toDeadRow(letter, toPlace(source, letter.offset + 1), opened.erased.has(letter.offset))
        rows.push(row)
        if (rows.length === limit) return { rows, next: row.cursor }
      }
      next = toPlace(source, from + 1)
      if (start - from >= LOOKED_AT) return { rows, next }
    }
  }
  return { rows, next: next ?? toCursor(1) }
}

async function tallyLetters(room: Room, sources: DeadSource[]): Promise<Pick<DeadPage, 'reasons' | 'types'>> {
  const reasons = new Map<string, number>()
  const types = new Map<string, number>()
  let count = 0
  for (const source of sources) {
    for await (const { letters, from } of walkBack(room, source, source.dead.end)) {
      for (const letter of letters.slice(0, TALLIED - count)) {
        reasons.set(ruleOf(letter), (reasons.get(ruleOf(letter)) ?? 0) + 1)
        types.set(nameOf(letter), (types.get(nameOf(letter)) ?? 0) + 1)
        count += 1
      }
      if (count >= TALLIED || source.dead.end - from >= LOOKED_AT) break
    }
  }
  return { reasons: byCount(reasons).map(([reason, count]) => ({ reason, count })), types: byCount(types).map(([type, count]) => ({ type, count })) }
}

function byCount(tally: ReadonlyMap<string, number>): [string, number][] {
  return [...tally].sort(([, a], [, b]) => b - a)
}

function nameOf({ headers }: StoredRecord): string {
  return headers?.['t'] ?? UNKNOWN_TYPE
}

function toDeadRow(letter: StoredRecord, cursor: string, isErased: boolean): DeadRow {
  const { value, headers = {}, timestampMs } = letter
  return {
    id: headers['i'] ?? null,
    type: nameOf(letter),
    reason: headers['r'] ?? '',
    receivedAt: toIso(timestampMs),
    raw: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8').slice(0, SHOWN_CHARACTERS),
    ...(isErased ? { erased: true } : {}),
    cursor,
  }
}
