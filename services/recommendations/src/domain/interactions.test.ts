// From taste to confidences, and what is set aside to measure.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCsr } from '@rondo/numerics'
import { buildInteractions, computeConfidence, splitHoldout } from './interactions.ts'

test('RE20 confidence keeps the sign, is 0 at 0, and grows by the logarithm', () => {
  assert.equal(computeConfidence(0), 0)
  for (const score of [0.5, 1, 13_883]) {
    assert.equal(computeConfidence(score), Math.log(1 + score))
    assert.equal(computeConfidence(-score), -computeConfidence(score))
  }
})

test('RE20 the mean magnitude of each listener is 1; rows of no score or no number are left out; likes count as listeners', () => {
  const rows = [
    { userId: 'b', trackId: 'y', score: 3 },
    { userId: 'a', trackId: 'y', score: -2 },
    { userId: 'a', trackId: 'x', score: 100 },
    { userId: 'c', trackId: 'z', score: 0 },
    { userId: 'c', trackId: 'x', score: Number.NaN },
    { userId: 'c', trackId: 'x', score: Infinity },
  ]
  const { users, items, matrix, listenersOf } = buildInteractions(rows)
  assert.deepEqual([users, items, [...listenersOf]], [['a', 'b'], ['x', 'y'], [1, 1]])
  const mean = (Math.log1p(100) + Math.log1p(2)) / 2
  const expected = [Math.log1p(100) / mean, -Math.log1p(2) / mean, 1]
  expected.forEach((value, entry) => assert.ok(Math.abs((matrix.values[entry] ?? 0) - value) < 1e-6, `entry ${entry}`))
})

test('RE21 the same rows in any order give the same matrix', () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ userId: `u${i % 7}`, trackId: `t${(i * 3) % 11}-${i}`, score: i - 20 }))
  assert.deepEqual(buildInteractions(rows.toReversed()), buildInteractions(rows))
})

test('RE20 nothing at all is an empty matrix, not an error', () => {
  const { matrix } = buildInteractions([])
  assert.equal(matrix.columnIndices.length, 0)
})

test('RE22 about a tenth of the likes is set aside, always the same, none of a listener with few, no dislike, and nothing is lost', () => {
  const [users, items, each] = [300, 200, 40]
  const rows = Array.from({ length: users * each }, (_, i) => i % users)
  const columns = Array.from({ length: users * each }, (_, i) => (Math.floor(i / users) * 5 + (i % 5)) % items)
  const values = columns.map((column) => (column % 10 === 0 ? -1 : 1))
  // One user more, with four entries.
  const matrix = createCsr({ rowCount: users + 1, columnCount: items, rows: [...rows, users, users, users, users], columns: [...columns, 1, 2, 3, 4], values: [...values, 1, 1, 1, 1] })
  const { train, test } = splitHoldout(matrix, 10)
  assert.deepEqual(splitHoldout(matrix, 10), { train, test })
  const likes = matrix.values.filter((value) => value > 0).length
  const share = test.columnIndices.length / likes
  assert.ok(share > 0.085 && share < 0.115, `${share}`)
  assert.ok(test.values.every((value) => value > 0))
  assert.equal(test.rowOffsets[users + 1], test.rowOffsets[users])
  assert.equal(train.columnIndices.length + test.columnIndices.length, matrix.columnIndices.length)
  // No pattern of the order: every item is set aside about as often as it is liked.
  const perItem = Array.from({ length: items }, (_, item) => test.columnIndices.filter((column) => column === item).length)
  assert.ok(perItem.filter((count) => count > 0).length > 0.8 * items * 0.9)
})
