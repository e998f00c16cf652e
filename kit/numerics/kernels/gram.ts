// The Gram matrix of a factor matrix, Y'Y, in fixed slices of rows so that its bits do not depend on the number of threads.
import { addOuterProducts } from './outer-products'

const BLOCK_ROWS = 64 // rows that stay in the first cache while all tiles of the triangle pass over them

/**
 * partials[s] = Y_s' Y_s for the slices begin <= s < end. `factors` is rowCount x dimensions; slice s holds the rows from
 * s * sliceRows on. Each partial is dimensions x dimensions, upper triangle.
 */
export function accumulateGram(
  begin: i32, end: i32, scratch: usize,
  factors: usize, rowCount: i32, dimensions: i32, sliceRows: i32, partials: usize,
): void {
  const strideBytes = usize(dimensions) << 2
  const matrixBytes = usize(dimensions) * strideBytes
  for (let slice = begin; slice < end; slice++) {
    const partial = partials + usize(slice) * matrixBytes
    memory.fill(partial, 0, matrixBytes)
    const last = min((slice + 1) * sliceRows, rowCount)
    for (let row = slice * sliceRows; row < last; row += BLOCK_ROWS) {
      addOuterProducts(min(BLOCK_ROWS, last - row), factors + usize(row) * strideBytes, dimensions, strideBytes, partial)
    }
  }
}

/** gram[i][j] = gram[j][i] = scale * sum over all slices, in the order of the slices, for the rows begin <= i < end. */
export function combineGrams(
  begin: i32, end: i32, scratch: usize,
  partials: usize, sliceCount: i32, dimensions: i32, scale: f32, gram: usize,
): void {
  const matrixBytes = (usize(dimensions) * usize(dimensions)) << 2
  for (let row = begin; row < end; row++) {
    for (let column = row; column < dimensions; column++) {
      const at = usize(row * dimensions + column) << 2
      let sum: f32 = 0
      for (let slice = 0; slice < sliceCount; slice++) sum += f32.load(partials + usize(slice) * matrixBytes + at)
      f32.store(gram + at, scale * sum)
      f32.store(gram + (usize(column * dimensions + row) << 2), scale * sum)
    }
  }
}
