// After a start files of ids, slices and log tell which ids were seen within the window: whatever is durable is remembered, and nothing else.
import type { StoredRecord } from '@rondo/event-log'
import { IdFingerprint } from './domain/id-fingerprint.ts'
import { JsonScanner } from './domain/json-scanner.ts'
import { listGaps, type OffsetRange } from './domain/offset-ranges.ts'
import { printId } from './domain/scope-id.ts'
import { HOUSE, receiveTime, type Flow, type Room } from './room.ts'
import { PARTITION, eventsTopic } from './topics.ts'

/** Each tells what those before do not cover; what is read out of the log is noted for the next start. */
export async function recallIds(room: Room, sinceMs: number): Promise<void> {
  const { recent, ids } = room
  const findEnd = (type: string): number | undefined => room.flows.get(type)?.end
  const onDisk = ids.segments?.listCovered(findEnd) ?? new Map<string, OffsetRange[]>()
  const covered = new Map([...onDisk].map(([type, ranges]) => [type, [...ranges]]))
  await room.slices.recall(sinceMs, onDisk, findEnd, async (words, ranges) => {
    recent.advance(receiveTime(room))
    for (let i = 0; i < words.length; i += 2) recent.add(words[i] as number, words[i + 1] as number)
    for (const [type, from, to] of ranges) {
      for (const gap of listGaps(from, to, onDisk.get(type) ?? [])) recent.claim(type, gap)
      covered.set(type, [...(covered.get(type) ?? []), { from, to }])
    }
    if (recent.isFull) await ids.settle()
  })
  for (const flow of room.flows.values()) {
    if (flow.end === 0 || flow.lastEventMs < sinceMs) continue
    const start = await room.deps.eventLog.findOffset({ topic: eventsTopic(flow.type.name), partition: PARTITION, timestampMs: sinceMs }, HOUSE)
    for (const gap of listGaps(start, flow.end, covered.get(flow.type.name) ?? [])) await recallRange(room, flow, gap)
  }
}

async function recallRange(room: Room, flow: Flow, { from, to }: OffsetRange): Promise<void> {
  const print = new IdFingerprint()
  const scanner = new JsonScanner()
  const topic = eventsTopic(flow.type.name)
  let offset = from
  while (offset < to) {
    const records = await room.deps.eventLog.read({ topic, partition: PARTITION, offset, maxRecords: Math.min(to - offset, 10_000) }, HOUSE)
    const [first] = records
    if (first === undefined || first.offset >= to) return
    const prints: number[] = []
    room.recent.advance(receiveTime(room))
    for (const record of records) {
      const id = findId(scanner, record)
      // Of a record that has none, so that prints and offsets go together.
      printId(print, id ?? NO_ID, record.headers?.['s'], flow.type.seed)
      room.recent.add(print.low, print.high)
      prints.push(print.low, print.high)
    }
    room.slices.note(flow.type.name, first.offset, prints)
    room.recent.claim(flow.type.name, { from: first.offset, to: first.offset + records.length })
    if (room.recent.isFull) await room.ids.settle()
    offset = first.offset + records.length
  }
}

const NO_ID = new Uint8Array(0)

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
