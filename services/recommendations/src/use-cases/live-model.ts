// Brings a trained model into memory, so that it can answer.
import { createFactorIndex } from '@rondo/numerics'
import { toIndex } from '../domain/interactions.ts'
import type { LiveModel } from '../parts.ts'
import type { Factors, ModelTable } from '../store/model-store.ts'

export async function createLiveModel(row: ModelTable, factors: Factors): Promise<LiveModel> {
  const popular = factors.items.map((trackId, item) => ({ trackId, score: factors.listenersOf[item] ?? 0 })).sort((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1))
  return {
    row,
    factors,
    userAt: toIndex(factors.users),
    itemAt: toIndex(factors.items),
    index: await createFactorIndex({ factors: factors.itemFactors, dimensions: factors.dimensions }),
    popular,
  }
}

/** Row `at` of row-major factors. */
export function rowOf(factors: Float32Array, at: number, dimensions: number): Float32Array {
  return factors.subarray(at * dimensions, (at + 1) * dimensions)
}

/** Cosine of two items' factors; 0 when one has none. */
export function computeCosine(model: LiveModel, a: number, b: number): number {
  const { itemFactors, dimensions } = model.factors
  let [dot, aa, bb] = [0, 0, 0]
  for (let k = 0; k < dimensions; k += 1) {
    const [x, y] = [itemFactors[a * dimensions + k] ?? 0, itemFactors[b * dimensions + k] ?? 0]
    dot += x * y
    aa += x * x
    bb += y * y
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb)
}
