// Parquet's hybrid of run lengths and packed bits, for places in dictionaries, levels and flags (Encodings.md, RLE = 3).
//
//   runs   := (varint(length << 1) | value in whole bytes) or (varint(groups << 1 | 1) | groups of 8 values of `bits` each)

/** A run of this many equal values is written as one. */
const RUN = 8

/** `values`: none has more than `bits` (at most 24). */
export function encodeRuns(values: Int32Array, bits: number): Uint8Array {
  const { length } = values
  const out = new Uint8Array((Math.ceil(length / RUN) + 1) * (bits + 12))
  let at = 0
  let packedFrom = 0
  let groups = 0
  const writeVarint = (value: number): void => {
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80
    out[at++] = rest
  }
  const flush = (): void => {
    if (groups === 0) return
    writeVarint((groups << 1) | 1)
    const to = packedFrom + groups * RUN
    let buffer = 0
    let used = 0
    for (let i = packedFrom; i < to; i += 1) {
      buffer |= (i < length ? (values[i] as number) : 0) << used
      used += bits
      while (used >= 8) {
        out[at++] = buffer
        buffer >>>= 8
        used -= 8
      }
    }
    groups = 0
  }
  for (let i = 0; i < length; ) {
    const value = values[i] as number
    let end = i + 1
    while (end < length && values[end] === value) end += 1
    if (end - i >= RUN) {
      flush()
      writeVarint((end - i) << 1)
      for (let shift = 0; shift < bits; shift += 8) out[at++] = value >> shift
      i = end
    } else {
      if (groups === 0) packedFrom = i
      groups += 1
      i += RUN
    }
  }
  flush()
  return out.subarray(0, at)
}

/** Bits of the places in a list of so many. */
export function countBits(entries: number): number {
  return entries <= 1 ? 0 : 32 - Math.clz32(entries - 1)
}
