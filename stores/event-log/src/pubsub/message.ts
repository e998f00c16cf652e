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
/** Around the value: lengths, the key again, the names of fields. */
const MESSAGE_BYTES = 64

/** What a message of Pub/Sub cannot hold. Throws `RECORD_KEY_TOO_LARGE`, `BAD_RECORD_HEADER`. */
export function checkMessages(topic: string, records: LogRecord[]): void {
  for (const { key, headers } of records) {
    const sizeBytes = Buffer.byteLength(key)
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

export function toMessage({ key, value, headers }: LogRecord, timestampMs: number): Message {
  return { data: value, attributes: { ...headers, [TIMESTAMP]: String(timestampMs) }, orderingKey: key }
}

/** At most what it takes in a request. */
export function boundMessageBytes({ data, attributes, orderingKey }: Message): number {
  let sizeBytes = MESSAGE_BYTES + (data?.length ?? 0) + Buffer.byteLength(orderingKey ?? '')
  for (const [name, text] of Object.entries(attributes ?? {})) sizeBytes += MESSAGE_BYTES + Buffer.byteLength(name) + Buffer.byteLength(text)
  return sizeBytes
}

/** Messages of other publishers have the instant that Pub/Sub took them. */
export function toDelivery({ message, deliveryAttempt }: protos.google.pubsub.v1.IReceivedMessage): Delivery {
  const { [TIMESTAMP]: given, ...headers } = message?.attributes ?? {}
  const data = message?.data ?? new Uint8Array(0)
  return {
    id: message?.messageId ?? '',
    key: message?.orderingKey ?? '',
    value: typeof data === 'string' ? Buffer.from(data, 'base64') : data,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    timestampMs: given === undefined ? toMs(message?.publishTime) : Number(given),
    ...(deliveryAttempt ? { attempt: deliveryAttempt } : {}),
  }
}

function toMs(time: protos.google.protobuf.ITimestamp | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6)
}
