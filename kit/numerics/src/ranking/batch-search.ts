// Many queries at once: a block of items is read from memory once and meets all queries while it is in the cache.
import { createSerial } from '@rondo/async'
import { createYield } from '../create-yield.ts'
import { GROUP_QUERIES, GROUPS, type SearchKernels, type SearchMemory } from './search-memory.ts'
import type { Ranked } from './select-top-k.ts'

const BLOCK_BYTES = 2 ** 18 // of items: half of a second-level cache

/** One search at a time works in the memory; a second one waits for the first. */
export function createBatchSearch(memory: SearchMemory, kernels: SearchKernels): (queries: Float32Array, k: number) => Promise<Ranked[][]> {
  const serial = createSerial()
  return (queries, k) => serial(() => searchAll(memory, kernels, queries, k))
}

async function searchAll(memory: SearchMemory, kernels: SearchKernels, queries: Float32Array, k: number): Promise<Ranked[][]> {
  const { dimensions } = memory
  const results: Ranked[][] = []
  const pause = createYield()
  const roundLength = GROUPS * GROUP_QUERIES * dimensions
  for (let first = 0; first < queries.length; first += roundLength) {
    const round = queries.subarray(first, first + roundLength)
    results.push(...(await searchRound(memory, kernels, round, k, pause)))
  }
  return results
}

async function searchRound(memory: SearchMemory, kernels: SearchKernels, queries: Float32Array, k: number, pause: () => Promise<void> | undefined): Promise<Ranked[][]> {
  const { size, dimensions, width, factorsAt, groupQueriesAt, groupScoresAt, groupRowsAt, groupCountsAt, scratchAt } = memory
  const count = queries.length / dimensions
  placeQueries(memory, queries)
  memory.integers(groupCountsAt, GROUPS * GROUP_QUERIES).fill(0)
  const blockRows = Math.max(4, Math.floor(BLOCK_BYTES / (width * 4 * 4)) * 4)
  for (let begin = 0; begin < size; begin += blockRows) {
    const turn = pause()
    if (turn) await turn
    const end = Math.min(begin + blockRows, size)
    for (let query = 0; query < count; query += GROUP_QUERIES) {
      const heaps = [groupScoresAt + query * k * 4, groupRowsAt + query * k * 4, groupCountsAt + query * 4]
      kernels.findTopKOfEight(begin, end, scratchAt, factorsAt, width, groupQueriesAt + query * width * 4, k, ...heaps)
    }
  }
  const counts = memory.integers(groupCountsAt, count)
  return Array.from(counts, (held, query) => memory.readHeap(groupScoresAt + query * k * 4, groupRowsAt + query * k * 4, held))
}

/** Each group of eight as width x 8: one query a column. */
function placeQueries({ floats, groupQueriesAt, dimensions, width }: SearchMemory, queries: Float32Array): void {
  const target = floats(groupQueriesAt, GROUPS * GROUP_QUERIES * width).fill(0)
  for (let at = 0; at < queries.length; at += 1) {
    const query = Math.floor(at / dimensions)
    const group = Math.floor(query / GROUP_QUERIES)
    target[(group * width + (at % dimensions)) * GROUP_QUERIES + (query % GROUP_QUERIES)] = queries[at] as number
  }
}
