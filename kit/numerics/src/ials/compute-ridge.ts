// How strongly a row is held to zero: frequency-scaled regularization.
import type { CsrMatrix } from '../matrix/csr-matrix.ts'

export type RidgeInput = { entryCount: number; columnCount: number; alpha0: number; regularization: number; nu: number }

/** lambda * (entries + alpha0 * columns)^nu, from Rendle et al., "Revisiting the Performance of iALS on Item Recommendation Benchmarks" (2022). */
export function computeRidge({ entryCount, columnCount, alpha0, regularization, nu }: RidgeInput): number {
  return regularization * (entryCount + alpha0 * columnCount) ** nu
}

/** The ridge of each row of a matrix. */
export function computeRidges(
  offsets: CsrMatrix['rowOffsets'],
  columnCount: number,
  options: { alpha0: number; regularization: number; nu: number },
): Float32Array {
  return Float32Array.from({ length: offsets.length - 1 }, (_, row) =>
    computeRidge({ ...options, columnCount, entryCount: (offsets[row + 1] as number) - (offsets[row] as number) }),
  )
}
