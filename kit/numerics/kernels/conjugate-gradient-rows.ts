// One half of an iALS epoch by a few steps of conjugate gradient from the last solution: inexact, but d^2 a row, not d^3.
//
// Takacs, Pilaszy and Tikk, "Applications of the conjugate gradient method for implicit feedback collaborative filtering" (2011).
// The matrix A = gram + ridge I + sum c y y' is never formed, only multiplied with a vector.
import { addScaled, dot, multiplyAdd, sumLanes, sumLanesOfFour } from './vectors'

const CONVERGED: f32 = 1e-20 // squared norm of the residual

/** As `solveRowsByCholesky`, in `steps` steps; reads solution[u] as the start. Scratch: 3 * dimensions floats. */
export function solveRowsByConjugateGradient(
  begin: i32, end: i32, scratch: usize,
  offsets: usize, columns: usize, values: usize, factors: usize,
  gram: usize, ridge: usize, dimensions: i32, solution: usize, steps: i32,
): void {
  const sizeBytes = usize(dimensions) << 2
  const residual = scratch
  const direction = residual + sizeBytes
  const image = direction + sizeBytes
  for (let u = begin; u < end; u++) {
    const first = i32.load(offsets + (usize(u) << 2))
    const count = i32.load(offsets + (usize(u) << 2), 4) - first
    const x = solution + usize(u) * sizeBytes
    if (count == 0) {
      memory.fill(x, 0, sizeBytes)
      continue
    }
    const rowColumns = columns + (usize(first) << 2)
    const rowValues = values + (usize(first) << 2)
    const lambda = f32x4.splat(f32.load(ridge + (usize(u) << 2)))
    multiplyMatrix(count, rowColumns, rowValues, factors, gram, lambda, dimensions, x, image)
    sumTargets(count, rowColumns, rowValues, factors, sizeBytes, residual)
    addScaled(f32x4.splat(-1), image, residual, sizeBytes)
    memory.copy(direction, residual, sizeBytes)
    let norm = dot(residual, residual, sizeBytes)
    for (let step = 0; step < steps && norm > CONVERGED; step++) {
      multiplyMatrix(count, rowColumns, rowValues, factors, gram, lambda, dimensions, direction, image)
      const length = norm / dot(direction, image, sizeBytes)
      addScaled(f32x4.splat(length), direction, x, sizeBytes)
      addScaled(f32x4.splat(-length), image, residual, sizeBytes)
      const nextNorm = dot(residual, residual, sizeBytes)
      const turn = f32x4.splat(nextNorm / norm)
      for (let at: usize = 0; at < sizeBytes; at += 16) {
        v128.store(direction + at, multiplyAdd(turn, v128.load(direction + at), v128.load(residual + at)))
      }
      norm = nextNorm
    }
  }
}

/** result = sum c p y over the row's entries. */
function sumTargets(count: i32, columns: usize, values: usize, factors: usize, sizeBytes: usize, result: usize): void {
  memory.fill(result, 0, sizeBytes)
  for (let i: usize = 0; i < usize(count); i++) {
    const target = f32x4.splat(max<f32>(f32.load(values + (i << 2)), 0))
    addScaled(target, factors + usize(i32.load(columns + (i << 2))) * sizeBytes, result, sizeBytes)
  }
}

/** result = (gram + lambda I + sum c y y') vector. */
function multiplyMatrix(
  count: i32, columns: usize, values: usize, factors: usize, gram: usize, lambda: v128, dimensions: i32, vector: usize, result: usize,
): void {
  const sizeBytes = usize(dimensions) << 2
  for (let k = 0; k < dimensions; k += 4) {
    const row = gram + usize(k) * sizeBytes
    const at = usize(k) << 2
    const products = dotFour(row, row + sizeBytes, row + 2 * sizeBytes, row + 3 * sizeBytes, vector, sizeBytes)
    v128.store(result + at, multiplyAdd(lambda, v128.load(vector + at), products))
  }
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const entry = usize(i) << 2
    const y0 = factors + usize(i32.load(columns + entry)) * sizeBytes
    const y1 = factors + usize(i32.load(columns + entry, 4)) * sizeBytes
    const y2 = factors + usize(i32.load(columns + entry, 8)) * sizeBytes
    const y3 = factors + usize(i32.load(columns + entry, 12)) * sizeBytes
    const weights = f32x4.mul(dotFour(y0, y1, y2, y3, vector, sizeBytes), f32x4.abs(v128.load(values + entry)))
    const w0 = f32x4.splat(f32x4.extract_lane(weights, 0))
    const w1 = f32x4.splat(f32x4.extract_lane(weights, 1))
    const w2 = f32x4.splat(f32x4.extract_lane(weights, 2))
    const w3 = f32x4.splat(f32x4.extract_lane(weights, 3))
    for (let at: usize = 0; at < sizeBytes; at += 16) {
      let sum = multiplyAdd(w0, v128.load(y0 + at), v128.load(result + at))
      sum = multiplyAdd(w1, v128.load(y1 + at), sum)
      sum = multiplyAdd(w2, v128.load(y2 + at), sum)
      v128.store(result + at, multiplyAdd(w3, v128.load(y3 + at), sum))
    }
  }
  for (; i < count; i++) {
    const entry = usize(i) << 2
    const y = factors + usize(i32.load(columns + entry)) * sizeBytes
    addScaled(f32x4.splat(dot(y, vector, sizeBytes) * abs<f32>(f32.load(values + entry))), y, result, sizeBytes)
  }
}

function dotFour(y0: usize, y1: usize, y2: usize, y3: usize, vector: usize, sizeBytes: usize): v128 {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  for (let at: usize = 0; at < sizeBytes; at += 16) {
    const v = v128.load(vector + at)
    s0 = multiplyAdd(v128.load(y0 + at), v, s0)
    s1 = multiplyAdd(v128.load(y1 + at), v, s1)
    s2 = multiplyAdd(v128.load(y2 + at), v, s2)
    s3 = multiplyAdd(v128.load(y3 + at), v, s3)
  }
  return sumLanesOfFour(s0, s1, s2, s3)
}
