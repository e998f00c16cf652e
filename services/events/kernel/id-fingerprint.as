// The fingerprint by which duplicates are found.

/** The same as id-fingerprint.ts. */
@inline export function fingerprint(row: usize, start: usize, stop: usize, seed: u32): void {
  let a: u32 = seed ^ 0x9e3779b9
  let b: u32 = (seed * 0x85ebca6b) ^ 0x3c6ef372
  let at = start
  for (; at + 4 <= stop; at += 4) {
    const word = load<u32>(at)
    a = rotl<u32>((a ^ word) * 0xcc9e2d51, 13)
    b = (rotl<u32>(b, 7) * 0x1b873593) ^ (word * 0xe6546b64)
    b += a
  }
  let rest: u32 = <u32>(stop - start) & 0xff
  for (; at < stop; at++) rest = (rest << 8) | load<u8>(at)
  a = (a ^ rest) * 0xcc9e2d51
  b = (b ^ rotl<u32>(rest, 16)) * 0x1b873593
  b ^= rotl<u32>(a, 15)
  store<u32>(row, finish(a), 40)
  store<u32>(row, finish(b ^ <u32>(stop - start)), 44)
}

@inline function finish(lane: u32): u32 {
  let h = lane ^ (lane >>> 16)
  h *= 0x85ebca6b
  h ^= h >>> 13
  h *= 0xc2b2ae35
  return h ^ (h >>> 16)
}
