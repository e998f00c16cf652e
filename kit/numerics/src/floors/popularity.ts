// The first floor a recommender must clear: everybody gets what most have.
import type { CsrMatrix } from '../matrix/csr-matrix.ts'

/** How many rows have each column: the same scores for every user. */
export function computePopularity({ columnCount, columnIndices }: CsrMatrix): Float32Array {
  const counts = new Float32Array(columnCount)
  for (const column of columnIndices) counts[column] = (counts[column] as number) + 1
  return counts
}
