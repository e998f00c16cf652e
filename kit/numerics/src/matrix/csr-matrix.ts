// Sparse matrices by rows: how everything here takes interactions.
import { checkFinite, checkInteger, checkLength } from '../checks.ts'
import { numericsErrors } from '../errors.ts'

/**
 * Compressed sparse rows. Row r has the entries rowOffsets[r] up to rowOffsets[r + 1] of `columnIndices` and `values`,
 * with rising, distinct columns.
 */
export type CsrMatrix = {
  readonly rowCount: number
  readonly columnCount: number
  readonly rowOffsets: Int32Array
  readonly columnIndices: Int32Array
  readonly values: Float32Array
}

export type Triplets = {
  rowCount: number
  columnCount: number
  /** Row, column and value of each entry, in any order; equal pairs are summed. Values are 1 when left out. */
  rows: ArrayLike<number>
  columns: ArrayLike<number>
  values?: ArrayLike<number>
}

/** Builds the matrix in time linear in entries + rows + columns. Refuses numbers out of range, unequal lengths and values not finite. */
export function createCsr(triplets: Triplets): CsrMatrix {
  const { rowCount, columnCount, rows, columns, values } = triplets
  checkInteger('rowCount', rowCount, 0)
  checkInteger('columnCount', columnCount, 0)
  checkLength('columns', columns, rows.length)
  if (values) {
    checkLength('values', values, rows.length)
    checkFinite('values', values)
  }
  // two stable counting sorts, by column and then by row, leave each row's columns rising
  const byColumn = sortByKey('columns', columns, columnCount).order
  const byRow = sortByKey('rows', rows, rowCount, byColumn)
  return mergeEqualColumns(triplets, byRow.order, byRow.offsets)
}

/** The transpose: columns become rows. */
export function transposeCsr(matrix: CsrMatrix): CsrMatrix {
  const { rowCount, columnCount, rowOffsets } = matrix
  const { order, offsets } = sortByKey('columnIndices', matrix.columnIndices, columnCount)
  const rowOf = new Int32Array(order.length)
  for (let row = 0; row < rowCount; row += 1) rowOf.fill(row, rowOffsets[row], rowOffsets[row + 1])
  return {
    rowCount: columnCount,
    columnCount: rowCount,
    rowOffsets: offsets,
    columnIndices: order.map((entry) => rowOf[entry] as number),
    values: Float32Array.from(order, (entry) => matrix.values[entry] as number),
  }
}

/** The same entries with other values, for example `mapValues(plays, Math.log1p)`. Refuses results that are not finite. */
export function mapValues(matrix: CsrMatrix, transform: (value: number) => number): CsrMatrix {
  const values = matrix.values.map(transform)
  checkFinite('values', values)
  return { ...matrix, values }
}

/** Refuses a matrix without entries, whose arrays do not fit together, or with a value that is not finite. */
export function checkCsr(name: string, matrix: CsrMatrix): void {
  const { rowCount, columnCount, rowOffsets, columnIndices, values } = matrix
  const entryCount = columnIndices.length
  if (rowCount === 0 || columnCount === 0 || entryCount === 0) throw numericsErrors.emptyMatrix({ name, rowCount, columnCount, entryCount })
  checkLength(`${name}.rowOffsets`, rowOffsets, rowCount + 1)
  checkLength(`${name}.values`, values, entryCount)
  checkFinite(`${name}.values`, values)
  for (let row = 0; row < rowCount; row += 1) {
    checkInteger(`${name}.rowOffsets[${row + 1}]`, rowOffsets[row + 1] as number, rowOffsets[row] as number, entryCount)
  }
  for (let entry = 0; entry < entryCount; entry += 1) {
    const column = columnIndices[entry] as number
    if (column < 0 || column >= columnCount) checkInteger(`${name}.columnIndices[${entry}]`, column, 0, columnCount - 1)
  }
}

function sortByKey(name: string, keys: ArrayLike<number>, keyCount: number, order?: Int32Array): { order: Int32Array; offsets: Int32Array } {
  const offsets = new Int32Array(keyCount + 1)
  for (let entry = 0; entry < keys.length; entry += 1) {
    const key = keys[entry] as number
    if (!(Number.isInteger(key) && key >= 0 && key < keyCount)) checkInteger(`${name}[${entry}]`, key, 0, keyCount - 1)
    offsets[key + 1] = (offsets[key + 1] as number) + 1
  }
  for (let key = 0; key < keyCount; key += 1) offsets[key + 1] = (offsets[key + 1] as number) + (offsets[key] as number)
  const next = offsets.slice()
  const sorted = new Int32Array(keys.length)
  for (let at = 0; at < keys.length; at += 1) {
    const entry = order ? (order[at] as number) : at
    const key = keys[entry] as number
    const target = next[key] as number
    sorted[target] = entry
    next[key] = target + 1
  }
  return { order: sorted, offsets }
}

function mergeEqualColumns({ rowCount, columnCount, columns, values }: Triplets, order: Int32Array, offsets: Int32Array): CsrMatrix {
  const rowOffsets = new Int32Array(rowCount + 1)
  const columnIndices = new Int32Array(order.length)
  const sums = new Float64Array(order.length)
  let count = 0
  for (let row = 0; row < rowCount; row += 1) {
    const first = count
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at += 1) {
      const entry = order[at] as number
      const column = columns[entry] as number
      if (count === first || columnIndices[count - 1] !== column) columnIndices[count++] = column
      sums[count - 1] = (sums[count - 1] as number) + (values ? (values[entry] as number) : 1)
    }
    rowOffsets[row + 1] = count
  }
  return { rowCount, columnCount, rowOffsets, columnIndices: columnIndices.slice(0, count), values: Float32Array.from(sums.subarray(0, count)) }
}
