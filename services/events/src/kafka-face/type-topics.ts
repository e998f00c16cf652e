// Event types as topics of Kafka: what is produced goes the collector's way, what is fetched is what `readEvents` gives.
import type { LogRecord, StoredRecord } from '@rondo/event-log'
import { type FaceTopic, type FaceTopics, type ProducedRecord } from '@rondo/event-log/kafka-server'
import { scanBody, scanPlainBody } from '../collector/collect-body.ts'
import { receiveTime, type Room } from '../room.ts'
import { PARTITIONS, eventsTopic } from '../topics.ts'
import { toEventRows } from '../use-cases/read-events.ts'
import { storeEvents, storePlain } from '../use-cases/store-events.ts'
import { hasType, mentionsType, toLines } from './to-lines.ts'

const LINES = 'application/x-ndjson'
/** So many are scanned as a whole. */
const EVENTS_AT_ONCE = 1_000

export function createTypeTopics(room: Room): FaceTopics {
  const toTopic = (type: string): FaceTopic => ({ name: type, logTopic: eventsTopic(type), partitions: PARTITIONS })
  return {
    list: async () => [...room.flows.keys()].map(toTopic),
    find: async (name) => (room.flows.has(name) ? toTopic(name) : undefined),
    async store({ name }, records, writer) {
      room.quotas.take(writer, records.length, records.reduce((sum, { value }) => sum + (value?.byteLength ?? 0), 0))
      const chunks: ProducedRecord[][] = []
      for (let at = 0; at < records.length; at += EVENTS_AT_ONCE) chunks.push(records.slice(at, at + EVENTS_AT_ONCE))
      await Promise.all(chunks.map((chunk) => collect(room, name, chunk.map(({ value }) => value))))
      // Duplicates and dead letters take no offsets, so that none can be told from the first one's.
      return { baseOffset: -1 }
    },
    present: ({ name }, records) => present(room, name, records),
  }
}

/** As POST /v1/events takes them, but for the type: the topic's, where an event says none. A dead event is counted as dead and fails nothing. */
async function collect(room: Room, type: string, values: (Buffer | undefined)[]): Promise<void> {
  const receivedAtMs = receiveTime(room)
  const plain = scanPlainBody(room, toLines(values, type, mentionsType), LINES, receivedAtMs)
  if (plain !== undefined) return void (await storePlain(room, plain, receivedAtMs))
  const body = toLines(values, type, hasType)
  await storeEvents(room, body, scanBody(room, body, LINES, receivedAtMs), receivedAtMs)
}

/** The cursor is left out: the offset says it. */
async function present(room: Room, type: string, records: StoredRecord[]): Promise<LogRecord[]> {
  const rows = await toEventRows(room, type, records)
  return rows.map(({ cursor: _cursor, ...row }, index) => ({ key: records[index]?.key ?? '', value: Buffer.from(JSON.stringify(row)) }))
}
