// Puts a named reader, or a group of Kafka's clients that nobody is in, to another place: a cursor, an instant of receipt, the oldest or what comes next.
import type { ReaderRow } from '../contract.ts'
import { errors } from '../errors.ts'
import { GROUP_PREFIX, findGroup, toReaderName } from '../kafka-face/group-prefix.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { getFlow } from './get-flow.ts'
import { listReaders, type CountMembers } from './list-readers.ts'
import { parseCursor } from './read-events.ts'

/** Throws READER_ACTIVE for a group that has members. */
export async function moveReader(room: Room, countMembers: CountMembers, type: string, reader: string, to: string): Promise<ReaderRow> {
  getFlow(room, type)
  const offset = await findOffset(room, type, to)
  const group = findGroup(reader)
  if (group === undefined) await room.readers.seek({ type, reader, offset, askedAtMs: receiveTime(room) })
  else {
    requireEmpty(countMembers, group, reader)
    await room.deps.eventLog.commit(GROUP_PREFIX + group, [{ topic: eventsTopic(type), partition: PARTITION, offset }], HOUSE)
  }
  const row = (await listReaders(room, countMembers, type)).find((one) => one.reader === reader)
  if (row === undefined) throw errors.readerUnknown({ type, reader })
  return row
}

/** Throws READER_ACTIVE for a group that has members. */
export async function forgetReader(room: Room, countMembers: CountMembers, type: string, reader: string): Promise<{ type: string; reader: string }> {
  const group = findGroup(reader)
  if (!(group === undefined ? await room.readers.forget(type, reader) : await forgetGroup(room, countMembers, type, group))) throw errors.readerUnknown({ type, reader })
  return { type, reader }
}

/** False when there was none. */
async function forgetGroup(room: Room, countMembers: CountMembers, type: string, group: string): Promise<boolean> {
  const { eventLog } = room.deps
  const [name, topic] = [GROUP_PREFIX + group, eventsTopic(type)]
  if (!room.flows.has(type) || (await eventLog.committed(name, topic, HOUSE)).length === 0) return false
  requireEmpty(countMembers, group, toReaderName(name))
  await eventLog.forget(name, [topic], HOUSE)
  return true
}

function requireEmpty(countMembers: CountMembers, group: string, reader: string): void {
  const members = countMembers(group)
  if (members > 0) throw errors.readerActive({ reader, members })
}

async function findOffset(room: Room, type: string, to: string): Promise<number> {
  const topic = eventsTopic(type)
  const [offsets] = await room.deps.eventLog.offsets(topic, HOUSE)
  if (to === 'start') return offsets?.start ?? 0
  if (to === 'end') return offsets?.end ?? 0
  if (/^\d{4}-/.test(to)) {
    const timestampMs = Date.parse(to)
    if (Number.isNaN(timestampMs)) throw errors.instantWrong({ field: 'to', value: to })
    return room.deps.eventLog.findOffset({ topic, partition: PARTITION, timestampMs }, HOUSE)
  }
  return parseCursor(to)
}
