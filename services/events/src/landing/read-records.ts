// Reads a range of a topic whole.
import type { StoredRecord } from '@rondo/event-log'
import { HOUSE, type Room } from '../room.ts'
import { PARTITION } from '../topics.ts'

/** Records at offsets [from, to), as far as they are kept, and up to the one with which their values exceed `mostBytes`, without it; the first in any case. */
export async function readRecords(room: Room, topic: string, from: number, to: number, mostBytes = Infinity): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  let offset = from
  let bytes = 0
  while (offset < to) {
    const batch = await room.deps.eventLog.read({ topic, partition: PARTITION, offset, maxRecords: Math.min(to - offset, 10_000) }, HOUSE)
    const last = batch.at(-1)
    if (last === undefined) break
    for (const record of batch) {
      if (record.offset >= to) break
      bytes += record.value.byteLength
      if (bytes > mostBytes && records.length > 0) return records
      records.push(record)
    }
    offset = last.offset + 1
  }
  return records
}
