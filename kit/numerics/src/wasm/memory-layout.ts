// Lays out what kernels work on in one WebAssembly memory, shared so that several threads see the same bytes.
import { numericsErrors } from '../errors.ts'

const PAGE_BYTES = 65536
const MAXIMUM_PAGES = 65536
const INITIAL_PAGES = 16 // the least that the kernels' module accepts
const FIRST_BYTE = 4096 // the module keeps nothing below; address 0 stays free, so that a forgotten address is noticed
const ALIGNMENT_BYTES = 64 // a cache line

export type MemoryLayout = {
  /** Sets bytes aside and returns their address. */
  reserve(sizeBytes: number): number
  /** The zero-filled memory for all that was set aside. Refuses more than 4 GiB. */
  createMemory(): WebAssembly.Memory
}

export function createMemoryLayout(): MemoryLayout {
  let end = FIRST_BYTE
  return {
    reserve(sizeBytes) {
      const at = end
      end += Math.ceil(sizeBytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
      return at
    },
    createMemory() {
      const pages = Math.max(INITIAL_PAGES, Math.ceil(end / PAGE_BYTES))
      if (pages > MAXIMUM_PAGES) throw numericsErrors.tooLarge({ neededBytes: end, maximumBytes: MAXIMUM_PAGES * PAGE_BYTES })
      return new WebAssembly.Memory({ initial: pages, maximum: MAXIMUM_PAGES, shared: true })
    },
  }
}

/** The vector kernels take factors in eights; the rest of a row is zeros. */
export function padDimensions(dimensions: number): number {
  return Math.ceil(dimensions / 8) * 8
}

/** Copies a row-major matrix into rows of another width; what does not fit is dropped, what is missing stays as it is. */
export function copyRows(source: Float32Array, sourceWidth: number, target: Float32Array, targetWidth: number): void {
  if (sourceWidth === targetWidth) return target.set(source)
  const width = Math.min(sourceWidth, targetWidth)
  const rowCount = source.length / sourceWidth
  for (let row = 0; row < rowCount; row += 1) {
    target.set(source.subarray(row * sourceWidth, row * sourceWidth + width), row * targetWidth)
  }
}
