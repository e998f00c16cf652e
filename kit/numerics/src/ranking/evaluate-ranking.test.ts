// Ranking metrics by hand, and the protocol of the evaluation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCsr } from '../matrix/csr-matrix.ts'
import { evaluateRanking } from './evaluate-ranking.ts'
import { computeNdcg, computeRecall } from './metrics.ts'

test('NUM17 recall and NDCG of worked cases', () => {
  const relevant = new Set([4, 7, 9])
  assert.equal(computeRecall([4, 1, 9, 2], relevant, 4), 2 / 3)
  assert.equal(computeRecall([4, 1, 9, 2], relevant, 1), 1 / 3)
  const ideal = 1 + 1 / Math.log2(3) + 1 / 2
  assert.equal(computeNdcg([4, 1, 9, 2], relevant, 4), (1 + 1 / 2) / ideal)
  assert.equal(computeNdcg([1, 4], relevant, 2), 1 / Math.log2(3) / (1 + 1 / Math.log2(3)))
  assert.equal(computeNdcg([9, 7, 4, 1], relevant, 10), 1)
  assert.equal(computeNdcg([], relevant, 10), 0)
})

const at = (rowCount: number, columnCount: number, rows: number[], columns: number[]) => createCsr({ rowCount, columnCount, rows, columns })

test('NUM18 train items are not ranked, and the mean is over users with test items', async () => {
  const train = at(3, 4, [0, 1], [0, 1])
  const held = at(3, 4, [0, 1], [1, 3])
  // user 0: item 0 would win but is known, so 1 is first. user 1: 0, 2, 3 remain, 3 is second. user 2 has no test item.
  const scores = [[9, 5, 1, 0], [9, 8, 1, 2], [0, 0, 0, 0]]
  const report = await evaluateRanking({ train, test: held, computeScores: (user) => scores[user]!, k: 2 })
  assert.deepEqual(report, { k: 2, userCount: 2, recall: 1, ndcg: (1 + 1 / Math.log2(3)) / 2, coverageShare: 1 })
  const first = await evaluateRanking({ train, test: held, computeScores: (user) => scores[user]!, k: 1 })
  assert.equal(first.recall, 0.5)
})

test('NUM18 a constant scorer gets chance, whatever the ids, and the same with the same seed', async () => {
  const users = Array.from({ length: 2000 }, (_, user) => user)
  const held = at(2000, 50, users, users.map(() => 0)) // the relevant item has the lowest id
  const train = at(2000, 50, users, users.map(() => 49))
  const scores = new Float32Array(50)
  const evaluate = (seed: number) => evaluateRanking({ train, test: held, computeScores: () => scores, k: 10, seed })
  const report = await evaluate(1)
  assert.ok(Math.abs(report.recall - 10 / 49) < 0.03, `recall ${report.recall}`)
  assert.deepEqual(await evaluate(1), report)
  assert.notEqual((await evaluate(2)).recall, report.recall)
})

test('NUM2 scores that are missing or not numbers are refused', async () => {
  const train = at(2, 3, [0], [0])
  const held = at(2, 3, [1], [1])
  await assert.rejects(evaluateRanking({ train, test: held, computeScores: () => [1, 2], k: 2 }), { message: '"scores of user 1" must hold 3 numbers, but holds 2.' })
  await assert.rejects(evaluateRanking({ train, test: held, computeScores: () => [1, Number.NaN, 2], k: 2 }), { code: 'NUMERICS_NOT_FINITE' })
  await assert.rejects(evaluateRanking({ train: at(2, 4, [0], [0]), test: held, computeScores: () => [1, 2, 3], k: 2 }), { code: 'NUMERICS_SIZE_MISMATCH' })
})
