// How good one ranked list is.

/** Hits among the first k over the number of relevant items: |first k ∩ relevant| / |relevant|. NaN without relevant items. */
export function computeRecall(ranking: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let hits = 0
  for (let place = 0; place < Math.min(k, ranking.length); place += 1) if (relevant.has(ranking[place] as number)) hits += 1
  return hits / relevant.size
}

/**
 * Normalized discounted cumulative gain with gains of 0 and 1 (Järvelin and Kekäläinen, 2002): sum over hits at place p (from 1) of
 * 1 / log2(p + 1), over the same sum for the places 1..min(k, |relevant|). NaN without relevant items.
 */
export function computeNdcg(ranking: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let gain = 0
  let ideal = 0
  for (let place = 0; place < Math.min(k, ranking.length); place += 1) if (relevant.has(ranking[place] as number)) gain += 1 / Math.log2(place + 2)
  for (let place = 0; place < Math.min(k, relevant.size); place += 1) ideal += 1 / Math.log2(place + 2)
  return gain / ideal
}
