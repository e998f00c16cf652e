// Gives dead letters another chance under the schemas of today; those that pass are delivered once and dead no more.
import { isUtf8 } from 'node:buffer'
import type { StoredRecord } from '@rondo/event-log'
import type { RepairStep } from '../contract.ts'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { IdFingerprint } from '../domain/id-fingerprint.ts'
import { scopeEvent } from '../domain/scope-id.ts'
import { openLetters } from '../erasure/seal-letters.ts'
import { repairLetter } from '../domain/repair-letter.ts'
import { MAX_ID_LENGTH } from '../domain/scanned-event.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { markReplayed } from '../store/dead-store.ts'
import { getFlow } from './get-flow.ts'
import { findSources, isOfNoKnownType, parsePlace, ruleOf, toPlace, walkForth, type DeadSource } from './walk-dead.ts'
import { ACCEPTED } from '../collector/write-results.ts'
import { storeEvents } from './store-events.ts'

const DEFAULT_LIMIT = 10_000
/** Bytes of letters in memory at once; `next` goes on behind them. */
const MOST_BYTES = 64 * 1024 * 1024

/** Of a dry run. */
const SAMPLES = 20
const SHOWN_CHARACTERS = 4_096

export type ReplayRange = { after?: string | undefined; limit?: number | undefined; reason?: string | undefined }
/** `newIds`: a letter without a usable id gets one; without it, it stays dead unless a step mends its id. */
type Repair = { steps: RepairStep[]; newIds: boolean }
export type ReplayDead = ReplayRange & { repair?: RepairStep[] | undefined; newIds?: boolean | undefined; dryRun?: boolean | undefined }
export type Sample = { cursor: string; before: string; after: string; reason: string | null }
export type Replay = { examined: number; accepted: number; duplicate: number; stillDead: number; next?: string; samples?: Sample[] }

/**
 * With a repair, only letters that it changes are sent. Oldest first, up to `limit`, those behind `after`, so that letters which stay dead hold up none that came later; of a type, those that came before it was registered first. They keep their ids, so that one the sender has sent again meanwhile counts as a duplicate. Stopped
 * between storing and marking, the next replay finds its own work as duplicates: nothing is delivered twice. Throws EVENT_TYPE_NOT_FOUND: letters of a name that nobody registered can fit nothing.
 */
export function replayDead(room: Room, type: string, { repair: steps = [], newIds = false, dryRun = false, ...range }: ReplayDead): Promise<Replay> {
  return room.serial(() => replay(room, type, range, { steps, newIds }, dryRun))
}

async function replay(room: Room, type: string, range: ReplayRange, repair: Repair, isDry: boolean): Promise<Replay> {
  if (type !== UNKNOWN_TYPE) getFlow(room, type)
  const { letters, next } = await takeOpened(room, type, range)
  const asIs = repair.steps.length === 0 && !repair.newIds
  const changed = letters.map((letter) => (asIs ? undefined : mend(letter, repair)))
  const mended = letters.map(({ record }, i) => changed[i] ?? record.value)
  const bytes = Buffer.concat(mended)
  let at = 0
  const ranges = mended.map(({ byteLength }) => {
    const from = at
    at += byteLength
    return { from, to: at }
  })
  const receivedAtMs = receiveTime(room)
  const scanned = room.scanner.scanRanges(bytes, ranges, receivedAtMs, isUtf8)
  const print = new IdFingerprint()
  for (const [i, event] of scanned.entries()) {
    const scope = letters[i]?.record.headers?.['s']
    if (scope !== undefined) scopeEvent(event, bytes, scope, print)
    if (!asIs && changed[i] === undefined) event.death ??= { id: null, type, ...UNTOUCHED }
  }
  const passing = scanned.filter((event) => event.death === undefined)
  const followed = next === undefined ? {} : { next }
  if (isDry) {
    const samples = letters.slice(0, SAMPLES).map(({ source, record }, i) => ({ cursor: toPlace(source, record.offset + 1), before: toText(record.value), after: toText(mended[i] ?? record.value), reason: scanned[i]?.death?.reason ?? null }))
    return { examined: letters.length, accepted: passing.length, duplicate: 0, stillDead: letters.length - passing.length, ...followed, samples }
  }
  const { outcomes } = await storeEvents(room, bytes, passing, receivedAtMs, 'replay')
  for (const source of new Set(letters.map((letter) => letter.source))) {
    const offsets = letters.filter((letter, i) => letter.source === source && scanned[i]?.death === undefined).map(({ record }) => record.offset)
    await markReplayed(room.deps.relational, source.owner, offsets, HOUSE)
    source.dead.replayed += offsets.length
  }
  const accepted = outcomes.filter((outcome) => outcome === ACCEPTED).length
  return { examined: letters.length, accepted, duplicate: passing.length - accepted, stillDead: letters.length - passing.length, ...followed }
}

/** It would pass today, and was not asked for. */
const UNTOUCHED = { rule: 'untouched', reason: 'It fits as it is, and the repair changes nothing of it: a replay without a repair delivers it.' }

/** An id that is missing is made from the letter's own place, so that mending it twice makes one event. */
function mend({ source, record }: Letter, { steps, newIds }: Repair): Uint8Array | undefined {
  return repairLetter(record.value, ruleOf(record), steps, newIds ? `letter.${source.dead.topic}.${record.offset}`.slice(-MAX_ID_LENGTH) : undefined)
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').slice(0, SHOWN_CHARACTERS)
}

/** One whose user was erased has no bytes left, and stays dead. */
async function takeOpened(room: Room, type: string, range: ReplayRange): Promise<{ letters: Letter[]; next?: string }> {
  const taken = await takeLetters(room, type, range)
  const { letters } = await openLetters(room.keys, taken.letters.map(({ record }) => record))
  return { ...taken, letters: taken.letters.map(({ source }, i) => ({ source, record: letters[i] as StoredRecord })) }
}

type Letter = { source: DeadSource; record: StoredRecord }

/** `next` only when there is another letter. */
async function takeLetters(room: Room, type: string, { after, limit = DEFAULT_LIMIT, reason }: ReplayRange): Promise<{ letters: Letter[]; next?: string }> {
  const letters: Letter[] = []
  const place = after === undefined ? undefined : parsePlace(after)
  let bytes = 0
  for (const source of findSources(room, type).reverse()) {
    if (place?.isOfNoKnownType === false && isOfNoKnownType(source)) continue
    const isHere = place !== undefined && place.isOfNoKnownType === isOfNoKnownType(source)
    for await (const page of walkForth(room, source, isHere ? place.offset : 0)) {
      for (const record of page) {
        if (reason !== undefined && ruleOf(record) !== reason) continue
        const last = letters.at(-1)
        if (last !== undefined && (letters.length >= limit || bytes >= MOST_BYTES)) return { letters, next: toPlace(last.source, last.record.offset + 1) }
        letters.push({ source, record })
        bytes += record.value.byteLength
      }
    }
  }
  return { letters }
}
