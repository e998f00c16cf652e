// The marks on real listening: the HetRec 2011 Last.fm split, when the data are beside the repository.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  computeItemKnnScores,
  computeLogConfidences,
  computePopularity,
  createCsr,
  createFactorIndex,
  type CsrMatrix,
  evaluateRanking,
  fitItemKnn,
  mapValues,
  type RankingReport,
  trainIals,
} from '../src/index.ts'

const folder = new URL('../../../../shared/data/hetrec-lastfm-split/', import.meta.url)
const skip = existsSync(folder) ? false : 'the HetRec split is not in ../shared/data'
const [userCount, itemCount] = [1892, 4489]

/** Lines of `user item weight`, ids from 1. */
function readSplit(name: string): CsrMatrix {
  const lines = readFileSync(new URL(name, folder), 'utf8').trim().split('\n')
  const numbers = lines.map((line) => line.split('\t').map(Number) as [number, number, number])
  return createCsr({
    rowCount: userCount,
    columnCount: itemCount,
    rows: numbers.map(([user]) => user - 1),
    columns: numbers.map(([, item]) => item - 1),
    values: numbers.map(([, , weight]) => weight),
  })
}

function evaluate(computeScores: (train: CsrMatrix) => (user: number) => Float32Array): Promise<RankingReport> {
  const train = readSplit('data1.txt')
  return evaluateRanking({ train, test: readSplit('test1.txt'), computeScores: computeScores(train), k: 20 })
}

test('NUM20 iALS with its defaults reaches recall 0.277 and NDCG 0.2145', { skip }, async (t) => {
  const model = await trainIals({ interactions: computeLogConfidences(readSplit('data1.txt')) })
  const { userFactors, itemFactors, dimensions } = model
  const index = await createFactorIndex({ factors: itemFactors, dimensions })
  const report = await evaluate(() => (user) => index.computeScores(userFactors.subarray(user * dimensions, (user + 1) * dimensions)))
  t.diagnostic(JSON.stringify(report))
  assert.ok(report.recall >= 0.277 && report.ndcg >= 0.2145, JSON.stringify(report))
  assert.equal(model.resolvedRowCount, 0)
})

test('NUM20 item-kNN with its defaults reaches recall 0.265 and NDCG 0.206', { skip }, async (t) => {
  const report = await evaluate((train) => {
    const binary = mapValues(train, () => 1)
    const similarities = fitItemKnn(binary)
    return (user) => {
      const [first, last] = [train.rowOffsets[user], train.rowOffsets[user + 1]]
      return computeItemKnnScores(similarities, train.columnIndices.subarray(first, last), binary.values.subarray(first, last))
    }
  })
  t.diagnostic(JSON.stringify(report))
  assert.ok(report.recall >= 0.265 && report.ndcg >= 0.206, JSON.stringify(report))
})

test('NUM20 popularity is a floor well below both', { skip }, async (t) => {
  const report = await evaluate((train) => {
    const popularity = computePopularity(train)
    return () => popularity
  })
  t.diagnostic(JSON.stringify(report))
  assert.ok(report.recall > 0.03 && report.recall < 0.1)
})
