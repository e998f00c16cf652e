// Records of the log as a few arrays, so that they move to another thread without one being copied object by object.
import type { StoredRecord } from '@rondo/event-log'
import { readDelivered, type DeliveredEvent } from '../domain/delivered-event.ts'

export type PackedEvents = {
  /** All values, one after the other. */
  values: Uint8Array<ArrayBuffer>
  /** Where each value ends, in bytes: of less than 4 GiB, far more than a landing takes at a time. */
  ends: Uint32Array<ArrayBuffer>
  /** Receive times, epoch ms. */
  timesMs: Float64Array<ArrayBuffer>
  /** Headers of the few records that have any, by position. */
  headers: Map<number, Record<string, string>>
  /** Those from here on are in no file yet; the others are merged from files. */
  fresh: number
}

export type ReceivedEvent = DeliveredEvent & { receivedAtMs: number }

export function packRecords(records: StoredRecord[], fresh = 0): PackedEvents {
  const ends = new Uint32Array(records.length)
  const timesMs = new Float64Array(records.length)
  const headers = new Map<number, Record<string, string>>()
  let sizeBytes = 0
  let i = 0
  for (const record of records) {
    sizeBytes += record.value.byteLength
    ends[i] = sizeBytes
    timesMs[i] = record.timestampMs
    if (record.headers !== undefined) headers.set(i, record.headers)
    i += 1
  }
  const values = new Uint8Array(sizeBytes)
  for (const run of joinNeighbours(records)) values.set(run.bytes, run.at)
  return { values, ends, timesMs, headers, fresh }
}

/** Values that lie one after the other in memory, as those of a batch of the log do, as one. `at`: where they stand among all. */
function* joinNeighbours(records: StoredRecord[]): Generator<{ bytes: Uint8Array; at: number }> {
  let [from, to, at] = [0, 0, 0]
  let memory: ArrayBufferLike | undefined
  for (const { value } of records) {
    if (value.buffer !== memory || value.byteOffset !== to) {
      if (memory !== undefined) yield { bytes: new Uint8Array(memory, from, to - from), at }
      at += to - from
      memory = value.buffer
      from = value.byteOffset
      to = from
    }
    to += value.byteLength
  }
  if (memory !== undefined) yield { bytes: new Uint8Array(memory, from, to - from), at }
}

export function unpackEvents({ values, ends, timesMs, headers }: PackedEvents): ReceivedEvent[] {
  const events: ReceivedEvent[] = []
  let from = 0
  for (const [i, to] of ends.entries()) {
    const receivedAtMs = timesMs[i] as number
    const own = headers.get(i)
    const event = readDelivered({ value: values.subarray(from, to), ...(own === undefined ? {} : { headers: own }) }, receivedAtMs)
    events.push(Object.assign(event, { receivedAtMs }))
    from = to
  }
  return events
}
