// Named readers and groups of Kafka's clients, with how far they are behind.
import { toIso } from '@rondo/time'
import type { ReaderRow } from '../contract.ts'
import { GROUP_PREFIX, findGroup, toReaderName } from '../kafka-face/group-prefix.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { toCursor } from './read-events.ts'

/** Of a group of Kafka's clients, by its own name: those that are there now. */
export type CountMembers = (group: string) => number

type Place = { type: string; reader: string; offset: number; askedAtMs: number | undefined }

/** Those of one type, or of all; those furthest behind first. */
export async function listReaders(room: Room, countMembers: CountMembers, type?: string): Promise<ReaderRow[]> {
  const nowMs = receiveTime(room)
  const rows: ReaderRow[] = []
  for (const { type: own, reader, offset, askedAtMs } of [...room.readers.list(), ...(await listGroups(room))]) {
    const flow = room.flows.get(own)
    if (flow === undefined || (type !== undefined && own !== type)) continue
    const lag = Math.max(0, flow.end - offset)
    const [next] = lag === 0 ? [] : await room.deps.eventLog.read({ topic: eventsTopic(own), partition: PARTITION, offset, maxRecords: 1 }, HOUSE)
    const group = findGroup(reader)
    rows.push({
      type: own,
      reader,
      kind: group === undefined ? 'reader' : 'kafka-group',
      members: group === undefined ? 0 : countMembers(group),
      cursor: toCursor(offset),
      lag,
      lagMs: next === undefined ? 0 : Math.max(0, nowMs - next.timestampMs),
      askedAt: askedAtMs === undefined ? null : toIso(askedAtMs),
    })
  }
  return rows.sort((a, b) => b.lag - a.lag || (a.type === b.type ? compare(a.reader, b.reader) : compare(a.type, b.type)))
}

async function listGroups(room: Room): Promise<Place[]> {
  const types = new Map([...room.flows.keys()].map((type) => [eventsTopic(type), type]))
  const positions = await room.deps.eventLog.listCommitted((group) => group.startsWith(GROUP_PREFIX), HOUSE)
  return positions.flatMap(({ group, topic, offset }) => {
    const type = types.get(topic)
    return type === undefined ? [] : [{ type, reader: toReaderName(group), offset, askedAtMs: undefined }]
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
