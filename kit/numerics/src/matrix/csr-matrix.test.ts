// Building sparse matrices and refusing bad ones.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCsr, createCsr, mapValues, transposeCsr } from './csr-matrix.ts'

const triplets = { rowCount: 3, columnCount: 4, rows: [2, 0, 2, 0, 2], columns: [3, 1, 0, 1, 2], values: [5, 1, 2, 10, 3] }

test('NUM1 rows and columns come out sorted and equal pairs summed', () => {
  assert.deepEqual(createCsr(triplets), {
    rowCount: 3,
    columnCount: 4,
    rowOffsets: Int32Array.of(0, 1, 1, 4),
    columnIndices: Int32Array.of(1, 0, 2, 3),
    values: Float32Array.of(11, 2, 3, 5),
  })
})

test('NUM1 the order of the triplets does not matter, and values default to 1', () => {
  const order = [4, 2, 3, 0, 1]
  const pick = (values: number[]): number[] => order.map((at) => values[at]!)
  const shuffled = { ...triplets, rows: pick(triplets.rows), columns: pick(triplets.columns), values: pick(triplets.values) }
  assert.deepEqual(createCsr(shuffled), createCsr(triplets))
  const { rowCount, columnCount, rows, columns } = triplets
  assert.deepEqual(createCsr({ rowCount, columnCount, rows, columns }).values, Float32Array.of(2, 1, 1, 1))
})

test('NUM1 the transpose of the transpose is the matrix', () => {
  const matrix = createCsr(triplets)
  const transposed = transposeCsr(matrix)
  assert.deepEqual(transposed.rowOffsets, Int32Array.of(0, 1, 2, 3, 4))
  assert.deepEqual(transposed.columnIndices, Int32Array.of(2, 0, 2, 2))
  assert.deepEqual(transposeCsr(transposed), matrix)
})

test('NUM2 values that are not finite are refused by name and place', () => {
  const refused = { code: 'NUMERICS_NOT_FINITE', message: '"values" must be finite numbers, but number 2 is "NaN".' }
  assert.throws(() => createCsr({ ...triplets, values: [1, 2, Number.NaN, 4, 5] }), refused)
  assert.throws(() => mapValues(createCsr(triplets), () => Number.POSITIVE_INFINITY), { code: 'NUMERICS_NOT_FINITE' })
})

test('NUM2 unequal lengths and ids out of range are refused with their numbers', () => {
  assert.throws(() => createCsr({ ...triplets, columns: [1] }), { message: '"columns" must hold 5 numbers, but holds 1.' })
  assert.throws(() => createCsr({ ...triplets, columns: [3, 1, 0, 1, 4] }), { message: '"columns[4]" is "4", but must be a whole number from 0 to 3.' })
  assert.throws(() => createCsr({ ...triplets, rows: [2, 0, -1, 0, 2] }), { code: 'NUMERICS_OUT_OF_RANGE' })
})

test('NUM2 matrices that are empty or do not fit together are refused', () => {
  const empty = createCsr({ rowCount: 3, columnCount: 4, rows: [], columns: [] })
  assert.throws(() => checkCsr('interactions', empty), { message: '"interactions" is empty: 3 rows, 4 columns, 0 entries.' })
  const matrix = createCsr(triplets)
  assert.throws(() => checkCsr('m', { ...matrix, rowOffsets: Int32Array.of(0, 4) }), { code: 'NUMERICS_SIZE_MISMATCH' })
  assert.throws(() => checkCsr('m', { ...matrix, rowOffsets: Int32Array.of(0, 9, 1, 4) }), { code: 'NUMERICS_OUT_OF_RANGE' })
  assert.throws(() => checkCsr('m', { ...matrix, columnIndices: Int32Array.of(1, 0, 2, 4) }), { code: 'NUMERICS_OUT_OF_RANGE' })
})
