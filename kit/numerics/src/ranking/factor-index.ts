// Exact search for the items that fit a query best: the item factors kept in kernel memory, read at memory speed.
import { checkFinite, checkInteger, checkLength } from '../checks.ts'
import { loadKernels } from '../wasm/load-kernels.ts'
import { copyRows } from '../wasm/memory-layout.ts'
import { createBatchSearch } from './batch-search.ts'
import { createSearchMemory, MAXIMUM_K, type SearchKernels } from './search-memory.ts'
import type { Ranked } from './select-top-k.ts'

export type FactorIndex = {
  readonly size: number
  readonly dimensions: number
  /** The k (at most 4096) items with the largest dot product, best first, lower index first among equals. To exclude n items ask for k + n. */
  findTopK(query: Float32Array, k: number): Ranked[]
  /** The same for queries x dimensions, row-major, reading the items once for 128 queries; gives way to the event loop in between. */
  findTopKOfMany(queries: Float32Array, k: number): Promise<Ranked[][]>
  /** Dot products with all items. */
  computeScores(query: Float32Array): Float32Array
}

/** `factors` is size x dimensions, row-major; copied. Refuses factors that are not finite and sizes that do not fit. */
export async function createFactorIndex({ factors, dimensions }: { factors: Float32Array; dimensions: number }): Promise<FactorIndex> {
  checkInteger('dimensions', dimensions, 1, 4096)
  checkLength('factors', factors, Math.floor(factors.length / dimensions) * dimensions)
  checkFinite('factors', factors)
  const memory = createSearchMemory(factors.length / dimensions, dimensions)
  const { size, width, floats, heapAt, queryAt, scoresAt } = memory
  const kernels = (await WebAssembly.instantiate(await loadKernels(), { env: { memory: memory.shared } })).exports as SearchKernels
  copyRows(factors, dimensions, floats(memory.factorsAt, size * width), width)
  const searchMany = createBatchSearch(memory, kernels)

  const placeQuery = (query: Float32Array, k: number): void => {
    checkLength('query', query, dimensions)
    checkFinite('query', query)
    checkInteger('k', k, 1, MAXIMUM_K)
    floats(queryAt, dimensions).set(query)
  }

  return {
    size,
    dimensions,
    findTopK(query, k) {
      placeQuery(query, k)
      const rowsAt = heapAt + MAXIMUM_K * 4
      const count = kernels.findTopK(0, size, 0, memory.factorsAt, width, queryAt, k, heapAt, rowsAt)
      return memory.readHeap(heapAt, rowsAt, count)
    },
    async findTopKOfMany(queries, k) {
      checkLength('queries', queries, Math.floor(queries.length / dimensions) * dimensions)
      checkFinite('queries', queries)
      checkInteger('k', k, 1, MAXIMUM_K)
      return await searchMany(queries, k)
    },
    computeScores(query) {
      placeQuery(query, 1)
      kernels.scoreRows(0, size, 0, memory.factorsAt, width, queryAt, scoresAt)
      return floats(scoresAt, size).slice()
    },
  }
}
