// The exchange that appends: batches of many partitions of one leader in one request (Produce, version 9, acks of all in-sync replicas).
//
//   request  := transactionalId | acks i16 | timeoutMs i32 | [topic: name | [partition: index i32 | records] ]
//   response := [topic: name | [partition: index i32 | error i16 | baseOffset i64 | logAppendTime i64 | logStart i64 | [recordError] | errorMessage] ] | throttle
import { promisify } from 'node:util'
import type { Connection, Reader, Writer } from '@platformatic/kafka'
import type { KafkaClient } from './kafka-client.ts'

const KEY = 0
const VERSION = 9
const ALL_REPLICAS = -1
const TIMEOUT_MS = 20_000

export type BatchToSend = { topic: string; partition: number; batch: Buffer }

/** `code` 0: `baseOffset` is the place of the first record. */
export type BatchResult = { topic: string; partition: number; code: number; baseOffset: number; message: string }

export function produce(client: KafkaClient, connection: Connection, batches: BatchToSend[]): Promise<BatchResult[]> {
  const send = promisify<BatchResult[]>((done) => connection.send(KEY, VERSION, () => createRequest(client, batches), parseResponse, true, true, (error, results) => done(error, results ?? [])))
  return send()
}

function createRequest(client: KafkaClient, batches: BatchToSend[]): Writer {
  const byTopic = Map.groupBy(batches, ({ topic }) => topic)
  return client.Writer.create()
    .appendString(null)
    .appendInt16(ALL_REPLICAS)
    .appendInt32(TIMEOUT_MS)
    .appendArray([...byTopic], (writer, [topic, own]) => {
      writer.appendString(topic).appendArray(own, (inner, { partition, batch }) => {
        inner.appendInt32(partition).appendUnsignedVarInt(batch.byteLength + 1).append(batch)
      })
    })
    .appendTaggedFields()
}

function parseResponse(_correlationId: number, _key: number, _version: number, reader: Reader): BatchResult[] {
  const results: BatchResult[] = []
  reader.readArray((topics) => {
    const topic = topics.readString()
    topics.readArray((partitions) => {
      const partition = partitions.readInt32()
      const code = partitions.readInt16()
      const baseOffset = Number(partitions.readInt64())
      partitions.skip(16)
      const reasons = partitions.readArray((records) => {
        records.skip(4)
        return records.readNullableString()
      })
      results.push({ topic, partition, code, baseOffset, message: partitions.readNullableString() ?? reasons.find((reason) => reason !== null) ?? '' })
    })
  })
  return results
}
