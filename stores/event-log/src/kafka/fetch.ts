// The exchange that reads: batches of one or many partitions of one leader as the broker keeps them (Fetch, version 12).
//
//   request  := replicaId i32 | maxWaitMs i32 | minBytes i32 | maxBytes i32 | isolation i8 | sessionId i32 | sessionEpoch i32
//               | [topic: name | [partition: index i32 | leaderEpoch i32 | offset i64 | lastFetchedEpoch i32 | logStart i64 | maxBytes i32] ] | [forgotten] | rack
//   response := throttle i32 | error i16 | sessionId i32
//               | [topic: name | [partition: index i32 | error i16 | end i64 | lastStable i64 | logStart i64 | [aborted] | preferredReplica i32 | records] ]
import { promisify } from 'node:util'
import type { Connection, Reader, Writer } from '@platformatic/kafka'
import type { KafkaClient } from './kafka-client.ts'
import { KafkaCodeError } from './kafka-failure.ts'

const KEY = 1
const VERSION = 12
const NO_SESSION = -1

export type FetchPlace = { topic: string; partition: number; offset: number; maxBytes: number }
export type FetchOptions = { maxWaitMs: number; maxBytes: number }

/** `batches`: whole ones, the first of any size, perhaps with records before the asked offset; the last may be cut short. `end`: behind what is replicated. */
export type Fetched = { topic: string; partition: number; code: number; start: number; end: number; batches: Buffer }

export function fetchBatches(client: KafkaClient, connection: Connection, places: FetchPlace[], options: FetchOptions): Promise<Fetched[]> {
  const send = promisify<Fetched[]>((done) => connection.send(KEY, VERSION, () => createRequest(client, places, options), parseResponse, true, true, (error, results) => done(error, results ?? [])))
  return send()
}

function createRequest(client: KafkaClient, places: FetchPlace[], { maxWaitMs, maxBytes }: FetchOptions): Writer {
  const byTopic = Map.groupBy(places, ({ topic }) => topic)
  return client.Writer.create()
    .appendInt32(-1)
    .appendInt32(maxWaitMs)
    .appendInt32(1)
    .appendInt32(maxBytes)
    .appendInt8(0)
    .appendInt32(0)
    .appendInt32(NO_SESSION)
    .appendArray([...byTopic], (writer, [topic, own]) => {
      writer.appendString(topic).appendArray(own, (inner, place) => {
        inner.appendInt32(place.partition).appendInt32(-1).appendInt64(BigInt(place.offset)).appendInt32(-1).appendInt64(-1n).appendInt32(place.maxBytes)
      })
    })
    .appendArray([], () => undefined)
    .appendString('')
    .appendTaggedFields()
}

function parseResponse(_correlationId: number, _key: number, _version: number, reader: Reader): Fetched[] {
  const results: Fetched[] = []
  reader.skip(4)
  const failure = reader.readInt16()
  if (failure !== 0) throw new KafkaCodeError(failure, `reading failed with code ${failure}`)
  reader.skip(4)
  reader.readArray((topics) => {
    const topic = topics.readString()
    topics.readArray((partitions) => {
      const partition = partitions.readInt32()
      const code = partitions.readInt16()
      const end = Number(partitions.readInt64())
      partitions.skip(8)
      const start = Number(partitions.readInt64())
      partitions.readArray((aborted) => void aborted.skip(16))
      partitions.skip(4)
      results.push({ topic, partition, code, start, end, batches: partitions.readBytes() })
    })
  })
  return results
}
