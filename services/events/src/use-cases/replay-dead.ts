// Gives dead letters another chance under the schemas of today; those that pass are delivered once and dead no more.
import { isUtf8 } from 'node:buffer'
import type { StoredRecord } from '@rondo/event-log'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { openLetters } from '../erasure/seal-letters.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { markReplayed } from '../store/dead-store.ts'
import { getFlow } from './get-flow.ts'
import { findSources, isOfNoKnownType, parsePlace, toPlace, walkForth, type DeadSource } from './walk-dead.ts'
import { ACCEPTED } from '../collector/write-results.ts'
import { storeEvents } from './store-events.ts'

const DEFAULT_LIMIT = 10_000
/** Bytes of letters in memory at once; `next` goes on behind them. */
const MOST_BYTES = 64 * 1024 * 1024

export type ReplayRange = { after?: string | undefined; limit?: number | undefined }
export type Replay = { examined: number; accepted: number; duplicate: number; stillDead: number; next?: string }

/**
 * Oldest first, up to `limit`, those behind `after`, so that letters which stay dead hold up none that came later; of a type, those that came before it was registered first. They keep their ids, so that one the sender has sent again meanwhile counts as a duplicate. Stopped
 * between storing and marking, the next replay finds its own work as duplicates: nothing is delivered twice. Throws EVENT_TYPE_NOT_FOUND: letters of a name that nobody registered can fit nothing.
 */
export function replayDead(room: Room, type: string, range: ReplayRange): Promise<Replay> {
  return room.serial(() => replay(room, type, range))
}

async function replay(room: Room, type: string, range: ReplayRange): Promise<Replay> {
  if (type !== UNKNOWN_TYPE) getFlow(room, type)
  const { letters, next } = await takeOpened(room, type, range)
  const bytes = Buffer.concat(letters.map(({ record }) => record.value))
  let at = 0
  const ranges = letters.map(({ record }) => {
    const from = at
    at += record.value.byteLength
    return { from, to: at }
  })
  const receivedAtMs = receiveTime(room)
  const scanned = room.scanner.scanRanges(bytes, ranges, receivedAtMs, isUtf8)
  const passing = scanned.filter((event) => event.death === undefined)
  const { outcomes } = await storeEvents(room, bytes, passing, receivedAtMs, 'replay')
  for (const source of new Set(letters.map((letter) => letter.source))) {
    const offsets = letters.filter((letter, i) => letter.source === source && scanned[i]?.death === undefined).map(({ record }) => record.offset)
    await markReplayed(room.deps.relational, source.owner, offsets, HOUSE)
    source.dead.replayed += offsets.length
  }
  const accepted = outcomes.filter((outcome) => outcome === ACCEPTED).length
  return { examined: letters.length, accepted, duplicate: passing.length - accepted, stillDead: letters.length - passing.length, ...(next === undefined ? {} : { next }) }
}

/** One whose user was erased has no bytes left, and stays dead. */
async function takeOpened(room: Room, type: string, range: ReplayRange): Promise<{ letters: Letter[]; next?: string }> {
  const taken = await takeLetters(room, type, range)
  const { letters } = await openLetters(room.keys, taken.letters.map(({ record }) => record))
  return { ...taken, letters: taken.letters.map(({ source }, i) => ({ source, record: letters[i] as StoredRecord })) }
}

type Letter = { source: DeadSource; record: StoredRecord }

/** `next` only when there is another letter. */
async function takeLetters(room: Room, type: string, { after, limit = DEFAULT_LIMIT }: ReplayRange): Promise<{ letters: Letter[]; next?: string }> {
  const letters: Letter[] = []
  const place = after === undefined ? undefined : parsePlace(after)
  let bytes = 0
  for (const source of findSources(room, type).reverse()) {
    if (place?.isOfNoKnownType === false && isOfNoKnownType(source)) continue
    const isHere = place !== undefined && place.isOfNoKnownType === isOfNoKnownType(source)
    for await (const page of walkForth(room, source, isHere ? place.offset : 0)) {
      for (const record of page) {
        const last = letters.at(-1)
        if (last !== undefined && (letters.length >= limit || bytes >= MOST_BYTES)) return { letters, next: toPlace(last.source, last.record.offset + 1) }
        letters.push({ source, record })
        bytes += record.value.byteLength
      }
    }
  }
  return { letters }
}
