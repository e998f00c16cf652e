// Gives dead letters another chance under the schemas of today; those that pass are delivered once and dead no more.
import { isUtf8 } from 'node:buffer'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { markReplayed } from '../store/dead-store.ts'
import { getDead } from './get-flow.ts'
import { readDead } from './list-dead.ts'
import { ACCEPTED } from '../collector/write-results.ts'
import { storeEvents } from './store-events.ts'

const DEFAULT_LIMIT = 10_000

export type Replay = { examined: number; accepted: number; duplicate: number; stillDead: number }

/**
 * Oldest first, up to `limit`. They keep their ids, so that one the sender has sent again meanwhile counts as a duplicate. Stopped
 * between storing and marking, the next replay finds its own work as duplicates: nothing is delivered twice.
 */
export function replayDead(room: Room, type: string, limit = DEFAULT_LIMIT): Promise<Replay> {
  const result = room.putting.then(() => replay(room, type, limit))
  room.putting = result.catch(() => undefined)
  return result
}

async function replay(room: Room, type: string, limit: number): Promise<Replay> {
  const dead = getDead(room, type)
  const letters = (await readDead(room, type, 0, dead.end)).slice(0, limit)
  const bytes = Buffer.concat(letters.map((letter) => letter.value))
  let at = 0
  const ranges = letters.map(({ value }) => {
    const from = at
    at += value.byteLength
    return { from, to: at }
  })
  const receivedAtMs = receiveTime(room)
  const scanned = room.scanner.scanRanges(bytes, ranges, receivedAtMs, isUtf8)
  const passing = scanned.filter((event) => event.death === undefined)
  const { outcomes } = await storeEvents(room, bytes, passing, receivedAtMs, 'replay')
  const offsets = letters.filter((_, i) => scanned[i]?.death === undefined).map((letter) => letter.offset)
  await markReplayed(room.deps.relational, type, offsets, HOUSE)
  dead.replayed += offsets.length
  const accepted = outcomes.filter((outcome) => outcome === ACCEPTED).length
  return { examined: letters.length, accepted, duplicate: passing.length - accepted, stillDead: letters.length - passing.length }
}
