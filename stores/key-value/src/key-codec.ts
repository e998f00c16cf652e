// Keys and values as bytes.
//
//   key   = UTF-8 of partition, 00, UTF-8 of sort           compares as (partition, sort) do
//   value = 8 bytes: expiry as float64 big-endian epoch ms, 0 when none; then the value itself
import type { Key } from './port.ts'

const HEADER_BYTES = 8

export function toKeyBytes(partition: string, sort: string): Buffer {
  return Buffer.from(`${partition}\0${sort}`)
}

export function fromKeyBytes(bytes: Uint8Array): Key {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  const end = text.indexOf('\0')
  return { partition: text.slice(0, end), sort: text.slice(end + 1) }
}

/** The first key after all keys that begin with `key`. A key is UTF-8, so its last byte is never FF. */
export function toEndOfPrefix(key: Buffer): Buffer {
  const end = Buffer.from(key)
  end[end.length - 1] = (end.at(-1) ?? 0) + 1
  return end
}

export function toStored(value: Uint8Array, expiresAtMs: number): Buffer {
  const stored = Buffer.allocUnsafe(HEADER_BYTES + value.byteLength)
  stored.writeDoubleBE(expiresAtMs, 0)
  stored.set(value, HEADER_BYTES)
  return stored
}

/** Undefined when it has expired by `nowMs`. */
export function fromStored(stored: Buffer, nowMs: number): Uint8Array | undefined {
  return isExpired(stored, nowMs) ? undefined : stored.subarray(HEADER_BYTES)
}

export function isExpired(stored: Buffer, nowMs: number): boolean {
  const expiresAtMs = stored.readDoubleBE(0)
  return expiresAtMs !== 0 && expiresAtMs <= nowMs
}
