// What the verbs of this room share: its stores, the event types in force, and where each of them stands.
import type { Limit } from '@rondo/async'
import type { Authenticate, Log } from '@rondo/contract'
import { createCtx, type Ctx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import type { EventLog } from '@rondo/event-log'
import type { Ids } from '@rondo/ids'
import type { Objects } from '@rondo/objects'
import type { Relational } from '@rondo/relational'
import type { Clock } from '@rondo/time'
import type { KeyQuotas } from './collector/key-quotas.ts'
import type { EventType } from './domain/event-type.ts'
import type { RecentIds } from './domain/recent-ids.ts'
import type { IdMemory } from './open-recent-ids.ts'
import type { EventScanner } from './domain/event-scanner.ts'
import type { KeyRing } from './erasure/key-ring.ts'
import type { BucketWriter } from './landing/bucket-writer.ts'
import type { ClientLedger } from './landing/client-ledger.ts'
import type { IdSlices } from './id-slices.ts'
import type { Habits } from './habits.ts'
import type { HourRows } from './hour-rows.ts'
import type { LiveHub } from './live-hub.ts'
import type { Readers } from './readers.ts'
import type { UnknownFieldCounts } from './unknown-field-counts.ts'
import type { EventsDb } from './store/tables.ts'

export type EventsDeps = {
  clock: Clock
  /** The machine's, where `clock` is that of a simulated world. */
  wallClock?: Clock
  ids: Ids
  log: Log
  authenticate: Authenticate
  eventLog: EventLog
  relational: Relational<EventsDb>
  objects: Objects
  /** 32 bytes: the keys of users lie in the database under this one. */
  masterKey: Uint8Array
}

/** Where one type stands. Everything here can be found again from the log and the tables. */
export type Flow = {
  type: EventType
  /** Offset after the last durable event. */
  end: number
  /** Events before this offset are in buckets. */
  landed: number
  /** Receive time of the first event that is in no bucket; Infinity when all are. */
  firstUnlandedMs: number
  /** Where the log ended when the room was opened, if some of it was in no bucket; else 0. */
  foundEnd: number
  /** Files of the open buckets, by the beginning of their hour. */
  open: Map<number, number>
  /** Rows in all buckets. */
  landedRows: number
  dead: DeadFlow
  /** Events that wait for their keys: what comes behind them is appended behind them. */
  sealing: Promise<unknown> | undefined
  lastEventMs: number
  /** Landing of this type failed; it is tried again after this instant. */
  brokenUntilMs: number
  brokenBy: string | undefined
  /** Since then no workspace defines the type any more. */
  retiredAtMs: number | undefined
  /** Since the start of the process, for the scrape. */
  accepted: number
  duplicates: number
}

export type DeadFlow = { end: number; replayed: number; topic: string; exists: boolean; count: number }

export type Tally = { duplicates: number; dead: number }

export type Room = {
  deps: EventsDeps
  flows: Map<string, Flow>
  /** Names of `flows` by themselves in lower case: two that differ only by case are one folder to some. */
  namesByCase: Map<string, string>
  /** Dead letters of no known type. */
  unknown: DeadFlow
  recent: RecentIds
  /** Moves what `recent` cannot hold. */
  ids: IdMemory
  slices: IdSlices
  scanner: EventScanner
  /** Requests whose events are not durable yet, with their receive time. */
  inFlight: Set<InFlight>
  /** Tallies by `type|startMs` of receipts that are not folded into the table yet. */
  tail: Map<string, Tally>
  receipts: { end: number; folded: number; firstMs: number }
  /** Nothing may be received before this: hours until here are closed, whatever the clock says. */
  floorMs: number
  lastLagMs: number | undefined
  /** `full`: what the log said when the last append found no space; undefined again with the next that does. */
  append: { calls: number; events: number; bytes: number; totalMs: number; failures: number; full: AppError | undefined }
  landing: { rows: number; files: number; failures: number; totalMs: number }
  live: LiveHub
  quotas: KeyQuotas
  unknownFields: UnknownFieldCounts
  keys: KeyRing
  readers: Readers
  buckets: BucketWriter
  clients: ClientLedger
  /** Most bytes of one landing, and of one merge. */
  landBytes: number
  /** Hours that end here or before have their accounts, those without delivered events too. */
  reportedMs: number
  /** Hours closed since the process began. */
  closings: number
  /** What is usual of each type, by closed hours; see find-habits.ts. */
  habits: { hourMs: number; closings: number; made: Promise<Habits> } | undefined
  hourRows: HourRows
  /** One landing round at a time. */
  landingNow: Promise<unknown> | undefined
  /** Registrations, retirements and replays go one after the other. */
  serial: Limit
}

export type InFlight = { atMs: number; done: Promise<unknown> }

/** The receive time of this moment: never back, never into a closed hour. */
export function receiveTime(room: Room): number {
  const now = room.deps.clock.now()
  if (now > room.floorMs) room.floorMs = now
  return room.floorMs
}

/** Everything received before this instant is durable and counted. */
export function watermark(room: Room): number {
  let mark = receiveTime(room)
  for (const { atMs } of room.inFlight) if (atMs < mark) mark = atMs
  return mark
}

/** Work that must not end with one caller's patience: appends and landings run to their end. */
export const HOUSE: Ctx = createCtx({ traceId: 'events', principal: { kind: 'service', name: 'events' } })
