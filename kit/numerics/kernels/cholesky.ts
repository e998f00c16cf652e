// Solves A x = b for a symmetric positive definite A in f32, by A = U'U in panels of eight rows.
//
//   U11 U12     1. factor the 8 x 8 block U11 on the diagonal
//       A22     2. solve U11' U12 = A12 for the rest of the eight rows
//               3. A22 -= U12' U12, then go on with A22
import { subtractOuterProducts } from './outer-products'
import { multiplySubtract } from './vectors'

/** A pivot below this share of its diagonal entry has lost most of f32's 24 bits. */
const SMALLEST_PIVOT_SHARE: f32 = 1e-4

/**
 * Factors `matrix` in place (upper triangle, dimensions a multiple of 8) and writes the reciprocals of U's diagonal to
 * `reciprocals`; U gets zeros below the diagonal of its 8 x 8 blocks. False when a pivot is not safely positive (or not a number): then both hold nothing of use.
 */
export function factorize(matrix: usize, dimensions: i32, reciprocals: usize): bool {
  const strideBytes = usize(dimensions) << 2
  for (let k = 0; k < dimensions; k++) {
    f32.store(reciprocals + (usize(k) << 2), f32.load(matrix + usize(k) * (strideBytes + 4)))
  }
  for (let first = 0; first < dimensions; first += 8) {
    const panel = matrix + usize(first) * strideBytes
    if (!factorDiagonalBlock(panel + (usize(first) << 2), strideBytes, reciprocals + (usize(first) << 2))) return false
    for (let column = first + 8; column < dimensions; column += 4) {
      solvePanelColumns(panel + (usize(first) << 2), panel + (usize(column) << 2), strideBytes, reciprocals + (usize(first) << 2))
    }
    subtractOuterProducts(panel, first + 8, dimensions, strideBytes, matrix)
  }
  return true
}

/** Factors the 8 x 8 block in place, clears what is below its diagonal. `reciprocals` holds A's diagonal on entry. */
function factorDiagonalBlock(block: usize, strideBytes: usize, reciprocals: usize): bool {
  // first without square roots (A = V' D^-1 V, D the pivots): the chain from pivot to pivot is what takes the time here
  for (let k: usize = 0; k < 8; k++) {
    const row = block + k * strideBytes
    const pivot = f32.load(row + (k << 2))
    const smallest = SMALLEST_PIVOT_SHARE * f32.load(reciprocals + (k << 2))
    if (!(pivot > smallest && pivot <= f32.MAX_VALUE)) return false
    f32.store(reciprocals + (k << 2), pivot)
    const inverse = f32x4.splat(f32(1) / pivot)
    const left = v128.load(row)
    const right = v128.load(row, 16)
    for (let below = k + 1; below < 8; below++) {
      const target = block + below * strideBytes
      const factor = f32x4.mul(v128.load32_splat(row + (below << 2)), inverse)
      v128.store(target, multiplySubtract(factor, left, v128.load(target)))
      v128.store(target, multiplySubtract(factor, right, v128.load(target, 16)), 16)
    }
  }
  const one = f32x4.splat(1)
  v128.store(reciprocals, f32x4.div(one, f32x4.sqrt(v128.load(reciprocals))))
  v128.store(reciprocals, f32x4.div(one, f32x4.sqrt(v128.load(reciprocals, 16))), 16)
  for (let k: usize = 0; k < 8; k++) {
    const row = block + k * strideBytes
    const scale = v128.load32_splat(reciprocals + (k << 2))
    v128.store(row, f32x4.mul(v128.load(row), scale))
    v128.store(row, f32x4.mul(v128.load(row, 16), scale), 16)
    for (let column: usize = 0; column < k; column++) f32.store(row + (column << 2), 0)
  }
  return true
}

/** Four columns of U12: row r is (A12[r] - sum over s < r of U11[s][r] U12[s]) / U11[r][r]. */
function solvePanelColumns(block: usize, columns: usize, strideBytes: usize, reciprocals: usize): void {
  let at = columns
  let diagonal = block
  const x0 = f32x4.mul(v128.load(at), v128.load32_splat(reciprocals))
  v128.store(at, x0)
  at += strideBytes
  const s0 = diagonal
  const x1 = f32x4.mul(multiplySubtract(v128.load32_splat(s0, 4), x0, v128.load(at)), v128.load32_splat(reciprocals, 4))
  v128.store(at, x1)
  at += strideBytes
  const s1 = s0 + strideBytes
  let t = multiplySubtract(v128.load32_splat(s0, 8), x0, v128.load(at))
  const x2 = f32x4.mul(multiplySubtract(v128.load32_splat(s1, 8), x1, t), v128.load32_splat(reciprocals, 8))
  v128.store(at, x2)
  at += strideBytes
  const s2 = s1 + strideBytes
  t = multiplySubtract(v128.load32_splat(s0, 12), x0, v128.load(at))
  t = multiplySubtract(v128.load32_splat(s1, 12), x1, t)
  const x3 = f32x4.mul(multiplySubtract(v128.load32_splat(s2, 12), x2, t), v128.load32_splat(reciprocals, 12))
  v128.store(at, x3)
  at += strideBytes
  const s3 = s2 + strideBytes
  t = multiplySubtract(v128.load32_splat(s0, 16), x0, v128.load(at))
  t = multiplySubtract(v128.load32_splat(s1, 16), x1, t)
  t = multiplySubtract(v128.load32_splat(s2, 16), x2, t)
  const x4 = f32x4.mul(multiplySubtract(v128.load32_splat(s3, 16), x3, t), v128.load32_splat(reciprocals, 16))
  v128.store(at, x4)
  at += strideBytes
  const s4 = s3 + strideBytes
  t = multiplySubtract(v128.load32_splat(s0, 20), x0, v128.load(at))
  t = multiplySubtract(v128.load32_splat(s1, 20), x1, t)
  t = multiplySubtract(v128.load32_splat(s2, 20), x2, t)
  t = multiplySubtract(v128.load32_splat(s3, 20), x3, t)
  const x5 = f32x4.mul(multiplySubtract(v128.load32_splat(s4, 20), x4, t), v128.load32_splat(reciprocals, 20))
  v128.store(at, x5)
  at += strideBytes
  const s5 = s4 + strideBytes
  t = multiplySubtract(v128.load32_splat(s0, 24), x0, v128.load(at))
  t = multiplySubtract(v128.load32_splat(s1, 24), x1, t)
  t = multiplySubtract(v128.load32_splat(s2, 24), x2, t)
  t = multiplySubtract(v128.load32_splat(s3, 24), x3, t)
  t = multiplySubtract(v128.load32_splat(s4, 24), x4, t)
  const x6 = f32x4.mul(multiplySubtract(v128.load32_splat(s5, 24), x5, t), v128.load32_splat(reciprocals, 24))
  v128.store(at, x6)
  at += strideBytes
  const s6 = s5 + strideBytes
  t = multiplySubtract(v128.load32_splat(s0, 28), x0, v128.load(at))
  t = multiplySubtract(v128.load32_splat(s1, 28), x1, t)
  t = multiplySubtract(v128.load32_splat(s2, 28), x2, t)
  t = multiplySubtract(v128.load32_splat(s3, 28), x3, t)
  t = multiplySubtract(v128.load32_splat(s4, 28), x4, t)
  t = multiplySubtract(v128.load32_splat(s5, 28), x5, t)
  v128.store(at, f32x4.mul(multiplySubtract(v128.load32_splat(s6, 28), x6, t), v128.load32_splat(reciprocals, 28)))
}
