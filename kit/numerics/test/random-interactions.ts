// Random interactions for tests: a few values, uneven rows, now and then a dislike.
import { createRandom } from '@rondo/random'
import { createCsr, type CsrMatrix } from '../src/matrix/csr-matrix.ts'

export function createRandomInteractions(input: { rowCount: number; columnCount: number; entryCount: number; seed?: number; dislikes?: boolean }): CsrMatrix {
  const { rowCount, columnCount, entryCount, seed = 1, dislikes = false } = input
  const random = createRandom(seed)
  const rows: number[] = []
  const columns: number[] = []
  const values: number[] = []
  for (let entry = 0; entry < entryCount; entry += 1) {
    rows.push(Math.floor(rowCount * random.next() ** 2))
    columns.push(random.int(columnCount))
    values.push((1 + random.int(3)) * (dislikes && random.next() < 0.2 ? -1 : 1))
  }
  return createCsr({ rowCount, columnCount, rows, columns, values })
}
