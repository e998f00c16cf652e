// murmur3_x64_128 (Austin Appleby, public domain), low 64 bits, in 32-bit lanes: assignment and fingerprints without BigInt.
//
// A 64-bit lane is a pair (high, low) of 32-bit integers. A product by a constant keeps only its low 64 bits: low×low in full
// by 16-bit halves, plus the two cross products that reach the high word. Blocks are read as little-endian words, as every host of Node is.

/** The low 64 bits of the digest, as two unsigned 32-bit words. */
export type Hash64 = { high: number; low: number }

const C1_HIGH = 0x87c37b91
const C1_LOW = 0x114253d5
const C2_HIGH = 0x4cf5ad43
const C2_LOW = 0x2745937f

const HIGH = 0
const LOW = 1
const PRODUCT = 2

export type Hasher = {
  /** Hashes the UTF-8 bytes of `text` with seed 0. A lone surrogate counts as U+FFFD, as in TextEncoder. */
  hash(text: string): Hash64
  /** `(h >> 4) mod buckets` of the same hash; `buckets` is an integer from 1 to 2^21. */
  bucket(text: string, buckets: number): number
  /** The same of `prefix + text` without joining them; `prefix` must not end within a surrogate pair. */
  bucketAfter(prefix: string, text: string, buckets: number): number
}

