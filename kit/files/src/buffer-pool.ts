// Buffers used again. What is written to disk needs its buffer only until it is there, and large buffers made anew for every write cost more
// than the writing: their memory lies outside the heap of the engine, which then collects the whole heap for them again and again.

const SMALLEST_BYTES = 4096

export type BufferPool = {
  /** At least `sizeBytes`, at offset 0 of an ArrayBuffer of its own, with anything in it. */
  take(sizeBytes: number): Buffer
  /** One that `take` gave, whole, once, and not used any more. One that is never given back costs only its memory. */
  give(buffer: Buffer): void
}

/** Keeps at most `maxIdleBytes` while they are not in use. */
export function createBufferPool(maxIdleBytes: number): BufferPool {
  const idle = new Map<number, Buffer[]>()
  let idleBytes = 0
  return {
    take(sizeBytes) {
      const size = Math.max(SMALLEST_BYTES, 2 ** Math.ceil(Math.log2(sizeBytes)))
      const found = idle.get(size)?.pop()
      if (found === undefined) return Buffer.allocUnsafeSlow(size)
      idleBytes -= size
      return found
    },
    give(buffer) {
      const size = buffer.byteLength
      if (idleBytes + size > maxIdleBytes) return
      idleBytes += size
      const kept = idle.get(size)
      if (kept) kept.push(buffer)
      else idle.set(size, [buffer])
    },
  }
}
