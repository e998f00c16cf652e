// After a start the log tells which ids were seen within the window: whatever is durable is remembered, and nothing else.
import type { StoredRecord } from '@rondo/event-log'
import { IdFingerprint } from './domain/id-fingerprint.ts'
import { JsonScanner } from './domain/json-scanner.ts'
import { HOUSE, type Room } from './room.ts'
import { PARTITION, eventsTopic } from './topics.ts'

export async function recallIds(room: Room, sinceMs: number): Promise<void> {
  const { eventLog } = room.deps
  const print = new IdFingerprint()
  const scanner = new JsonScanner()
  for (const flow of room.flows.values()) {
    if (flow.end === 0 || flow.lastEventMs < sinceMs) continue
    const topic = eventsTopic(flow.type.name)
    let offset = await eventLog.findOffset({ topic, partition: PARTITION, timestampMs: sinceMs }, HOUSE)
    while (offset < flow.end) {
      const records = await eventLog.read({ topic, partition: PARTITION, offset }, HOUSE)
      const last = records.at(-1)
      if (last === undefined) break
      for (const record of records) {
        const id = findId(scanner, record)
        if (id === undefined) continue
        print.of(id, 0, id.length, flow.type.seed)
        room.recent.add(print.low, print.high)
      }
      offset = last.offset + 1
    }
  }
}

/** The bytes of the id: mostly the first field, so that little is read. */
function findId(scanner: JsonScanner, { value }: StoredRecord): Uint8Array | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  scanner.reset(bytes, 0, bytes.length)
  scanner.skipSpace()
  scanner.pos += 1
  for (;;) {
    scanner.skipSpace()
    if (scanner.peek() !== 34 || !scanner.string()) return undefined
    const isId = scanner.stop - scanner.start === 2 && scanner.matches(scanner.start, 'id')
    scanner.skipSpace()
    scanner.pos += 1
    scanner.skipSpace()
    if (!scanner.anyValue(1)) return undefined
    if (isId) return scanner.escaped ? Buffer.from(scanner.text(scanner.start, scanner.stop, true)) : bytes.subarray(scanner.start, scanner.stop)
    scanner.skipSpace()
    if (scanner.peek() !== 44) return undefined
    scanner.pos += 1
  }
}
