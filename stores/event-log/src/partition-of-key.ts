// Which partition a key lives in: the same in every process and forever.

/** FNV-1a (Fowler, Noll, Vo; 32 bits) over the UTF-16 units of `key`, finished with murmur3's `fmix32` so that the low bits are even. */
export function partitionOfKey(key: string, partitions: number): number {
  if (partitions === 1) return 0
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index += 1) {
    const unit = key.charCodeAt(index)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % partitions
}
