// Trains one model on a week's taste and keeps it, measured on likes that were set aside first.
import type { Ctx } from '@rondo/context'
import { IALS_DEFAULTS, createFactorIndex, evaluateRanking, trainIals, type CsrMatrix } from '@rondo/numerics'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { buildInteractions, splitHoldout, type TasteRow } from '../domain/interactions.ts'
import { discoverWeekly } from '../domain/model-definition.ts'
import { errors } from '../errors.ts'
import type { Parts } from '../parts.ts'
import type { ModelTable } from '../store/model-store.ts'
import { createLiveModel, rowOf, type LiveModel } from './live-model.ts'

/** Fewer interactions than this teach nothing that popularity does not say. */
const LEAST_INTERACTIONS = 20
/** Below this, setting likes aside would cost more than the figure is worth. */
const LEAST_TO_MEASURE = 2_000
/**
 * Above this nothing is set aside: measuring trains a second time and ranks every item for every user, and Monday's lists wait for it. Up to
 * here that is half a minute of one core (bench/src/recommendations/learn.ts --whole); quality of that size is a matter for `rondo evaluate`.
 */
const MOST_TO_MEASURE = 2_000_000
const MOST_SCORES_TO_MEASURE = 1_000_000_000
const HELD_OUT_EVERY = 10
const MEASURED_AT = 20
/** Half the dimensions that measure best cost a sixth of the time and lose 0.004 of recall@20; one thread leaves a core to the rest of the house. */
const TRAINING = { ...IALS_DEFAULTS, dimensions: 64, epochs: 10, seed: 1, threads: 1 }
const MOST_ROWS = 5_000_000

export type TrainInput = {
  /** Monday of the weeks of taste. */
  tasteWeek: string
  /** Monday of the week whose lists it makes. */
  week: string
  provisional: boolean
  /** When that taste was published, epoch ms. */
  dataMs: number
}

/** Throws TOO_LITTLE_DATA when there is nothing to learn from, TOO_MUCH_DATA when it does not fit. */
export async function trainModel(parts: Parts, { tasteWeek, week, provisional, dataMs }: TrainInput, ctx: Ctx): Promise<LiveModel> {
  const startedAt = performance.now()
  const { users, items, matrix, listenersOf } = buildInteractions(await readTaste(parts, tasteWeek, ctx))
  const entries = matrix.columnIndices.length
  if (entries < LEAST_INTERACTIONS) throw errors.tooLittleData({ interactions: entries, least: LEAST_INTERACTIONS, week: tasteWeek })
  const metrics = isMeasured(matrix) ? await measure(matrix, ctx) : {}
  const { dimensions, alpha0, regularization, nu, userFactors, itemFactors, itemGram } = await trainIals({ ...TRAINING, interactions: matrix, signal: ctx.signal })
  const row: ModelTable = {
    version: `${week}-${provisional ? `p${(await parts.models.countProvisional(week)) + 1}` : 'final'}`,
    name: discoverWeekly.name,
    week,
    trained_ms: parts.clock.now(),
    data_ms: dataMs,
    train_ms: performance.now() - startedAt,
    users: users.length,
    items: items.length,
    interactions: entries,
    dimensions,
    provisional: provisional ? 1 : 0,
    lists: 0,
    metrics: JSON.stringify(metrics),
    listed_ms: null,
  }
  const factors = { users, items, dimensions, alpha0, regularization, nu, listenersOf: [...listenersOf], userFactors, itemFactors, itemGram }
  await parts.models.put(row, factors, ctx)
  parts.log.info('model trained', { version: row.version, users: row.users, items: row.items, interactions: entries, trainMs: Math.round(row.train_ms), ...metrics })
  return createLiveModel(row, factors)
}

async function readTaste(parts: Parts, week: string, ctx: Ctx): Promise<TasteRow[]> {
  const { rows, truncated } = await parts.peer(pipelinesContract).sql(
    { body: { sql: 'select userId, trackId, score from taste_weekly where week = ?', params: [week], maxRows: MOST_ROWS, timeoutMs: 600_000 } },
    ctx,
  )
  if (truncated) throw errors.tooMuchData({ rows: rows.length })
  return rows.map((row) => ({ userId: String(row['userId']), trackId: String(row['trackId']), score: Number(row['score']) }))
}

function isMeasured({ columnIndices, rowCount, columnCount }: CsrMatrix): boolean {
  return columnIndices.length >= LEAST_TO_MEASURE && columnIndices.length <= MOST_TO_MEASURE && rowCount * columnCount <= MOST_SCORES_TO_MEASURE
}

/** Recall and NDCG at 20 of a model that did not see a tenth of the likes, ranked among all tracks the user had not touched. */
async function measure(matrix: CsrMatrix, ctx: Ctx): Promise<Record<string, number>> {
  const { train, test } = splitHoldout(matrix, HELD_OUT_EVERY)
  if (test.columnIndices.length === 0) return {}
  const model = await trainIals({ ...TRAINING, interactions: train, signal: ctx.signal })
  const index = await createFactorIndex({ factors: model.itemFactors, dimensions: model.dimensions })
  const report = await evaluateRanking({ train, test, k: MEASURED_AT, computeScores: (user) => index.computeScores(rowOf(model.userFactors, user, model.dimensions)) })
  return { [`recall@${MEASURED_AT}`]: report.recall, [`ndcg@${MEASURED_AT}`]: report.ndcg }
}
