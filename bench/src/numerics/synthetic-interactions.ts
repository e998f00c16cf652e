// Seeded interactions at the size of a service: every user the same number, items as popular as the square of a draw makes them.
import { createCsr, type CsrMatrix } from '@rondo/numerics'
import { createRandom } from '@rondo/random'

export function createSyntheticInteractions(userCount: number, itemCount: number, entryCount: number): CsrMatrix {
  const random = createRandom('bench/ials')
  const rows = new Int32Array(entryCount)
  const columns = new Int32Array(entryCount)
  const values = new Float32Array(entryCount)
  for (let entry = 0; entry < entryCount; entry += 1) {
    rows[entry] = entry % userCount
    columns[entry] = Math.floor(itemCount * random.next() ** 2)
    values[entry] = 1 + 4 * random.next()
  }
  return createCsr({ rowCount: userCount, columnCount: itemCount, rows, columns, values })
}
