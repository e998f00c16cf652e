// The floors against their formulas written out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandomInteractions } from '../../test/random-interactions.ts'
import type { CsrMatrix } from '../matrix/csr-matrix.ts'
import { computeItemKnnScores, fitItemKnn } from './item-knn.ts'
import { computePopularity } from './popularity.ts'

const interactions = createRandomInteractions({ rowCount: 30, columnCount: 12, entryCount: 150 })
const dense = toDense(interactions)

function toDense({ rowCount, columnCount, rowOffsets, columnIndices, values }: CsrMatrix): number[][] {
  const rows = Array.from({ length: rowCount }, () => new Array<number>(columnCount).fill(0))
  rows.forEach((row, at) => {
    for (let entry = rowOffsets[at]!; entry < rowOffsets[at + 1]!; entry += 1) row[columnIndices[entry]!] = values[entry]!
  })
  return rows
}

function computeCosine(i: number, j: number, shrink: number): number {
  const dot = (a: number, b: number): number => dense.reduce((sum, row) => sum + row[a]! * row[b]!, 0)
  return dot(i, j) / (Math.sqrt(dot(i, i) * dot(j, j)) + shrink)
}

test('NUM19 popularity counts the rows of each column', () => {
  assert.deepEqual(Array.from(computePopularity(interactions)), dense[0]!.map((_, item) => dense.filter((row) => row[item] !== 0).length))
})

for (const shrink of [0, 7]) {
  test(`NUM19 similarities are shrunk cosines, shrink ${shrink}`, () => {
    const similarities = toDense(fitItemKnn(interactions, { shrink }))
    similarities.forEach((row, i) =>
      row.forEach((value, j) => assert.ok(Math.abs(value - (i === j ? 0 : computeCosine(i, j, shrink))) < 1e-6, `item ${i} and ${j}`)),
    )
  })
}

test('NUM19 only the largest neighbours are kept, with rising columns', () => {
  const kept = fitItemKnn(interactions, { neighbours: 3, shrink: 1 })
  for (let item = 0; item < 12; item += 1) {
    const columns = Array.from(kept.columnIndices.subarray(kept.rowOffsets[item], kept.rowOffsets[item + 1]))
    const others = Array.from({ length: 12 }, (_, other) => other).filter((other) => other !== item && computeCosine(item, other, 1) > 0)
    const best = others.sort((a, b) => computeCosine(item, b, 1) - computeCosine(item, a, 1)).slice(0, 3)
    assert.deepEqual(columns, best.sort((a, b) => a - b))
  }
})

test('NUM19 scores sum the similarities of what the user has', () => {
  const similarities = fitItemKnn(interactions, { shrink: 2 })
  const scores = computeItemKnnScores(similarities, [3, 8], [1, 2])
  scores.forEach((score, item) => {
    const expected = (item === 3 ? 0 : computeCosine(3, item, 2)) + 2 * (item === 8 ? 0 : computeCosine(8, item, 2))
    assert.ok(Math.abs(score - expected) < 1e-5)
  })
})

test('NUM2 an empty matrix and a bad shrink are refused', () => {
  assert.throws(() => fitItemKnn(interactions, { shrink: -1 }), { message: '"shrink" is "-1", but must be a finite number of at least 0.' })
  const empty = { rowCount: 2, columnCount: 2, rowOffsets: new Int32Array(3), columnIndices: new Int32Array(0), values: new Float32Array(0) }
  assert.throws(() => fitItemKnn(empty), { code: 'NUMERICS_EMPTY_MATRIX' })
})
