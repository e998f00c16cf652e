// Named readers, with how far they are behind.
import { toIso } from '@rondo/time'
import type { ReaderRow } from '../contract.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { toCursor } from './read-events.ts'

/** Those of one type, or of all; those furthest behind first. */
export async function listReaders(room: Room, type?: string): Promise<ReaderRow[]> {
  const nowMs = receiveTime(room)
  const rows: ReaderRow[] = []
  for (const position of room.readers.list()) {
    const flow = room.flows.get(position.type)
    if (flow === undefined || (type !== undefined && position.type !== type)) continue
    const lag = Math.max(0, flow.end - position.offset)
    const [next] = lag === 0 ? [] : await room.deps.eventLog.read({ topic: eventsTopic(position.type), partition: PARTITION, offset: position.offset, maxRecords: 1 }, HOUSE)
    rows.push({ type: position.type, reader: position.reader, cursor: toCursor(position.offset), lag, lagMs: next === undefined ? 0 : Math.max(0, nowMs - next.timestampMs), askedAt: toIso(position.askedAtMs) })
  }
  return rows.sort((a, b) => b.lag - a.lag || (a.type === b.type ? compare(a.reader, b.reader) : compare(a.type, b.type)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
