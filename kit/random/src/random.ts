// Where chance comes from: a seeded generator for all that must be reproducible.

export type Random = {
  /** Uniform in [0, 1) with 32 bits. */
  next(): number
  /** Uniform integer in [0, 2^32). */
  uint32(): number
  /** Uniform integer in [0, n). `n` at most 2^32. */
  int(n: number): number
  /** Standard normal, by Box and Muller's transform. */
  normal(): number
  /** An independent generator for a named part, so that adding a draw in one part moves no other. */
  fork(name: string): Random
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, PractRand), seeded by splitting `seed` with a multiplicative hash. */
export function createRandom(seed: number | string): Random {
  const text = String(seed)
  let [a, b, c, counter] = [mix(text, 0x9e3779b9), mix(text, 0x243f6a88), mix(text, 0xb7e15162), 1]
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 12; i += 1) uint32()
  const next = (): number => uint32() / 4294967296
  return {
    next,
    uint32,
    int: (n) => Math.floor(next() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => createRandom(`${text}/${name}`),
  }
}

/** Unpredictable randomness from the machine, in the same shape. */
export function createSystemRandom(): Random {
  return createRandom(Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16)).join(''))
}

function mix(text: string, basis: number): number {
  let hash = basis
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x85ebca6b)
    hash ^= hash >>> 13
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}
