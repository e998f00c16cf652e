// Numbers of variable length as Kafka writes them: seven bits a byte, lowest first; signed ones in zigzag (0, -1, 1, -2, …).

/** Bytes of a number from 0 on, unsigned. */
export function sizeOfUnsigned(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5
}

/** A number from 0 to 2^32-1; gives the place behind it. */
export function writeUnsigned(into: Uint8Array, at: number, value: number): number {
  let rest = value
  while (rest >= 0x80) {
    into[at] = (rest & 0x7f) | 0x80
    at += 1
    rest >>>= 7
  }
  into[at] = rest
  return at + 1
}

/** A whole number of 31 bits and a sign; gives the place behind it. */
export function writeSigned(into: Uint8Array, at: number, value: number): number {
  return writeUnsigned(into, at, ((value << 1) ^ (value >> 31)) >>> 0)
}

/** Bytes of a length or a count from 0 to 2^30, signed as Kafka's records have it. */
export function sizeOfLength(length: number): number {
  return sizeOfUnsigned(length * 2)
}

/** Reads on from `at`, which stays behind what was read. Throws `RangeError` when the bytes end before the number. */
export type VarintReader = { bytes: Uint8Array; at: number }

/** Signed, of up to 53 bits. */
export function readSigned(reader: VarintReader): number {
  const { bytes } = reader
  let at = reader.at
  let byte = bytes[at] as number
  if (byte < 0x80) {
    reader.at = at + 1
    return (byte >>> 1) ^ -(byte & 1)
  }
  let value = 0
  let scale = 1
  for (; byte >= 0x80; byte = bytes[(at += 1)] as number) {
    value += (byte & 0x7f) * scale
    scale *= 128
  }
  if (byte === undefined) throw new RangeError('the bytes end within a number')
  value += byte * scale
  reader.at = at + 1
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
