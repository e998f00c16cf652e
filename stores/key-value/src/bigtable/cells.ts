// A partition is a row, an entry is one cell in it, and this is what the cell says.
//
//   row key         UTF-8 of the partition
//   column          family "e", qualifier: "s", UTF-8 of the sort                                        compares as sorts do
//   timestamp       when it was written, in whole milliseconds: of two writes the one with the larger is the entry
//   value           8 bytes: expiry as float64 big-endian epoch ms, 0 when none, -1 of what was deleted
//                   1 byte: how many ids follow (1 to 16), plus 128 when they go back to a column that was empty
//                   8 bytes each: ids of this write and of those that it replaced knowingly, newest first
//                   the value itself
//
// A deletion is a write as well: a put that is still on its way, and older, must not bring back what was deleted. `removeExpired` takes it away.
export const FAMILY = 'e'
export const NEVER = 0
export const DELETED = -1
/** So many putIfs of others may follow before the answer to a lost one cannot be known any more. */
export const KEPT_IDS = 16
const ID_BYTES = 8
const FIXED_BYTES = 9
const WHOLE = 128

export type Cell = {
  expiresMs: number
  /** In hexadecimal, newest first. */
  ids: string[]
  /** The ids tell all that was ever written there. */
  isWhole: boolean
  value: Buffer
}

export function toCellBytes({ expiresMs, ids, isWhole, value }: Omit<Cell, 'value'> & { value: Uint8Array }): Buffer {
  const bytes = Buffer.allocUnsafe(FIXED_BYTES + ids.length * ID_BYTES + value.byteLength)
  bytes.writeDoubleBE(expiresMs, 0)
  bytes.writeUInt8(ids.length + (isWhole ? WHOLE : 0), 8)
  ids.forEach((id, index) => bytes.write(id, FIXED_BYTES + index * ID_BYTES, 'hex'))
  bytes.set(value, FIXED_BYTES + ids.length * ID_BYTES)
  return bytes
}

export function fromCellBytes(bytes: Buffer): Cell {
  const count = bytes.readUInt8(8) & ~WHOLE
  const ids = Array.from({ length: count }, (_, index) => bytes.toString('hex', FIXED_BYTES + index * ID_BYTES, FIXED_BYTES + (index + 1) * ID_BYTES))
  return { expiresMs: bytes.readDoubleBE(0), ids, isWhole: bytes.readUInt8(8) >= WHOLE, value: bytes.subarray(FIXED_BYTES + count * ID_BYTES) }
}

/** The value alone; undefined when it has expired by `nowMs`. */
export function findLive(bytes: Buffer, nowMs: number): Buffer | undefined {
  const expiresMs = bytes.readDoubleBE(0)
  return isExpired(expiresMs, nowMs) ? undefined : bytes.subarray(FIXED_BYTES + (bytes.readUInt8(8) & ~WHOLE) * ID_BYTES)
}

export function isExpired(expiresMs: number, nowMs: number): boolean {
  return expiresMs !== NEVER && expiresMs <= nowMs
}

/** Half-open: the bytes of cells that this one write has made, and of no other. */
export function toRangeOfWrite(bytes: Buffer): { from: Buffer; to: Buffer } {
  const from = Buffer.from(bytes.subarray(0, FIXED_BYTES + ID_BYTES))
  const to = Buffer.from(from)
  let at = to.length - 1
  while (at > 0 && to[at] === 0xff) to[at--] = 0
  to[at] = (to[at] ?? 0) + 1
  return { from, to }
}

/** Above this are the values of cells that have an end or were deleted. */
export const LEAST_WITH_END = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])

export function toQualifier(sort: string): Buffer {
  return Buffer.from(`s${sort}`)
}

export function toSort(qualifier: Buffer): string {
  return qualifier.toString('utf8', 1)
}
