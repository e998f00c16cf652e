// Where everything of one training lies in the kernels' memory.
import { computeRidges } from './compute-ridge.ts'
import type { ResolvedIalsOptions } from './ials-options.ts'
import { createMemoryLayout, padDimensions } from '../wasm/memory-layout.ts'

/** Users or items: addresses in bytes. Rows of `factors` are padded to a multiple of 8. */
export type IalsSide = {
  name: 'userFactors' | 'itemFactors'
  rowCount: number
  offsets: number
  columns: number
  values: number
  ridge: number
  factors: number
}

export type IalsMemory = {
  memory: WebAssembly.Memory
  width: number // dimensions, padded
  users: IalsSide
  items: IalsSide
  gram: number
  gramPartials: number
  failures: number
  scratchAt: number
  scratchBytes: number
  floats(at: number, length: number): Float32Array
  integers(at: number, length: number): Int32Array
}

/** The Gram matrix is summed in this many slices whatever the number of threads, so that its bits are the same. */
export const GRAM_SLICES = 64

export function createIalsMemory({ interactions, dimensions, threads }: ResolvedIalsOptions): IalsMemory {
  const { rowCount, columnCount, columnIndices } = interactions
  const width = padDimensions(dimensions)
  const layout = createMemoryLayout()
  const reserveSide = (name: IalsSide['name'], rows: number): IalsSide => ({
    name,
    rowCount: rows,
    offsets: layout.reserve((rows + 1) * 4),
    columns: layout.reserve(columnIndices.length * 4),
    values: layout.reserve(columnIndices.length * 4),
    ridge: layout.reserve(rows * 4),
    factors: layout.reserve(rows * width * 4),
  })
  const scratchBytes = Math.ceil(((width + 65) * width * 4) / 64) * 64
  const addresses = {
    users: reserveSide('userFactors', rowCount),
    items: reserveSide('itemFactors', columnCount),
    gram: layout.reserve(width * width * 4),
    gramPartials: layout.reserve(GRAM_SLICES * width * width * 4),
    failures: layout.reserve((Math.max(rowCount, columnCount) + 1) * 4),
    scratchAt: layout.reserve(scratchBytes * threads),
  }
  const memory = layout.createMemory()
  return {
    ...addresses,
    memory,
    width,
    scratchBytes,
    floats: (at, length) => new Float32Array(memory.buffer, at, length),
    integers: (at, length) => new Int32Array(memory.buffer, at, length),
  }
}

/** Copies the interactions in, users' side; the kernels make the items' side from it. */
export function fillUsers(target: IalsMemory, { interactions }: ResolvedIalsOptions): void {
  const { users } = target
  target.integers(users.offsets, interactions.rowOffsets.length).set(interactions.rowOffsets)
  target.integers(users.columns, interactions.columnIndices.length).set(interactions.columnIndices)
  target.floats(users.values, interactions.values.length).set(interactions.values)
}

export function fillRidges(target: IalsMemory, side: IalsSide, columnCount: number, options: ResolvedIalsOptions): void {
  target.floats(side.ridge, side.rowCount).set(computeRidges(target.integers(side.offsets, side.rowCount + 1), columnCount, options))
}
