// A short stable name of a text: entity tags, cache keys, versions of content.
import { createHasher, type Hasher } from './murmur3.ts'

/** 16 hexadecimal digits of the 64-bit hash: stable between runs and machines, not for secrets. Pass a `hasher` in hot paths. */
export function fingerprint(text: string, hasher: Hasher = createHasher()): string {
  const { high, low } = hasher.hash(text)
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}
