// Gives dead letters another chance under the schemas of today; those that pass are delivered once and dead no more.
import { isUtf8 } from 'node:buffer'
import type { StoredRecord } from '@rondo/event-log'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { markReplayed } from '../store/dead-store.ts'
import { getFlow } from './get-flow.ts'
import { findSources, walkForth, type DeadSource } from './walk-dead.ts'
import { ACCEPTED } from '../collector/write-results.ts'
import { storeEvents } from './store-events.ts'

const DEFAULT_LIMIT = 10_000
/** Bytes of letters in memory at once; what is left waits for the next replay. */
const MOST_BYTES = 64 * 1024 * 1024

export type Replay = { examined: number; accepted: number; duplicate: number; stillDead: number }

/**
 * Oldest first, up to `limit`; of a type, those that came before it was registered first. They keep their ids, so that one the sender has sent again meanwhile counts as a duplicate. Stopped
 * between storing and marking, the next replay finds its own work as duplicates: nothing is delivered twice. Throws EVENT_TYPE_NOT_FOUND: letters of a name that nobody registered can fit nothing.
 */
export function replayDead(room: Room, type: string, limit = DEFAULT_LIMIT): Promise<Replay> {
  return room.serial(() => replay(room, type, limit))
}

async function replay(room: Room, type: string, limit: number): Promise<Replay> {
  if (type !== UNKNOWN_TYPE) getFlow(room, type)
  const letters = await takeLetters(room, type, limit)
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
  return { examined: letters.length, accepted, duplicate: passing.length - accepted, stillDead: letters.length - passing.length }
}

async function takeLetters(room: Room, type: string, limit: number): Promise<{ source: DeadSource; record: StoredRecord }[]> {
  const letters: { source: DeadSource; record: StoredRecord }[] = []
  let bytes = 0
  for (const source of findSources(room, type).reverse()) {
    for await (const page of walkForth(room, source)) {
      for (const record of page) {
        if (letters.length >= limit || bytes >= MOST_BYTES) return letters
        letters.push({ source, record })
        bytes += record.value.byteLength
      }
    }
  }
  return letters
}
