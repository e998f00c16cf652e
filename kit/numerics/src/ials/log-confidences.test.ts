// Confidences from counts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCsr } from '../matrix/csr-matrix.ts'
import { computeLogConfidences } from './log-confidences.ts'

test('NUM21 signs stay, magnitudes average one, more plays are more confidence', () => {
  const plays = createCsr({ rowCount: 1, columnCount: 4, rows: [0, 0, 0, 0], columns: [0, 1, 2, 3], values: [1, 100, -1, 0] })
  const { values } = computeLogConfidences(plays)
  assert.equal(values[2], -values[0]!)
  assert.equal(values[3], 0)
  assert.ok(values[1]! > values[0]! && values[1]! < 10 * values[0]!)
  assert.ok(Math.abs(values.reduce((sum, value) => sum + Math.abs(value), 0) / 4 - 1) < 1e-6)
})
