// The oracle: iALS in plain f64 loops, straight from the equations, for tests to compare with.
import { createRandom } from '@rondo/random'
import { computeRidge } from '../src/ials/compute-ridge.ts'
import { type CsrMatrix, transposeCsr } from '../src/matrix/csr-matrix.ts'

type Options = { interactions: CsrMatrix; dimensions: number; epochs: number; alpha0: number; regularization: number; nu: number; seed: number | string }

/** Factors as rows of numbers. Starts from the same draw as `trainIals`. */
export function trainNaiveIals(options: Options): { users: number[][]; items: number[][] } {
  const { interactions, dimensions, epochs, seed } = options
  const random = createRandom(seed)
  const byItem = transposeCsr(interactions)
  let users: number[][] = []
  let items = Array.from({ length: interactions.columnCount }, () =>
    Array.from({ length: dimensions }, () => Math.fround((0.1 / Math.sqrt(dimensions)) * random.normal())),
  )
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    users = solveAll(interactions, items, options)
    items = solveAll(byItem, users, options)
  }
  return { users, items }
}

function solveAll(matrix: CsrMatrix, fixed: number[][], { dimensions, alpha0, regularization, nu }: Options): number[][] {
  return Array.from({ length: matrix.rowCount }, (_, row) => {
    const first = matrix.rowOffsets[row]!
    const last = matrix.rowOffsets[row + 1]!
    const ridge = computeRidge({ entryCount: last - first, columnCount: fixed.length, alpha0, regularization, nu })
    const system = Array.from({ length: dimensions }, (_, i) =>
      Array.from({ length: dimensions + 1 }, (_, j) => {
        if (j === dimensions) return 0
        return (i === j ? ridge : 0) + alpha0 * fixed.reduce((sum, y) => sum + y[i]! * y[j]!, 0)
      }),
    )
    for (let entry = first; entry < last; entry += 1) {
      const y = fixed[matrix.columnIndices[entry]!]!
      const value = matrix.values[entry]!
      for (let i = 0; i < dimensions; i += 1) {
        for (let j = 0; j < dimensions; j += 1) system[i]![j]! += Math.abs(value) * y[i]! * y[j]!
        system[i]![dimensions]! += (value > 0 ? value : 0) * y[i]!
      }
    }
    return eliminate(system)
  })
}

/** Gauss with partial pivoting on the augmented matrix: nothing in common with the code under test. */
function eliminate(system: number[][]): number[] {
  const n = system.length
  for (let k = 0; k < n; k += 1) {
    let best = k
    for (let i = k + 1; i < n; i += 1) if (Math.abs(system[i]![k]!) > Math.abs(system[best]![k]!)) best = i
    ;[system[k], system[best]] = [system[best]!, system[k]!]
    for (let i = k + 1; i < n; i += 1) {
      const factor = system[i]![k]! / system[k]![k]!
      for (let j = k; j <= n; j += 1) system[i]![j]! -= factor * system[k]![j]!
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let k = n - 1; k >= 0; k -= 1) {
    let sum = system[k]![n]!
    for (let j = k + 1; j < n; j += 1) sum -= system[k]![j]! * x[j]!
    x[k] = sum / system[k]![k]!
  }
  return x
}
