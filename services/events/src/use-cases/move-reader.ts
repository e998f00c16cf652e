// Puts a named reader to another place: a cursor, an instant of receipt, the oldest or what comes next.
import type { ReaderRow } from '../contract.ts'
import { errors } from '../errors.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { getFlow } from './get-flow.ts'
import { listReaders } from './list-readers.ts'
import { parseCursor } from './read-events.ts'

export async function moveReader(room: Room, type: string, reader: string, to: string): Promise<ReaderRow> {
  getFlow(room, type)
  await room.readers.seek({ type, reader, offset: await findOffset(room, type, to), askedAtMs: receiveTime(room) })
  const row = (await listReaders(room, type)).find((one) => one.reader === reader)
  if (row === undefined) throw errors.readerUnknown({ type, reader })
  return row
}

export async function forgetReader(room: Room, type: string, reader: string): Promise<{ type: string; reader: string }> {
  if (!(await room.readers.forget(type, reader))) throw errors.readerUnknown({ type, reader })
  return { type, reader }
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
