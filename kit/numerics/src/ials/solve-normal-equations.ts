// The solver of last resort, in f64: for rows whose f32 pivots fail, and for a single new row where threads would not pay.

export type NormalEquations = {
  /** alpha0 Y'Y, dimensions x dimensions. */
  gram: ArrayLike<number>
  /** Y, row-major. */
  factors: ArrayLike<number>
  dimensions: number
  ridge: number
  columnIndices: ArrayLike<number>
  values: ArrayLike<number>
}

/**
 * x with (gram + ridge I + sum |r| y y') x = sum max(r, 0) y. When the matrix is singular even in f64, the ridge grows from
 * 1e-12 of the mean diagonal by tens until it is not: the answer then leans to the smallest one.
 */
export function solveNormalEquations(equations: NormalEquations): Float64Array {
  const { dimensions } = equations
  const { matrix, target } = buildEquations(equations)
  let trace = 0
  for (let k = 0; k < dimensions; k += 1) trace += matrix[k * dimensions + k] as number
  if (trace === 0) return new Float64Array(dimensions)
  let factored = factorizeCholesky(matrix, dimensions, 0)
  for (let share = 1e-12; !factored && share < 1e3; share *= 10) factored = factorizeCholesky(matrix, dimensions, (share * trace) / dimensions)
  return factored ? substitute(factored, target, dimensions) : target.fill(Number.NaN)
}

function buildEquations({ gram, factors, dimensions, ridge, columnIndices, values }: NormalEquations): { matrix: Float64Array; target: Float64Array } {
  const matrix = Float64Array.from(gram)
  const target = new Float64Array(dimensions)
  for (let k = 0; k < dimensions; k += 1) matrix[k * dimensions + k] = (matrix[k * dimensions + k] as number) + ridge
  for (let entry = 0; entry < columnIndices.length; entry += 1) {
    const value = values[entry] as number
    const confidence = Math.abs(value)
    const start = (columnIndices[entry] as number) * dimensions
    for (let i = 0; i < dimensions; i += 1) {
      const y = factors[start + i] as number
      target[i] = (target[i] as number) + Math.max(value, 0) * y
      for (let j = 0; j < dimensions; j += 1) {
        matrix[i * dimensions + j] = (matrix[i * dimensions + j] as number) + confidence * y * (factors[start + j] as number)
      }
    }
  }
  return { matrix, target }
}

/** L with L L' = matrix + added I, or undefined when a pivot is not safely positive. */
function factorizeCholesky(matrix: Float64Array, dimensions: number, added: number): Float64Array | undefined {
  const lower = matrix.slice()
  for (let i = 0; i < dimensions; i += 1) {
    const row = i * dimensions
    const diagonal = (matrix[row + i] as number) + added
    for (let j = 0; j <= i; j += 1) {
      let sum = i === j ? diagonal : (matrix[row + j] as number)
      for (let k = 0; k < j; k += 1) sum -= (lower[row + k] as number) * (lower[j * dimensions + k] as number)
      if (i !== j) lower[row + j] = sum / (lower[j * dimensions + j] as number)
      else if (sum > 1e-14 * diagonal) lower[row + i] = Math.sqrt(sum)
      else return undefined
    }
  }
  return lower
}

function substitute(lower: Float64Array, target: Float64Array, dimensions: number): Float64Array {
  const x = target.slice()
  for (let i = 0; i < dimensions; i += 1) {
    for (let k = 0; k < i; k += 1) x[i] = (x[i] as number) - (lower[i * dimensions + k] as number) * (x[k] as number)
    x[i] = (x[i] as number) / (lower[i * dimensions + i] as number)
  }
  for (let i = dimensions - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < dimensions; k += 1) x[i] = (x[i] as number) - (lower[k * dimensions + i] as number) * (x[k] as number)
    x[i] = (x[i] as number) / (lower[i * dimensions + i] as number)
  }
  return x
}
