// The reference: the same row solver as a plain TypeScript loop over f32 arrays, as one would write it without kernels.
import type { CsrMatrix } from '@rondo/numerics'

export type ScalarInput = { interactions: CsrMatrix; factors: Float32Array; gram: Float32Array; ridge: number; dimensions: number }

/** Solves the rows of `sample` by Cholesky; returns their factors one after the other. `gram` is alpha0 Y'Y. */
export function solveRowsScalar({ interactions, factors, gram, ridge, dimensions: d }: ScalarInput, sample: readonly number[]): Float32Array {
  const solution = new Float32Array(sample.length * d)
  const matrix = new Float32Array(d * d)
  sample.forEach((row, at) => {
    const x = solution.subarray(at * d, at * d + d)
    matrix.set(gram)
    for (let k = 0; k < d; k += 1) matrix[k * d + k]! += ridge
    for (let entry = interactions.rowOffsets[row]!; entry < interactions.rowOffsets[row + 1]!; entry += 1) {
      const start = interactions.columnIndices[entry]! * d
      const confidence = interactions.values[entry]!
      for (let i = 0; i < d; i += 1) {
        const y = confidence * factors[start + i]!
        x[i]! += y
        for (let j = 0; j <= i; j += 1) matrix[i * d + j]! += y * factors[start + j]!
      }
    }
    solveCholesky(matrix, x, d)
  })
  return solution
}

function solveCholesky(matrix: Float32Array, x: Float32Array, d: number): void {
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * d + j]!
      for (let k = 0; k < j; k += 1) sum -= matrix[i * d + k]! * matrix[j * d + k]!
      matrix[i * d + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * d + j]!
    }
  }
  for (let i = 0; i < d; i += 1) {
    for (let k = 0; k < i; k += 1) x[i]! -= matrix[i * d + k]! * x[k]!
    x[i]! /= matrix[i * d + i]!
  }
  for (let i = d - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < d; k += 1) x[i]! -= matrix[k * d + i]! * x[k]!
    x[i]! /= matrix[i * d + i]!
  }
}