/** Hashers keep a buffer, so that a call allocates nothing but its answer; one per owner, not shared between threads. */
export function createHasher(): Hasher {
  let bytes = new Uint8Array(256)
  let words = new Int32Array(bytes.buffer)
  // Typed, because a plain variable would box every 32-bit integer. PRODUCT: the high word of the last 64-bit product.
  const state = new Int32Array(3)

  return {
    hash(text) {
      run(write(text, 0))
      return { high: (state[HIGH] as number) >>> 0, low: (state[LOW] as number) >>> 0 }
    },
    bucket(text, buckets) {
      run(write(text, 0))
      return reduce(buckets)
    },
    bucketAfter(prefix, text, buckets) {
      run(write(text, write(prefix, 0)))
      return reduce(buckets)
    },
  }

  function reduce(buckets: number): number {
    // (h >> 4) is a 60-bit number: 28 high bits and 32 low bits. Two remainders keep every product below 2^53.
    const high = state[HIGH] as number
    const low = state[LOW] as number
    const top = high >>> 4
    const bottom = ((high << 28) | (low >>> 4)) >>> 0
    const upper = (top % buckets) * 65536 + (bottom >>> 16)
    return ((upper % buckets) * 65536 + (bottom & 0xffff)) % buckets
  }

  function run(length: number): void {
    let h1High = 0
    let h1Low = 0
    let h2High = 0
    let h2Low = 0
    const blocks = length & ~15
    let low32 = 0
    let sum = 0
    for (let at = 0; at < blocks; at += 16) {
      // k1 = rotl(k1 × C1, 31) × C2; h1 ^= k1
      low32 = multiply((words[(at + 4) >> 2] as number), (words[at >> 2] as number), C1_HIGH, C1_LOW)
      const k1High = ((state[PRODUCT] as number) << 31) | (low32 >>> 1)
      const k1Low = (low32 << 31) | ((state[PRODUCT] as number) >>> 1)
      h1Low ^= multiply(k1High, k1Low, C2_HIGH, C2_LOW)
      h1High ^= (state[PRODUCT] as number)
      // h1 = rotl(h1, 27) + h2
      const r1High = (h1High << 27) | (h1Low >>> 5)
      const r1Low = (h1Low << 27) | (h1High >>> 5)
      sum = (r1Low >>> 0) + (h2Low >>> 0)
      h1Low = sum | 0
      h1High = (r1High + h2High + (sum > 0xffffffff ? 1 : 0)) | 0
      // h1 = h1 × 5 + 0x52dce729
      sum = (h1Low >>> 0) * 5 + 0x52dce729
      h1Low = sum | 0
      h1High = (Math.imul(h1High, 5) + Math.floor(sum / 4294967296)) | 0
      // k2 = rotl(k2 × C2, 33) × C1; h2 ^= k2
      low32 = multiply((words[(at + 12) >> 2] as number), (words[(at + 8) >> 2] as number), C2_HIGH, C2_LOW)
      const k2High = (low32 << 1) | ((state[PRODUCT] as number) >>> 31)
      const k2Low = ((state[PRODUCT] as number) << 1) | (low32 >>> 31)
      h2Low ^= multiply(k2High, k2Low, C1_HIGH, C1_LOW)
      h2High ^= (state[PRODUCT] as number)
      // h2 = rotl(h2, 31) + h1
      const r2High = (h2High << 31) | (h2Low >>> 1)
      const r2Low = (h2Low << 31) | (h2High >>> 1)
      sum = (r2Low >>> 0) + (h1Low >>> 0)
      h2Low = sum | 0
      h2High = (r2High + h1High + (sum > 0xffffffff ? 1 : 0)) | 0
      // h2 = h2 × 5 + 0x38495ab5
      sum = (h2Low >>> 0) * 5 + 0x38495ab5
      h2Low = sum | 0
      h2High = (Math.imul(h2High, 5) + Math.floor(sum / 4294967296)) | 0
    }
    const rest = length & 15
    if (rest > 0) {
      bytes.fill(0, length, blocks + 16)
      if (rest > 8) {
        low32 = multiply((words[(blocks + 12) >> 2] as number), (words[(blocks + 8) >> 2] as number), C2_HIGH, C2_LOW)
        const k2High = (low32 << 1) | ((state[PRODUCT] as number) >>> 31)
        const k2Low = ((state[PRODUCT] as number) << 1) | (low32 >>> 31)
        h2Low ^= multiply(k2High, k2Low, C1_HIGH, C1_LOW)
        h2High ^= (state[PRODUCT] as number)
      }
      low32 = multiply((words[(blocks + 4) >> 2] as number), (words[blocks >> 2] as number), C1_HIGH, C1_LOW)
      const k1High = ((state[PRODUCT] as number) << 31) | (low32 >>> 1)
      const k1Low = (low32 << 31) | ((state[PRODUCT] as number) >>> 1)
      h1Low ^= multiply(k1High, k1Low, C2_HIGH, C2_LOW)
      h1High ^= (state[PRODUCT] as number)
    }
    h1Low ^= length
    h2Low ^= length
    sum = (h1Low >>> 0) + (h2Low >>> 0)
    h1Low = sum | 0
    h1High = (h1High + h2High + (sum > 0xffffffff ? 1 : 0)) | 0
    sum = (h2Low >>> 0) + (h1Low >>> 0)
    h2Low = sum | 0
    h2High = (h2High + h1High + (sum > 0xffffffff ? 1 : 0)) | 0
    mix(h1High, h1Low)
    const firstHigh = state[HIGH] as number
    const firstLow = state[LOW] as number
    mix(h2High, h2Low)
    sum = (firstLow >>> 0) + ((state[LOW] as number) >>> 0)
    state[LOW] = sum
    state[HIGH] = firstHigh + (state[HIGH] as number) + (sum > 0xffffffff ? 1 : 0)
  }

  /** fmix64 of the reference implementation; leaves its answer in HIGH and LOW. */
  function mix(kHigh: number, kLow: number): void {
    let l = multiply(kHigh, kLow ^ (kHigh >>> 1), 0xff51afd7, 0xed558ccd)
    l ^= (state[PRODUCT] as number) >>> 1
    l = multiply((state[PRODUCT] as number), l, 0xc4ceb9fe, 0x1a85ec53)
    state[HIGH] = state[PRODUCT] as number
    state[LOW] = l ^ ((state[PRODUCT] as number) >>> 1)
  }

  /** Low word of a 64-bit product; its high word goes to `(state[PRODUCT] as number)`. */
  function multiply(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
    const a0 = aLow & 0xffff
    const a1 = aLow >>> 16
    const b0 = bLow & 0xffff
    const b1 = bLow >>> 16
    const p00 = Math.imul(a0, b0) >>> 0
    const p01 = Math.imul(a0, b1) >>> 0
    const p10 = Math.imul(a1, b0) >>> 0
    const middle = (p00 >>> 16) + (p01 & 0xffff) + (p10 & 0xffff)
    state[PRODUCT] = (Math.imul(a1, b1) + (p01 >>> 16) + (p10 >>> 16) + (middle >>> 16) + Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow)) | 0
    return (p00 & 0xffff) | (middle << 16)
  }

  /** UTF-8 into the buffer from byte `from` on; returns the byte after it. */
  function write(text: string, from: number): number {
    const length = text.length
    if (from + length * 3 + 16 > bytes.length) grow(from + length * 3 + 16)
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i)
      if (code > 127) return writeWide(text, i, from + i)
      bytes[from + i] = code
    }
    return from + length
  }

  function grow(sizeBytes: number): void {
    const old = bytes
    bytes = new Uint8Array(((sizeBytes + 3) & ~3) * 2)
    bytes.set(old)
    words = new Int32Array(bytes.buffer)
  }

  function writeWide(text: string, start: number, from: number): number {
    let at = from
    for (let i = start; i < text.length; i += 1) {
      let code = text.charCodeAt(i)
      if (code >= 0xd800 && code <= 0xdfff) {
        // Not codePointAt: V8's Maglev (Node 24) pairs a last lone surrogate of a sliced string with what follows in its parent.
        const next = code < 0xdc00 && i + 1 < text.length ? text.charCodeAt(i + 1) : 0
        if (next >= 0xdc00 && next <= 0xdfff) {
          code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00)
          i += 1
        } else code = 0xfffd
      }
      if (code < 0x80) bytes[at++] = code
      else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6)
        bytes[at++] = 0x80 | (code & 63)
      } else if (code < 0x10000) {
        bytes[at++] = 0xe0 | (code >> 12)
        bytes[at++] = 0x80 | ((code >> 6) & 63)
        bytes[at++] = 0x80 | (code & 63)
      } else {
        bytes[at++] = 0xf0 | (code >> 18)
        bytes[at++] = 0x80 | ((code >> 12) & 63)
        bytes[at++] = 0x80 | ((code >> 6) & 63)
        bytes[at++] = 0x80 | (code & 63)
      }
    }
    return at
  }
}
