// Fold-in of one row.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandomInteractions } from '../../test/random-interactions.ts'
import { computeGram, type RowInput, solveRow } from './solve-row.ts'
import { trainIals } from './train-ials.ts'

const interactions = createRandomInteractions({ rowCount: 60, columnCount: 40, entryCount: 500 })
const model = await trainIals({ interactions, dimensions: 12, epochs: 30, threads: 1, alpha0: 0.3, regularization: 0.05, nu: 0.8 })
const rowInput = (user: number): RowInput => ({
  ...model,
  factors: model.itemFactors,
  gram: model.itemGram,
  columnIndices: interactions.columnIndices.subarray(interactions.rowOffsets[user], interactions.rowOffsets[user + 1]),
  values: interactions.values.subarray(interactions.rowOffsets[user], interactions.rowOffsets[user + 1]),
})

test('NUM9 the entries of a trained user give that user back', () => {
  for (const user of [0, 7, 59]) {
    const trained = model.userFactors.subarray(user * 12, user * 12 + 12)
    const folded = solveRow(rowInput(user))
    // the last half-epoch moved the items a little after the users were solved
    for (let k = 0; k < 12; k += 1) assert.ok(Math.abs(folded[k]! - trained[k]!) < 0.02, `${folded[k]} against ${trained[k]}`)
  }
})

test('NUM9 the Gram matrix of a model is that of its factors', () => {
  const gram = computeGram(model.itemFactors, 12)
  gram.forEach((value, at) => assert.ok(Math.abs(value - model.itemGram[at]!) < 1e-4 * Math.abs(gram[0]!)))
})

test('NUM9 a user without entries has the zero factor', () => {
  assert.deepEqual(solveRow({ ...rowInput(0), columnIndices: [], values: [] }), new Float32Array(12))
})

test('NUM2 rows that do not fit the model are refused with their numbers', () => {
  assert.throws(() => solveRow({ ...rowInput(0), columnIndices: [40], values: [1] }), { message: /"columnIndices\[0\]" is "40"/ })
  assert.throws(() => solveRow({ ...rowInput(0), columnIndices: [1], values: [Number.NaN] }), { code: 'NUMERICS_NOT_FINITE' })
  assert.throws(() => solveRow({ ...rowInput(0), gram: new Float32Array(9) }), { message: '"gram" must hold 144 numbers, but holds 9.' })
  assert.throws(() => solveRow({ ...rowInput(0), dimensions: 7 }), { code: 'NUMERICS_SIZE_MISMATCH' })
})
