// Solves U'U x = b with the factor that cholesky.ts leaves, eight unknowns at a time so that no step waits for memory.
import { multiplyAdd, multiplySubtract, sumLanesOfFour } from './vectors'

/** In place in `b`. `matrix` is U (upper, zeros below the diagonal of its 8 x 8 blocks), `reciprocals` one over its diagonal. */
export function substitute(matrix: usize, dimensions: i32, reciprocals: usize, b: usize): void {
  const strideBytes = usize(dimensions) << 2
  for (let first: usize = 0; first < strideBytes; first += 32) {
    solveBlockForward(matrix + (first >> 2) * strideBytes, first, strideBytes, reciprocals + first, b)
  }
  for (let first = strideBytes - 32; ; first -= 32) {
    solveBlockBackward(matrix + (first >> 2) * strideBytes, first, strideBytes, reciprocals + first, b)
    if (first == 0) break
  }
}

/** z[8] = U11'^-1 b[8], then b[rest] -= U12' z. `first` is a byte offset in a row, `panel` the first of the block's rows. */
function solveBlockForward(panel: usize, first: usize, strideBytes: usize, reciprocals: usize, b: usize): void {
  const block = panel + first
  for (let k: usize = 0; k < 8; k++) {
    const row = block + k * strideBytes
    const z = f32.load(b + first + (k << 2)) * f32.load(reciprocals + (k << 2))
    f32.store(b + first + (k << 2), z)
    for (let below = k + 1; below < 8; below++) {
      const at = b + first + (below << 2)
      f32.store(at, f32.load(at) - z * f32.load(row + (below << 2)))
    }
  }
  const left = v128.load(b + first)
  const right = v128.load(b + first, 16)
  const z0 = f32x4.splat(f32x4.extract_lane(left, 0))
  const z1 = f32x4.splat(f32x4.extract_lane(left, 1))
  const z2 = f32x4.splat(f32x4.extract_lane(left, 2))
  const z3 = f32x4.splat(f32x4.extract_lane(left, 3))
  const z4 = f32x4.splat(f32x4.extract_lane(right, 0))
  const z5 = f32x4.splat(f32x4.extract_lane(right, 1))
  const z6 = f32x4.splat(f32x4.extract_lane(right, 2))
  const z7 = f32x4.splat(f32x4.extract_lane(right, 3))
  for (let at = first + 32; at < strideBytes; at += 16) {
    let row = panel + at
    let sum = multiplySubtract(z0, v128.load(row), v128.load(b + at))
    row += strideBytes
    sum = multiplySubtract(z1, v128.load(row), sum)
    row += strideBytes
    sum = multiplySubtract(z2, v128.load(row), sum)
    row += strideBytes
    sum = multiplySubtract(z3, v128.load(row), sum)
    row += strideBytes
    sum = multiplySubtract(z4, v128.load(row), sum)
    row += strideBytes
    sum = multiplySubtract(z5, v128.load(row), sum)
    row += strideBytes
    sum = multiplySubtract(z6, v128.load(row), sum)
    v128.store(b + at, multiplySubtract(z7, v128.load(row + strideBytes), sum))
  }
}

/** b[8] -= U12 x[rest], then x[8] = U11^-1 b[8]. */
function solveBlockBackward(panel: usize, first: usize, strideBytes: usize, reciprocals: usize, b: usize): void {
  const target = b + first
  v128.store(target, f32x4.sub(v128.load(target), multiplyFourRows(panel, first + 32, strideBytes, b)))
  const lower = multiplyFourRows(panel + 4 * strideBytes, first + 32, strideBytes, b)
  v128.store(target, f32x4.sub(v128.load(target, 16), lower), 16)
  for (let k: i32 = 7; k >= 0; k--) {
    const at = target + (usize(k) << 2)
    const x = f32.load(at) * f32.load(reciprocals + (usize(k) << 2))
    f32.store(at, x)
    for (let above: usize = 0; above < usize(k); above++) {
      const entry = panel + above * strideBytes + first + (usize(k) << 2)
      f32.store(target + (above << 2), f32.load(target + (above << 2)) - x * f32.load(entry))
    }
  }
}

function multiplyFourRows(rows: usize, start: usize, strideBytes: usize, vector: usize): v128 {
  const row1 = rows + strideBytes
  const row2 = row1 + strideBytes
  const row3 = row2 + strideBytes
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  for (let at = start; at < strideBytes; at += 16) {
    const x = v128.load(vector + at)
    s0 = multiplyAdd(v128.load(rows + at), x, s0)
    s1 = multiplyAdd(v128.load(row1 + at), x, s1)
    s2 = multiplyAdd(v128.load(row2 + at), x, s2)
    s3 = multiplyAdd(v128.load(row3 + at), x, s3)
  }
  return sumLanesOfFour(s0, s1, s2, s3)
}
