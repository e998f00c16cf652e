// The 64-bit fingerprint of an event id within its type, straight from the bytes of the request.

/** Two lanes of 32-bit multiply-and-rotate over the bytes, each with the finaliser of murmur3_x86_32 (Austin Appleby, public domain). */
export class IdFingerprint {
  /** Signed 32-bit words: what the engine holds without a box. */
  low = 0
  high = 0

  /** Of `bytes[start, stop)` under a seed. */
  of(bytes: Uint8Array, start: number, stop: number, seed: number): void {
    let a = seed ^ 0x9e3779b9
    let b = Math.imul(seed, 0x85ebca6b) ^ 0x3c6ef372
    let p = start
    for (; p + 4 <= stop; p += 4) {
      const word = (bytes[p] as number) | ((bytes[p + 1] as number) << 8) | ((bytes[p + 2] as number) << 16) | ((bytes[p + 3] as number) << 24)
      a = Math.imul(a ^ word, 0xcc9e2d51)
      a = (a << 13) | (a >>> 19)
      b = Math.imul((b << 7) | (b >>> 25), 0x1b873593) ^ Math.imul(word, 0xe6546b64)
      b = (b + a) | 0
    }
    // The length and the up to three bytes left over, side by side: nothing can cancel out.
    let rest = (stop - start) & 0xff
    for (; p < stop; p += 1) rest = (rest << 8) | (bytes[p] as number)
    a = Math.imul(a ^ rest, 0xcc9e2d51)
    b = Math.imul(b ^ ((rest << 16) | (rest >>> 16)), 0x1b873593)
    b ^= (a << 15) | (a >>> 17)
    this.low = finish(a)
    this.high = finish(b ^ (stop - start))
  }
}

function finish(lane: number): number {
  let h = lane ^ (lane >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** FNV-1a of a type's name: the seed under which its ids are fingerprinted. */
export function computeSeed(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i += 1) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h
}
