// Records as they are put into batches: one by one from objects, or out of columns without an object a record.
//
//   body := key length | key | value length | value | header count | { name length | name | text length | text }   (lengths as signed varints)
import { partitionOfKey } from '../partition-of-key.ts'
import type { LogRecord, RecordBlock } from '../port.ts'
import { sizeOfLength, writeSigned } from './varint.ts'

export type RecordSource = {
  readonly count: number
  bodyBytes(index: number): number
  /** Gives the place behind it. */
  writeBody(index: number, into: Buffer, at: number): number
}

export function fromRecords(records: LogRecord[]): RecordSource {
  const keyBytes = Uint32Array.from(records, ({ key }) => Buffer.byteLength(key))
  const bodyBytes = Uint32Array.from(records, ({ value, headers }, index) => sizeOfBytes(keyBytes[index] as number) + sizeOfBytes(value.byteLength) + sizeOfHeaders(headers))
  return {
    count: records.length,
    bodyBytes: (index) => bodyBytes[index] as number,
    writeBody(index, into, start) {
      const { key, value, headers } = records[index] as LogRecord
      let at = writeSigned(into, start, keyBytes[index] as number)
      at += into.write(key, at, 'utf8')
      at = writeSigned(into, at, value.byteLength)
      into.set(value, at)
      at += value.byteLength
      if (headers === undefined) return writeSigned(into, at, 0)
      const entries = Object.entries(headers)
      at = writeSigned(into, at, entries.length)
      for (const [name, text] of entries) at = writeText(writeText(at, into, name), into, text)
      return at
    },
  }
}

/** Of the records at `indexes`, all when absent. */
export function fromBlock(block: RecordBlock, indexes?: Uint32Array): RecordSource {
  const { keys, keyBytes, values, valueBytes } = block
  const keyStarts = toStarts(keyBytes)
  const valueStarts = toStarts(valueBytes)
  const place = indexes === undefined ? (index: number) => index : (index: number) => indexes[index] as number
  return {
    count: indexes?.length ?? valueBytes.length,
    bodyBytes(index) {
      const one = place(index)
      return sizeOfBytes(keyBytes[one] as number) + sizeOfBytes(valueBytes[one] as number) + 1
    },
    writeBody(index, into, start) {
      const one = place(index)
      const at = writePart(keys, keyStarts[one] as number, keyBytes[one] as number, into, start)
      return writeSigned(into, writePart(values, valueStarts[one] as number, valueBytes[one] as number, into, at), 0)
    },
  }
}

/** The indexes of a block's records by partition. */
export function routeBlock(block: RecordBlock, partitions: number): Map<number, Uint32Array> {
  const { keys, keyBytes } = block
  const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength)
  const homes = new Uint32Array(keyBytes.length)
  const counts = new Uint32Array(partitions)
  let at = 0
  for (let index = 0; index < keyBytes.length; index += 1) {
    const end = at + (keyBytes[index] as number)
    const home = partitionOfKey(bytes.toString('utf8', at, end), partitions)
    homes[index] = home
    counts[home] = (counts[home] as number) + 1
    at = end
  }
  const routed = new Map<number, Uint32Array>()
  const filled = new Uint32Array(partitions)
  for (const [index, home] of homes.entries()) {
    let indexes = routed.get(home)
    if (indexes === undefined) routed.set(home, (indexes = new Uint32Array(counts[home] as number)))
    const next = filled[home] as number
    indexes[next] = index
    filled[home] = next + 1
  }
  return routed
}

function toStarts(sizes: Uint32Array): Uint32Array {
  const starts = new Uint32Array(sizes.length)
  for (let index = 1; index < sizes.length; index += 1) starts[index] = (starts[index - 1] as number) + (sizes[index - 1] as number)
  return starts
}

function writePart(from: Uint8Array, start: number, size: number, into: Buffer, at: number): number {
  const to = writeSigned(into, at, size)
  // Below this a loop beats the call that copies.
  if (size < 32) for (let index = 0; index < size; index += 1) into[to + index] = from[start + index] as number
  else into.set(from.subarray(start, start + size), to)
  return to + size
}

function writeText(at: number, into: Buffer, text: string): number {
  const size = Buffer.byteLength(text)
  const to = writeSigned(into, at, size)
  return to + into.write(text, to, 'utf8')
}

function sizeOfBytes(length: number): number {
  return sizeOfLength(length) + length
}

function sizeOfHeaders(headers: Record<string, string> | undefined): number {
  if (headers === undefined) return 1
  let count = 0
  let bytes = 0
  for (const [name, text] of Object.entries(headers)) {
    count += 1
    bytes += sizeOfBytes(Buffer.byteLength(name)) + sizeOfBytes(Buffer.byteLength(text))
  }
  return sizeOfLength(count) + bytes
}
