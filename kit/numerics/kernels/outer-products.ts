// The two updates of the upper triangle of a d x d matrix that take nearly all the time: C += P'P and C -= P'P.
//
// The triangle is cut in tiles of 4 rows and 8 columns, so that a tile stays in eight registers over the whole sum:
//
//        j   j+4 j+8
//   i   [c00 c01]      a[p][i..i+3] is splat lane by lane, b[p][j..j+7] is read as two vectors
//   i+3 [c30 c31]
//
// Tiles on the diagonal are done whole, hence a few entries below it are written too (and are right).
import { multiplyAdd, multiplySubtract } from './vectors'

/** C[i][j] += sum over p < count of P[p][i] * P[p][j] for all tiles that touch j >= i. `strideBytes` is a row of C and of P. */
export function addOuterProducts(count: i32, panel: usize, dimensions: i32, strideBytes: usize, matrix: usize): void {
  for (let column = 0; column < dimensions; column += 8) {
    const right = panel + (usize(column) << 2)
    for (let row = 0; row < column + 8; row += 4) {
      addTile(count, panel + (usize(row) << 2), right, strideBytes, matrix + usize(row) * strideBytes + (usize(column) << 2))
    }
  }
}

/** C[i][j] -= sum over the 8 rows of P, for the tiles of columns `first`..dimensions. */
export function subtractOuterProducts(panel: usize, first: i32, dimensions: i32, strideBytes: usize, matrix: usize): void {
  for (let column = first; column < dimensions; column += 8) {
    const right = panel + (usize(column) << 2)
    for (let row = first; row < column + 8; row += 4) {
      subtractTileOfEight(panel + (usize(row) << 2), right, strideBytes, matrix + usize(row) * strideBytes + (usize(column) << 2))
    }
  }
}

function addTile(count: i32, left: usize, right: usize, strideBytes: usize, tile: usize): void {
  const row1 = tile + strideBytes
  const row2 = row1 + strideBytes
  const row3 = row2 + strideBytes
  let c00 = v128.load(tile)
  let c01 = v128.load(tile, 16)
  let c10 = v128.load(row1)
  let c11 = v128.load(row1, 16)
  let c20 = v128.load(row2)
  let c21 = v128.load(row2, 16)
  let c30 = v128.load(row3)
  let c31 = v128.load(row3, 16)
  for (let p = 0; p < count; p++) {
    const b0 = v128.load(right)
    const b1 = v128.load(right, 16)
    let a = v128.load32_splat(left)
    c00 = multiplyAdd(a, b0, c00)
    c01 = multiplyAdd(a, b1, c01)
    a = v128.load32_splat(left, 4)
    c10 = multiplyAdd(a, b0, c10)
    c11 = multiplyAdd(a, b1, c11)
    a = v128.load32_splat(left, 8)
    c20 = multiplyAdd(a, b0, c20)
    c21 = multiplyAdd(a, b1, c21)
    a = v128.load32_splat(left, 12)
    c30 = multiplyAdd(a, b0, c30)
    c31 = multiplyAdd(a, b1, c31)
    left += strideBytes
    right += strideBytes
  }
  v128.store(tile, c00)
  v128.store(tile, c01, 16)
  v128.store(row1, c10)
  v128.store(row1, c11, 16)
  v128.store(row2, c20)
  v128.store(row2, c21, 16)
  v128.store(row3, c30)
  v128.store(row3, c31, 16)
}

function subtractTileOfEight(left: usize, right: usize, strideBytes: usize, tile: usize): void {
  const row1 = tile + strideBytes
  const row2 = row1 + strideBytes
  const row3 = row2 + strideBytes
  let c00 = v128.load(tile)
  let c01 = v128.load(tile, 16)
  let c10 = v128.load(row1)
  let c11 = v128.load(row1, 16)
  let c20 = v128.load(row2)
  let c21 = v128.load(row2, 16)
  let c30 = v128.load(row3)
  let c31 = v128.load(row3, 16)
  for (let p = 0; p < 8; p++) {
    const b0 = v128.load(right)
    const b1 = v128.load(right, 16)
    let a = v128.load32_splat(left)
    c00 = multiplySubtract(a, b0, c00)
    c01 = multiplySubtract(a, b1, c01)
    a = v128.load32_splat(left, 4)
    c10 = multiplySubtract(a, b0, c10)
    c11 = multiplySubtract(a, b1, c11)
    a = v128.load32_splat(left, 8)
    c20 = multiplySubtract(a, b0, c20)
    c21 = multiplySubtract(a, b1, c21)
    a = v128.load32_splat(left, 12)
    c30 = multiplySubtract(a, b0, c30)
    c31 = multiplySubtract(a, b1, c31)
    left += strideBytes
    right += strideBytes
  }
  v128.store(tile, c00)
  v128.store(tile, c01, 16)
  v128.store(row1, c10)
  v128.store(row1, c11, 16)
  v128.store(row2, c20)
  v128.store(row2, c21, 16)
  v128.store(row3, c30)
  v128.store(row3, c31, 16)
}
