// Accepted events of a type in order of receipt: pages backwards for people, forwards for those who follow.
import type { StoredRecord } from '@rondo/event-log'
import { toIso } from '@rondo/time'
import type { EventRow } from '../contract.ts'
import { readDelivered, type DeliveredEvent } from '../domain/delivered-event.ts'
import { openEvents } from '../erasure/open-events.ts'
import { errors } from '../errors.ts'
import { findGroup } from '../kafka-face/group-prefix.ts'
import { readRecords } from '../landing/read-records.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { getFlow } from './get-flow.ts'

export type ReadEvents = {
  type: string
  after?: string | undefined
  limit?: number | undefined
  order?: 'asc' | 'desc' | undefined
  /** As it lies there, and not opened. */
  sealed?: boolean | undefined
  reader?: string | undefined
}

/** A named reader goes on where it last asked, and what lies before where it asks now it has done. A cursor says which offset comes next in ascending order: an event's cursor is the place behind it. */
export async function readEvents(room: Room, { type, after, limit = 100, order = 'desc', sealed = false, reader }: ReadEvents): Promise<{ rows: EventRow[]; next: string }> {
  getFlow(room, type)
  const topic = eventsTopic(type)
  const [offsets] = await room.deps.eventLog.offsets(topic, HOUSE)
  const start = offsets?.start ?? 0
  const end = offsets?.end ?? 0
  const present = async (records: StoredRecord[]): Promise<EventRow[]> => (sealed ? records.map((record) => toRow(type, readStored(record), true)) : toEventRows(room, type, records))
  if (reader !== undefined && order !== 'asc') throw errors.readerBackwards({ reader })
  if (reader !== undefined && findGroup(reader) !== undefined) throw errors.readerReserved({ reader })
  if (order === 'asc') {
    const from = after === undefined ? ((reader === undefined ? undefined : room.readers.find(type, reader)?.offset) ?? start) : parseCursor(after)
    if (reader !== undefined) room.readers.move({ type, reader, offset: from, askedAtMs: receiveTime(room) })
    const records = from >= end ? [] : await room.deps.eventLog.read({ topic, partition: PARTITION, offset: from, maxRecords: limit }, HOUSE)
    return { rows: await present(records), next: toCursor((records.at(-1)?.offset ?? from - 1) + 1) }
  }
  // Backwards, `after` is the last row of the page before.
  const to = after === undefined ? end : Math.max(start, parseCursor(after) - 1)
  const from = Math.max(start, to - limit)
  const records = await readRecords(room, topic, from, to)
  return { rows: (await present(records)).reverse(), next: toCursor((records[0]?.offset ?? to) + 1) }
}

/** Of one type, as they may be read now. */
export async function toEventRows(room: Room, type: string, records: StoredRecord[]): Promise<EventRow[]> {
  return (await openEvents(room.keys, type, records.map(readStored))).map((event) => toRow(type, event, false))
}

type Stored = DeliveredEvent & { receivedAtMs: number; offset: number; erased?: true }

function readStored(record: StoredRecord): Stored {
  const { timestampMs, offset } = record
  return Object.assign(readDelivered(record, timestampMs), { receivedAtMs: timestampMs, offset })
}

function toRow(type: string, { id, userId, anonymousId, occurredAtMs, receivedAtMs, properties, context, offset, sealed, erased }: Stored, isSealed: boolean): EventRow {
  return { id, type, userId, anonymousId, occurredAt: toIso(occurredAtMs), receivedAt: toIso(receivedAtMs), properties, ...(context === null ? {} : { context }), ...(isSealed && sealed !== undefined ? { sealed } : {}), ...(erased === undefined ? {} : { erased }), cursor: toCursor(offset + 1) }
}

export function toCursor(offset: number): string {
  return `v1.${offset}`
}

export function parseCursor(cursor: string): number {
  const match = /^v1\.(\d{1,15})$/.exec(cursor)
  if (match === null) throw errors.cursorWrong({ cursor })
  return Number(match[1])
}
