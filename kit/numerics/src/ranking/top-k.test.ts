// Top-k against sorting everything.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { createFactorIndex } from './factor-index.ts'
import { type Ranked, selectTopK } from './select-top-k.ts'

const random = createRandom(2)

function sortAll(scores: ArrayLike<number>, k: number): Ranked[] {
  const all = Array.from(scores, (score, index) => ({ index, score }))
  return all.sort((a, b) => b.score - a.score || a.index - b.index).slice(0, k)
}

test('NUM16 selectTopK equals a sort, with many ties', () => {
  for (const k of [1, 2, 7, 50, 300, 1000]) {
    const scores = Float32Array.from({ length: 300 }, () => random.int(12))
    assert.deepEqual(selectTopK(scores, k), sortAll(scores, k))
  }
})

test('NUM16 selectTopK leaves out what is excluded and what is not a number', () => {
  assert.deepEqual(selectTopK([Number.NaN, 5, 9, 7, Number.NaN, 8], 2, new Set([2])).map(({ index }) => index), [5, 3])
  assert.deepEqual(selectTopK([], 3), [])
})

for (const [size, dimensions] of [[1, 8], [1003, 8], [777, 5], [64, 64], [5000, 20]] as const) {
  test(`NUM16 an index of ${size} x ${dimensions} equals a sort of the dot products`, async () => {
    // small whole numbers: dot products are exact in f32 and often equal
    const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.int(3) - 1)
    const factors = draw(size * dimensions)
    const queries = draw(11 * dimensions)
    const index = await createFactorIndex({ factors, dimensions })
    for (const k of [1, 10, 100]) {
      const batch = await index.findTopKOfMany(queries, k)
      assert.equal(batch.length, 11)
      for (let q = 0; q < 11; q += 1) {
        const query = queries.subarray(q * dimensions, (q + 1) * dimensions)
        const scores = Array.from({ length: size }, (_, item) => query.reduce((sum, value, at) => sum + value * factors[item * dimensions + at]!, 0) + 0)
        assert.deepEqual(Array.from(index.computeScores(query), (score) => score + 0), scores)
        const expected = sortAll(scores, k)
        assert.deepEqual(index.findTopK(query, k).map(({ index: row, score }) => ({ index: row, score: score + 0 })), expected)
        assert.deepEqual(batch[q]!.map(({ index: row, score }) => ({ index: row, score: score + 0 })), expected)
      }
    }
  })
}

test('NUM16 searches that overlap in time do not disturb each other', async () => {
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.int(17) - 8) // exact sums
  const index = await createFactorIndex({ factors: draw(20000 * 16), dimensions: 16 })
  const [some, others] = [draw(200 * 16), draw(130 * 16)]
  const single = (queries: Float32Array): Ranked[][] =>
    Array.from({ length: queries.length / 16 }, (_, at) => index.findTopK(queries.subarray(at * 16, at * 16 + 16), 20))
  const places = (lists: Ranked[][]): number[][] => lists.map((list) => list.map(({ index: row }) => row))
  const searches = [index.findTopKOfMany(some, 20), index.findTopKOfMany(others, 20)]
  index.findTopK(some.subarray(0, 16), 5)
  const [first, second] = await Promise.all(searches)
  assert.deepEqual(places(first!), places(single(some)))
  assert.deepEqual(places(second!), places(single(others)))
})

test('NUM2 queries of another model, NaN factors and bad k are refused', async () => {
  const index = await createFactorIndex({ factors: new Float32Array(80), dimensions: 8 })
  assert.throws(() => index.findTopK(new Float32Array(16), 3), { message: '"query" must hold 8 numbers, but holds 16.' })
  assert.throws(() => index.findTopK(new Float32Array(8), 0), { code: 'NUMERICS_OUT_OF_RANGE' })
  assert.throws(() => index.findTopK(new Float32Array(8).fill(Number.NaN), 3), { code: 'NUMERICS_NOT_FINITE' })
  await assert.rejects(createFactorIndex({ factors: new Float32Array(81), dimensions: 8 }), { code: 'NUMERICS_SIZE_MISMATCH' })
  await assert.rejects(createFactorIndex({ factors: new Float32Array(8).fill(Number.NaN), dimensions: 8 }), { code: 'NUMERICS_NOT_FINITE' })
})
