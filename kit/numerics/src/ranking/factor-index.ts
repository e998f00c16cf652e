// Exact search for the items that fit a query best: the item factors kept in kernel memory, read at memory speed.
import { checkFinite, checkInteger, checkLength } from '../checks.ts'
import { createYield } from '../create-yield.ts'
import { loadKernels } from '../wasm/load-kernels.ts'
import { copyRows, createMemoryLayout, padDimensions } from '../wasm/memory-layout.ts'
import { compareRanked, type Ranked } from './select-top-k.ts'

export type FactorIndex = {
  readonly size: number
  readonly dimensions: number
  /** The k items with the largest dot product, best first, lower index first among equals. To exclude n items ask for k + n. */
  findTopK(query: Float32Array, k: number): Ranked[]
  /** The same for queries x dimensions, eight at a time; gives way to the event loop between eights. */
  findTopKOfMany(queries: Float32Array, k: number): Promise<Ranked[][]>
  /** Dot products with all items. */
  computeScores(query: Float32Array): Float32Array
}

const MAXIMUM_K = 4096
const BATCH = 8

type IndexKernels = {
  findTopK(begin: number, end: number, scratch: number, factors: number, width: number, query: number, k: number, scores: number, rows: number): number
  findTopKOfEight(
    ...args: [number, number, number, factors: number, width: number, queries: number, k: number, scores: number, rows: number, counts: number]
  ): void
  scoreRows(begin: number, end: number, scratch: number, factors: number, width: number, query: number, scores: number): void
}

/** `factors` is size x dimensions, row-major; copied. Refuses factors that are not finite and sizes that do not fit. */
export async function createFactorIndex({ factors, dimensions }: { factors: Float32Array; dimensions: number }): Promise<FactorIndex> {
  checkInteger('dimensions', dimensions, 1, 4096)
  checkLength('factors', factors, Math.floor(factors.length / dimensions) * dimensions)
  checkFinite('factors', factors)
  const size = factors.length / dimensions
  const width = padDimensions(dimensions)
  const layout = createMemoryLayout()
  const at = {
    factors: layout.reserve((size + 3) * width * 4), // the batch kernel reads up to three rows more
    queries: layout.reserve(BATCH * width * 4),
    all: layout.reserve(size * 4),
    scores: layout.reserve(BATCH * MAXIMUM_K * 4),
    rows: layout.reserve(BATCH * MAXIMUM_K * 4),
    counts: layout.reserve(BATCH * 4),
    scratch: layout.reserve(40 * 4),
  }
  const memory = layout.createMemory()
  const kernels = (await WebAssembly.instantiate(await loadKernels(), { env: { memory } })).exports as IndexKernels
  copyRows(factors, dimensions, new Float32Array(memory.buffer, at.factors, size * width), width)
  const queryArea = new Float32Array(memory.buffer, at.queries, BATCH * width)

  const readHeap = (slot: number, k: number, count: number): Ranked[] => {
    const scores = new Float32Array(memory.buffer, at.scores + slot * k * 4, count)
    const rows = new Int32Array(memory.buffer, at.rows + slot * k * 4, count)
    return Array.from(rows, (index, place) => ({ index, score: scores[place] as number })).sort(compareRanked)
  }
  const checkQuery = (name: string, query: Float32Array, length: number, k: number): void => {
    checkLength(name, query, length)
    checkFinite(name, query)
    checkInteger('k', k, 1, MAXIMUM_K)
  }

  return {
    size,
    dimensions,
    findTopK(query, k) {
      checkQuery('query', query, dimensions, k)
      queryArea.fill(0).set(query)
      const count = kernels.findTopK(0, size, at.scratch, at.factors, width, at.queries, k, at.scores, at.rows)
      return readHeap(0, k, count)
    },
    async findTopKOfMany(queries, k) {
      const count = Math.floor(queries.length / dimensions)
      checkQuery('queries', queries, count * dimensions, k)
      const results: Ranked[][] = []
      const pause = createYield()
      for (let first = 0; first < count; first += BATCH) {
        await pause()
        const batch = Math.min(BATCH, count - first)
        queryArea.fill(0)
        for (let slot = 0; slot < batch; slot += 1) {
          for (let d = 0; d < dimensions; d += 1) queryArea[d * BATCH + slot] = queries[(first + slot) * dimensions + d] as number
        }
        kernels.findTopKOfEight(0, size, at.scratch, at.factors, width, at.queries, k, at.scores, at.rows, at.counts)
        const counts = new Int32Array(memory.buffer, at.counts, BATCH)
        for (let slot = 0; slot < batch; slot += 1) results.push(readHeap(slot, k, counts[slot] as number))
      }
      return results
    },
    computeScores(query) {
      checkQuery('query', query, dimensions, 1)
      queryArea.fill(0).set(query)
      kernels.scoreRows(0, size, at.scratch, at.factors, width, at.queries, at.all)
      return new Float32Array(memory.buffer, at.all, size).slice()
    },
  }
}
