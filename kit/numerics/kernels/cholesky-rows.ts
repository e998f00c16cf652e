// One half of an iALS epoch: solves the factor of every row against the fixed factors of the columns, exactly.
//
// For row u with entries (i, r): confidence c = |r|, preference p = 1 when r > 0, else 0. The normal equations of
// Rendle et al., "Revisiting the Performance of iALS on Item Recommendation Benchmarks" (RecSys 2022), with weights, are
//   (alpha0 Y'Y + sum c y_i y_i' + lambda_u I) x = sum c p y_i
import { factorize } from './cholesky'
import { addOuterProducts } from './outer-products'
import { substitute } from './substitution'
import { multiplyAdd } from './vectors'

const BLOCK_ROWS = 64

/**
 * Writes solution[u] for begin <= u < end. `gram` is alpha0 Y'Y (whole), `ridge[u]` is lambda_u, `factors` is Y. Rows whose f32
 * pivots fail are left for the caller to solve in f64: their numbers go to `failures` = [count, row, row, …].
 * Scratch: (dimensions + 64 + 1) * dimensions floats.
 */
export function solveRowsByCholesky(
  begin: i32, end: i32, scratch: usize,
  offsets: usize, columns: usize, values: usize, factors: usize,
  gram: usize, ridge: usize, dimensions: i32, solution: usize, failures: usize,
): void {
  const strideBytes = usize(dimensions) << 2
  const matrixBytes = usize(dimensions) * strideBytes
  const matrix = scratch
  const reciprocals = scratch + matrixBytes
  const panel = reciprocals + strideBytes
  for (let u = begin; u < end; u++) {
    const first = i32.load(offsets + (usize(u) << 2))
    const last = i32.load(offsets + (usize(u) << 2), 4)
    const x = solution + usize(u) * strideBytes
    memory.fill(x, 0, strideBytes)
    if (first == last) continue
    memory.copy(matrix, gram, matrixBytes)
    addToDiagonal(matrix, dimensions, f32.load(ridge + (usize(u) << 2)))
    for (let entry = first; entry < last; entry += BLOCK_ROWS) {
      const count = min(BLOCK_ROWS, last - entry)
      gatherRows(count, columns + (usize(entry) << 2), values + (usize(entry) << 2), factors, strideBytes, panel, x)
      addOuterProducts(count, panel, dimensions, strideBytes, matrix)
    }
    if (factorize(matrix, dimensions, reciprocals)) substitute(matrix, dimensions, reciprocals, x)
    else i32.store(failures + (usize(atomic.add<i32>(failures, 1)) << 2), u, 4)
  }
}

/** panel[i] = sqrt(c_i) y_i and x += c_i p_i y_i, for `count` entries. */
function gatherRows(count: i32, columns: usize, values: usize, factors: usize, strideBytes: usize, panel: usize, x: usize): void {
  for (let i = 0; i < count; i++) {
    const value = f32.load(values + (usize(i) << 2))
    const root = f32x4.splat(sqrt<f32>(abs<f32>(value)))
    const target = f32x4.splat(max<f32>(value, 0))
    const source = factors + usize(i32.load(columns + (usize(i) << 2))) * strideBytes
    const row = panel + usize(i) * strideBytes
    for (let at: usize = 0; at < strideBytes; at += 16) {
      const y = v128.load(source + at)
      v128.store(row + at, f32x4.mul(y, root))
      v128.store(x + at, multiplyAdd(target, y, v128.load(x + at)))
    }
  }
}

function addToDiagonal(matrix: usize, dimensions: i32, value: f32): void {
  const stepBytes = (usize(dimensions) + 1) << 2
  for (let k: usize = 0; k < usize(dimensions); k++) {
    const at = matrix + k * stepBytes
    f32.store(at, f32.load(at) + value)
  }
}
