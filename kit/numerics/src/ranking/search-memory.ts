// Where an index keeps its items, and where each kind of search works, in one kernel memory.
import { createMemoryLayout, padDimensions } from '../wasm/memory-layout.ts'
import { compareRanked, type Ranked } from './select-top-k.ts'

export const MAXIMUM_K = 4096
export const GROUP_QUERIES = 8 // what the batch kernel takes at a time
export const GROUPS = 16

type Begin = number
type End = number
type Address = number

export type SearchKernels = {
  findTopK(begin: Begin, end: End, scratch: Address, factors: Address, width: number, query: Address, k: number, scores: Address, rows: Address): number
  findTopKOfEight(...args: [Begin, End, scratch: Address, factors: Address, width: number, queries: Address, k: number, ...heaps: Address[]]): void
  scoreRows(begin: Begin, end: End, scratch: Address, factors: Address, width: number, query: Address, scores: Address): void
}

export type SearchMemory = ReturnType<typeof createSearchMemory>

export function createSearchMemory(size: number, dimensions: number) {
  const width = padDimensions(dimensions)
  const layout = createMemoryLayout()
  const addresses = {
    factorsAt: layout.reserve((size + 3) * width * 4), // the batch kernel reads up to three rows more
    queryAt: layout.reserve(width * 4),
    scoresAt: layout.reserve(size * 4),
    heapAt: layout.reserve(2 * MAXIMUM_K * 4),
    // of each group of queries
    groupQueriesAt: layout.reserve(GROUPS * GROUP_QUERIES * width * 4),
    groupScoresAt: layout.reserve(GROUPS * GROUP_QUERIES * MAXIMUM_K * 4),
    groupRowsAt: layout.reserve(GROUPS * GROUP_QUERIES * MAXIMUM_K * 4),
    groupCountsAt: layout.reserve(GROUPS * GROUP_QUERIES * 4),
    scratchAt: layout.reserve(40 * 4),
  }
  const shared = layout.createMemory()
  const floats = (at: Address, length: number): Float32Array => new Float32Array(shared.buffer, at, length)
  const integers = (at: Address, length: number): Int32Array => new Int32Array(shared.buffer, at, length)
  /** Best first. */
  const readHeap = (scoresAt: Address, rowsAt: Address, count: number): Ranked[] => {
    const scores = floats(scoresAt, count)
    return Array.from(integers(rowsAt, count), (index, place) => ({ index, score: scores[place] as number })).sort(compareRanked)
  }
  return { ...addresses, shared, size, dimensions, width, floats, integers, readHeap }
}
