// A trained model in memory, ready to answer.
import { createFactorIndex, selectTopK, type FactorIndex, type Ranked } from '@rondo/numerics'
import { toIndex } from '../domain/interactions.ts'
import type { Candidate } from '../domain/make-list.ts'
import type { Factors } from '../store/factors-codec.ts'
import type { ModelTable } from '../store/model-store.ts'

export type LiveModel = {
  row: ModelTable
  factors: Factors
  userAt: Map<string, number>
  itemAt: Map<string, number>
  index: FactorIndex
  /** Length of each item's factor; 0 for an item that says nothing. */
  norms: Float32Array
  /** What each item scores for the average listener. */
  averageScores: Float32Array
  /** Items by their number of listeners, most first; the score is their share of all listeners. */
  popular: Candidate[]
}

/** The index answers with at most so many. */
const MOST_RANKED = 4_096

export async function createLiveModel(row: ModelTable, factors: Factors): Promise<LiveModel> {
  const { users, items, dimensions, userFactors, itemFactors, listenersOf } = factors
  const index = await createFactorIndex({ factors: itemFactors, dimensions })
  const popular = items.map((trackId, item) => ({ trackId, score: (listenersOf[item] ?? 0) / users.length })).filter(({ score }) => score > 0)
  return {
    row,
    factors,
    userAt: toIndex(users),
    itemAt: toIndex(items),
    index,
    norms: Float32Array.from(items, (_, item) => Math.sqrt(computeDot(itemFactors, item, item, dimensions))),
    averageScores: index.computeScores(computeMeanRow(userFactors, dimensions)),
    popular: popular.sort((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1)),
  }
}

/** Row `at` of row-major factors; shares their memory. */
export function rowOf(factors: Float32Array, at: number, dimensions: number): Float32Array {
  return factors.subarray(at * dimensions, (at + 1) * dimensions)
}

/** Cosine of two items' factors; 0 when one has none. */
export function computeCosine({ factors, norms }: LiveModel, a: number, b: number): number {
  const lengths = (norms[a] ?? 0) * (norms[b] ?? 0)
  return lengths === 0 ? 0 : computeDot(factors.itemFactors, a, b, factors.dimensions) / lengths
}

/** The `count` items that fit a query best, best first. */
export function rankItems({ index }: LiveModel, query: Float32Array, count: number): Ranked[] {
  const wanted = Math.min(count, index.size)
  return wanted <= MOST_RANKED ? index.findTopK(query, wanted) : selectTopK(index.computeScores(query), wanted)
}

/** The `count` items whose factors point most nearly the same way as this item's, best first, itself left out; only cosines above 0. */
export function rankSimilar({ index, factors, norms }: LiveModel, item: number, count: number): Ranked[] {
  const scores = index.computeScores(rowOf(factors.itemFactors, item, factors.dimensions))
  const own = norms[item] ?? 0
  for (let other = 0; other < scores.length; other += 1) scores[other] = (norms[other] ?? 0) === 0 ? 0 : (scores[other] ?? 0) / (own * (norms[other] ?? 0))
  return selectTopK(scores, count, new Set([item])).filter(({ score }) => score > 0)
}

function computeDot(factors: Float32Array, a: number, b: number, dimensions: number): number {
  let [sum, atA, atB] = [0, a * dimensions, b * dimensions]
  for (let k = 0; k < dimensions; k += 1) sum += (factors[atA++] ?? 0) * (factors[atB++] ?? 0)
  return sum
}

function computeMeanRow(factors: Float32Array, dimensions: number): Float32Array {
  const mean = new Float64Array(dimensions)
  factors.forEach((value, at) => {
    mean[at % dimensions] = (mean[at % dimensions] ?? 0) + value
  })
  const rows = Math.max(1, factors.length / dimensions)
  return Float32Array.from(mean, (sum) => sum / rows)
}
