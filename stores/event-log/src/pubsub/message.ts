// Records as messages: the key orders, headers are attributes, and one attribute of our own keeps the instant that the record was given.
import type { protos } from '@google-cloud/pubsub'
import { errors } from '../errors.ts'
import type { Delivery } from '../feed/port.ts'
import type { LogRecord } from '../port.ts'

type Message = protos.google.pubsub.v1.IPubsubMessage

/** Limits of Pub/Sub, in bytes and in number. */
export const MAX_KEY_BYTES = 1024
const MAX_NAME_BYTES = 256
const MAX_HEADER_BYTES = 1024
const MAX_ATTRIBUTES = 100
const TIMESTAMP = 'rondo-timestamp-ms'
/** Around the value: lengths and the names of fields; the same of an attribute. */
const MESSAGE_BYTES = 128
const ATTRIBUTE_BYTES = 16

/** What a message of Pub/Sub cannot hold. Throws `RECORD_KEY_TOO_LARGE`, `BAD_RECORD_HEADER`. */
export function checkMessages(topic: string, records: LogRecord[]): void {
  for (const { key, headers } of records) {
    const sizeBytes = key.length * 3 > MAX_KEY_BYTES ? Buffer.byteLength(key) : 0
    if (sizeBytes > MAX_KEY_BYTES) throw errors.keyTooLarge({ topic, sizeBytes, maxKeyBytes: MAX_KEY_BYTES })
    if (headers === undefined) continue
    const names = Object.keys(headers)
    if (names.length >= MAX_ATTRIBUTES) throw errors.badHeader({ topic, header: names[MAX_ATTRIBUTES - 1] ?? '', reason: `a record has at most ${MAX_ATTRIBUTES - 1}` })
    for (const name of names) {
      if (name === TIMESTAMP || /^goog/.test(name) || name === '') throw errors.badHeader({ topic, header: name, reason: 'the name is not free' })
      if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw errors.badHeader({ topic, header: name, reason: `its name has more than ${MAX_NAME_BYTES} bytes` })
      if (Buffer.byteLength(headers[name] ?? '') > MAX_HEADER_BYTES) throw errors.badHeader({ topic, header: name, reason: `its text has more than ${MAX_HEADER_BYTES} bytes` })
    }
  }
}

export function toMessage({ key, value, headers }: LogRecord, timestamp: string): Message {
  return { data: value, attributes: headers === undefined ? { [TIMESTAMP]: timestamp } : { ...headers, [TIMESTAMP]: timestamp }, orderingKey: key }
}

/** At most what it takes in a request: text at its longest, 3 bytes per UTF-16 unit. */
export function boundMessageBytes({ key, value, headers }: LogRecord, timestamp: string): number {
  let sizeBytes = MESSAGE_BYTES + TIMESTAMP.length + timestamp.length + value.byteLength + key.length * 3
  if (headers !== undefined) for (const [name, text] of Object.entries(headers)) sizeBytes += ATTRIBUTE_BYTES + (name.length + text.length) * 3
  return sizeBytes
}

/** Messages of other publishers have the instant that Pub/Sub took them. */
export function toDelivery({ message, deliveryAttempt }: protos.google.pubsub.v1.IReceivedMessage): Delivery {
  const data = message?.data ?? new Uint8Array(0)
  const delivery: Delivery = { id: message?.messageId ?? '', key: message?.orderingKey ?? '', value: typeof data === 'string' ? Buffer.from(data, 'base64') : data, timestampMs: 0 }
  const attributes = message?.attributes ?? {}
  const given = attributes[TIMESTAMP]
  delivery.timestampMs = given === undefined ? toMs(message?.publishTime) : Number(given)
  const names = Object.keys(attributes)
  if (names.length > (given === undefined ? 0 : 1)) {
    const { [TIMESTAMP]: _, ...headers } = attributes
    delivery.headers = headers
  }
  if (deliveryAttempt) delivery.attempt = deliveryAttempt
  return delivery
}

function toMs(time: protos.google.protobuf.ITimestamp | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6)
}
