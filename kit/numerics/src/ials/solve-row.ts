// Fold-in: the factor of a user (or item) that was not in training, without a retrain.
import { checkAtLeast, checkFinite, checkInteger, checkLength } from '../checks.ts'
import { computeRidge } from './compute-ridge.ts'
import type { IalsHyperparameters } from './ials-defaults.ts'
import { solveNormalEquations } from './solve-normal-equations.ts'

export type RowInput = Omit<IalsHyperparameters, 'epochs'> & {
  /** Factors of the other side, row-major: `itemFactors` for a new user. */
  factors: Float32Array
  /** Their Gram matrix Y'Y: `itemGram` of the model, or `computeGram(factors, dimensions)`. */
  gram: ArrayLike<number>
  /** The row's entries, as in `CsrMatrix`. */
  columnIndices: ArrayLike<number>
  values: ArrayLike<number>
}

/** The factor that training would give this row against fixed other factors. O(entries * dimensions^2 + dimensions^3), in f64. */
export function solveRow(input: RowInput): Float32Array {
  const { factors, gram, dimensions, alpha0, regularization, nu, columnIndices, values } = input
  checkInteger('dimensions', dimensions, 1)
  checkLength('factors', factors, Math.floor(factors.length / dimensions) * dimensions)
  checkLength('gram', gram, dimensions * dimensions)
  checkLength('values', values, columnIndices.length)
  checkFinite('values', values)
  for (const [name, value] of Object.entries({ alpha0, regularization, nu })) checkAtLeast(name, value, 0)
  const columnCount = factors.length / dimensions
  for (let entry = 0; entry < columnIndices.length; entry += 1) {
    checkInteger(`columnIndices[${entry}]`, columnIndices[entry] as number, 0, columnCount - 1)
  }
  const ridge = computeRidge({ entryCount: columnIndices.length, columnCount, alpha0, regularization, nu })
  const scaledGram = Float64Array.from(gram, (value) => alpha0 * value)
  return Float32Array.from(solveNormalEquations({ gram: scaledGram, factors, dimensions, ridge, columnIndices, values }))
}

/** Y'Y of row-major factors, dimensions x dimensions, in f64. O(rows * dimensions^2) on the caller's thread; a trained model carries its own. */
export function computeGram(factors: Float32Array, dimensions: number): Float64Array {
  checkInteger('dimensions', dimensions, 1)
  checkLength('factors', factors, Math.floor(factors.length / dimensions) * dimensions)
  const gram = new Float64Array(dimensions * dimensions)
  for (let start = 0; start < factors.length; start += dimensions) {
    for (let i = 0; i < dimensions; i += 1) {
      const y = factors[start + i] as number
      for (let j = 0; j < dimensions; j += 1) gram[i * dimensions + j] = (gram[i * dimensions + j] as number) + y * (factors[start + j] as number)
    }
  }
  return gram
}
