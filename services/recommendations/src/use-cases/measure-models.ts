// How good a model is, told by likes that a second model of the same kind did not see. Monday's lists do not wait for it.
import type { Ctx } from '@rondo/context'
import { createFactorIndex, evaluateRanking, trainIals, type CsrMatrix } from '@rondo/numerics'
import { splitHoldout } from '../domain/interactions.ts'
import type { Parts, Unmeasured } from '../parts.ts'
import { rowOf } from './live-model.ts'
import { TRAINING } from './train-model.ts'

/** Below this, setting likes aside would leave too little to learn from. */
const LEAST_TO_MEASURE = 2_000
/**
 * Above this a model stays unmeasured: up to here it is half a minute of one core (bench/src/recommendations/learn.ts --whole); quality of that
 * size is a matter for `rondo evaluate`.
 */
const MOST_TO_MEASURE = 2_000_000
const MOST_SCORES_TO_MEASURE = 1_000_000_000
const HELD_OUT_EVERY = 10
const MEASURED_AT = 20
const MOST_TRIES = 5

/** Measures the newest model that waits for it, and forgets older ones. Returns how many were measured. After a failure, which is thrown, the model waits for the next round, up to five times. */
export async function measureModels(parts: Parts, ctx: Ctx): Promise<number> {
  const newest = parts.unmeasured.at(-1)
  parts.unmeasured.length = 0
  if (newest === undefined || !isMeasured(newest.matrix)) return 0
  try {
    return await measure(parts, newest, ctx)
  } catch (thrown) {
    const failures = (newest.failures ?? 0) + 1
    // Before those that were trained meanwhile: newer ones go first.
    if (failures < MOST_TRIES) parts.unmeasured.unshift({ ...newest, failures })
    else parts.log.warn('model stays unmeasured', { version: newest.version, tries: failures })
    throw thrown
  }
}

async function measure(parts: Parts, { version, matrix }: Unmeasured, ctx: Ctx): Promise<number> {
  const { train, test } = splitHoldout(matrix, HELD_OUT_EVERY)
  if (test.columnIndices.length === 0) return 0
  const model = await trainIals({ ...TRAINING, interactions: train, signal: ctx.signal })
  const index = await createFactorIndex({ factors: model.itemFactors, dimensions: model.dimensions })
  const report = await evaluateRanking({ train, test, k: MEASURED_AT, computeScores: (user) => index.computeScores(rowOf(model.userFactors, user, model.dimensions)) })
  const metrics = { [`recall@${MEASURED_AT}`]: report.recall, [`ndcg@${MEASURED_AT}`]: report.ndcg }
  await parts.models.setMetrics(version, metrics)
  parts.log.info('model measured', { version, ...metrics })
  return 1
}

function isMeasured({ columnIndices, rowCount, columnCount }: CsrMatrix): boolean {
  return columnIndices.length >= LEAST_TO_MEASURE && columnIndices.length <= MOST_TO_MEASURE && rowCount * columnCount <= MOST_SCORES_TO_MEASURE
}
