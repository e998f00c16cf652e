// The second floor: items like those a user has, by the users they share.
import { checkAtLeast, checkInteger } from '../checks.ts'
import { checkCsr, type CsrMatrix, transposeCsr } from '../matrix/csr-matrix.ts'
import { selectTopK } from '../ranking/select-top-k.ts'

/** By the HetRec split of NUM20, chosen on a fifth of the training set held out. Binary values did best there. */
export const ITEM_KNN_DEFAULTS: Readonly<{ shrink: number }> = { shrink: 5 }

export type ItemKnnOptions = {
  /** Similar items kept for each item. All when left out. */
  neighbours?: number
  /** Added to the denominator: pulls similarities that rest on few users towards zero. */
  shrink?: number
}

/**
 * Item by item similarities: x_i . x_j / (|x_i| |x_j| + shrink), x the columns of `interactions`; without the diagonal, only the
 * largest of each row. Deshpande and Karypis, "Item-based top-N recommendation algorithms" (2004). O(sum over users of entries^2),
 * on the caller's thread.
 */
export function fitItemKnn(interactions: CsrMatrix, { neighbours, shrink = ITEM_KNN_DEFAULTS.shrink }: ItemKnnOptions = {}): CsrMatrix {
  checkCsr('interactions', interactions)
  checkAtLeast('shrink', shrink, 0)
  const itemCount = interactions.columnCount
  if (neighbours !== undefined) checkInteger('neighbours', neighbours, 1)
  const byItem = transposeCsr(interactions)
  const norms = computeRowNorms(byItem)
  const rowOffsets = new Int32Array(itemCount + 1)
  const columns: number[] = []
  const values: number[] = []
  const products = new Float64Array(itemCount)
  for (let item = 0; item < itemCount; item += 1) {
    const touched = addProducts(interactions, byItem, item, products)
    const norm = norms[item] as number
    const similarities = touched.map((other) => (products[other] as number) / (norm * (norms[other] as number) + shrink))
    const kept = selectTopK(similarities, Math.max(1, Math.min(neighbours ?? itemCount, touched.length)))
    for (const { index, score } of kept.sort((a, b) => (touched[a.index] as number) - (touched[b.index] as number))) {
      columns.push(touched[index] as number)
      values.push(score)
    }
    for (const other of touched) products[other] = 0
    rowOffsets[item + 1] = columns.length
  }
  return { rowCount: itemCount, columnCount: itemCount, rowOffsets, columnIndices: Int32Array.from(columns), values: Float32Array.from(values) }
}

/** scores[i] = sum of value_j * similarity(j, i) over the user's items j that keep i among their neighbours. */
export function computeItemKnnScores(similarities: CsrMatrix, columnIndices: ArrayLike<number>, values: ArrayLike<number>): Float32Array {
  const scores = new Float32Array(similarities.columnCount)
  for (let entry = 0; entry < columnIndices.length; entry += 1) {
    const item = columnIndices[entry] as number
    for (let at = similarities.rowOffsets[item] as number; at < (similarities.rowOffsets[item + 1] as number); at += 1) {
      const other = similarities.columnIndices[at] as number
      scores[other] = (scores[other] as number) + (values[entry] as number) * (similarities.values[at] as number)
    }
  }
  return scores
}

function computeRowNorms({ rowCount, rowOffsets, values }: CsrMatrix): Float64Array {
  return Float64Array.from({ length: rowCount }, (_, row) =>
    Math.sqrt(values.subarray(rowOffsets[row], rowOffsets[row + 1]).reduce((sum, value) => sum + value * value, 0)),
  )
}

/** products[j] = x_item . x_j for all j that share a user with the item; returns these j, the item itself left out. */
function addProducts(interactions: CsrMatrix, byItem: CsrMatrix, item: number, products: Float64Array): number[] {
  const touched: number[] = []
  for (let at = byItem.rowOffsets[item] as number; at < (byItem.rowOffsets[item + 1] as number); at += 1) {
    const user = byItem.columnIndices[at] as number
    const weight = byItem.values[at] as number
    for (let entry = interactions.rowOffsets[user] as number; entry < (interactions.rowOffsets[user + 1] as number); entry += 1) {
      const other = interactions.columnIndices[entry] as number
      if (other === item) continue
      if (products[other] === 0) touched.push(other)
      products[other] = (products[other] as number) + weight * (interactions.values[entry] as number)
    }
  }
  return touched
}
