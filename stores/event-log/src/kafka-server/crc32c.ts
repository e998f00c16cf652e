// CRC-32C (Castagnoli) of record batches. Node has CRC-32 only, and the client library that has this one is optional.

const POLYNOMIAL = 0x82f63b78
const SLICES = 8
const TABLES = createTables()

/** Eight bytes a step ("slicing by 8", Kounavis and Berry 2008). */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1
  let at = 0
  const table = (slice: number, byte: number): number => TABLES[slice * 256 + byte] as number
  for (const end = bytes.length - (bytes.length % SLICES); at < end; at += SLICES) {
    const low = crc ^ (byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24))
    crc =
      table(7, low & 0xff) ^ table(6, (low >>> 8) & 0xff) ^ table(5, (low >>> 16) & 0xff) ^ table(4, low >>> 24) ^
      table(3, byteAt(bytes, at + 4)) ^ table(2, byteAt(bytes, at + 5)) ^ table(1, byteAt(bytes, at + 6)) ^ table(0, byteAt(bytes, at + 7))
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ table(0, (crc ^ byteAt(bytes, at)) & 0xff)
  return (crc ^ -1) >>> 0
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}

function createTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL
    tables[byte] = crc
  }
  for (let slice = 1; slice < SLICES; slice += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const before = tables[(slice - 1) * 256 + byte] as number
      tables[slice * 256 + byte] = (before >>> 8) ^ (tables[before & 0xff] as number)
    }
  }
  return tables
}
