// Offline evaluation of a recommender by full ranking, no sampled negatives.
import { createRandom } from '@rondo/random'
import { checkFinite, checkInteger, checkLength } from '../checks.ts'
import { createYield } from '../create-yield.ts'
import { checkCsr, type CsrMatrix } from '../matrix/csr-matrix.ts'
import { computeNdcg, computeRecall } from './metrics.ts'

export type RankingInput = {
  /** Users by items. What a user has in `train` is not ranked; what it has in `test` is relevant. */
  train: CsrMatrix
  test: CsrMatrix
  /** Scores of all items for a user, higher is better. May return the same array each time. */
  computeScores: (user: number) => ArrayLike<number>
  k: number
  /** Of the coin that orders equal scores. */
  seed?: number | string
}

export type RankingReport = {
  k: number
  /** Users with test items: the means are over them. */
  userCount: number
  recall: number
  ndcg: number
  /** Share (0 to 1) of all items that stand in at least one user's first k. */
  coverageShare: number
}

/**
 * For each user with test items: ranks every item but the user's train items, and takes recall@k = hits / |test items| and
 * NDCG@k with the ideal over min(k, |test items|); reports means over these users. Equal scores are ordered at random, seeded: an
 * order by index would reward data sets whose ids follow popularity. This is the protocol of LightGCN's published code.
 */
export async function evaluateRanking({ train, test, computeScores, k, seed = 1 }: RankingInput): Promise<RankingReport> {
  checkCsr('test', test)
  checkInteger('k', k, 1)
  checkLength('train rows', { length: train.rowCount }, test.rowCount)
  checkLength('train columns', { length: train.columnCount }, test.columnCount)
  const random = createRandom(seed)
  const tieKeys = new Uint32Array(test.columnCount)
  const excluded = new Uint8Array(test.columnCount)
  const recommended = new Uint8Array(test.columnCount)
  const pause = createYield()
  let [userCount, recall, ndcg] = [0, 0, 0]
  for (let user = 0; user < test.rowCount; user += 1) {
    const relevant = new Set(readRow(test, user))
    if (relevant.size === 0) continue
    const turn = pause()
    if (turn) await turn
    const scores = computeScores(user)
    checkLength(`scores of user ${user}`, scores, test.columnCount)
    checkFinite(`scores of user ${user}`, scores)
    excluded.fill(0)
    for (const item of readRow(train, user)) excluded[item] = 1
    for (let item = 0; item < tieKeys.length; item += 1) tieKeys[item] = random.uint32()
    const ranking = rankFirst(scores, excluded, tieKeys, k)
    for (const item of ranking) recommended[item] = 1
    userCount += 1
    recall += computeRecall(ranking, relevant, k)
    ndcg += computeNdcg(ranking, relevant, k)
  }
  const covered = recommended.reduce((sum, flag) => sum + flag, 0)
  return { k, userCount, recall: recall / userCount, ndcg: ndcg / userCount, coverageShare: covered / test.columnCount }
}

function readRow({ rowOffsets, columnIndices }: CsrMatrix, row: number): Int32Array {
  return columnIndices.subarray(rowOffsets[row], rowOffsets[row + 1])
}

function rankFirst(scores: ArrayLike<number>, excluded: Uint8Array, tieKeys: Uint32Array, k: number): number[] {
  const compare = (a: number, b: number): number =>
    (scores[b] as number) - (scores[a] as number) || (tieKeys[a] as number) - (tieKeys[b] as number)
  const first: number[] = []
  for (let item = 0; item < scores.length; item += 1) {
    if (excluded[item] || (first.length === k && compare(item, first[k - 1] as number) >= 0)) continue
    let place = first.length === k ? k - 1 : first.length
    for (; place > 0 && compare(item, first[place - 1] as number) < 0; place -= 1) first[place] = first[place - 1] as number
    first[place] = item
  }
  return first
}
