// Exact top-100 of a million items, one query and many, against a scalar TypeScript loop and against the memory itself.
import { createFactorIndex, selectTopK } from '@rondo/numerics'
import { createRandom } from '@rondo/random'
import type { BenchOptions, BenchResult } from '../result.ts'
import { computeMedian } from './compute-median.ts'

const DIMENSIONS = 64
const K = 100
const QUERIES = 64
/** One query reads every factor once: it may cost a third more than reading them and nothing else. */
const MEMORY_MARK = 0.75

export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const size = small ? 100_000 : 1_000_000
  const random = createRandom('bench/top-k')
  const factors = Float32Array.from({ length: size * DIMENSIONS }, () => random.next() - 0.5)
  const queries = Float32Array.from({ length: QUERIES * DIMENSIONS }, () => random.next() - 0.5)
  const index = await createFactorIndex({ factors, dimensions: DIMENSIONS })
  const query = queries.subarray(0, DIMENSIONS)

  const scalarMs = await timeMs(3, () => selectTopK(computeScoresScalar(factors, query, size), K))
  const memoryMs = await timeMs(5, () => touchCacheLines(factors))
  const singleMs = await timeMs(15, () => index.findTopK(query, K))
  const batchMs = (await timeMs(3, () => index.findTopKOfMany(queries, K))) / QUERIES
  const gigabytes = (size * DIMENSIONS * 4) / 1e9
  return [
    {
      name: `top-${K} of ${size} x ${DIMENSIONS}, one query, one thread`,
      figure: `${singleMs.toFixed(2)} ms, ${((gigabytes / singleMs) * 1e3).toFixed(1)} GB/s`,
      ratio: scalarMs / singleMs,
      reference: 'scalar TypeScript',
    },
    {
      name: `top-${K} of ${size} x ${DIMENSIONS}, one query, against memory`,
      figure: `${singleMs.toFixed(2)} ms, memory ${memoryMs.toFixed(2)} ms`,
      ratio: memoryMs / singleMs,
      reference: 'reading one number of each cache line',
      ...(small ? {} : { mark: `≥ ${MEMORY_MARK}`, ok: memoryMs / singleMs >= MEMORY_MARK }),
    },
    {
      name: `top-${K} of ${size} x ${DIMENSIONS}, ${QUERIES} queries, one thread`,
      figure: `${batchMs.toFixed(2)} ms a query, ${((2 * size * DIMENSIONS) / batchMs / 1e6).toFixed(1)} GFLOP/s`,
      ratio: scalarMs / batchMs,
      reference: 'scalar TypeScript',
    },
  ]
}

function touchCacheLines(factors: Float32Array): number {
  let sum = 0
  for (let at = 0; at < factors.length; at += 16) sum += factors[at]!
  return sum
}

/** Median of `rounds`, after two that warm up. */
async function timeMs(rounds: number, work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = -2; round < rounds; round += 1) {
    const start = performance.now()
    await work()
    if (round >= 0) times.push(performance.now() - start)
  }
  return computeMedian(times)
}

function computeScoresScalar(factors: Float32Array, query: Float32Array, size: number): Float32Array {
  const scores = new Float32Array(size)
  for (let item = 0; item < size; item += 1) {
    let sum = 0
    for (let k = 0; k < DIMENSIONS; k += 1) sum += query[k]! * factors[item * DIMENSIONS + k]!
    scores[item] = sum
  }
  return scores
}
