// Trains one model on a week's taste and keeps it, measured on likes that were set aside first.
import type { Ctx } from '@rondo/context'
import { IALS_DEFAULTS, createFactorIndex, evaluateRanking, trainIals, type CsrMatrix } from '@rondo/numerics'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { buildInteractions, splitHoldout, type Interactions, type TasteRow } from '../domain/interactions.ts'
import { errors } from '../errors.ts'
import type { LiveModel, Parts } from '../parts.ts'
import { createLiveModel, rowOf } from './live-model.ts'

/** Fewer interactions than this teach nothing that popularity does not say. */
const LEAST_INTERACTIONS = 20
/** Below this, setting likes aside would cost more than the figure is worth. */
const LEAST_TO_MEASURE = 2_000
const HELD_OUT_EVERY = 10
const MEASURED_AT = 20
const SEED = 1
/** Half the dimensions that measure best cost a sixth of the time and lose 0.004 of recall@20; one thread leaves a core to the rest of the house. */
const TRAINING = { ...IALS_DEFAULTS, dimensions: 64, epochs: 10, seed: SEED, threads: 1 }

export type TrainInput = { /** Monday of the weeks of taste. */ tasteWeek: string; /** Monday of the week whose lists it makes. */ week: string; provisional: boolean; dataMs: number }

/** Throws TOO_LITTLE_DATA when there is nothing to learn from. */
export async function trainModel(parts: Parts, input: TrainInput, ctx: Ctx): Promise<LiveModel> {
  const startedAt = performance.now()
  const interactions = buildInteractions(await readTaste(parts, input.tasteWeek, ctx))
  const entries = interactions.matrix.columnIndices.length
  if (entries < LEAST_INTERACTIONS) throw errors.tooLittleData({ interactions: entries, least: LEAST_INTERACTIONS, week: input.tasteWeek })
  const metrics = entries < LEAST_TO_MEASURE ? {} : await measure(interactions.matrix, ctx)
  const model = await trainIals({ ...TRAINING, interactions: interactions.matrix, signal: ctx.signal })
  const trainedMs = parts.clock.now()
  const row = {
    version: `${input.week}-${input.provisional ? `p${trainedMs.toString(36)}` : 'final'}`,
    name: 'discover-weekly',
    week: input.week,
    trained_ms: trainedMs,
    data_ms: input.dataMs,
    train_ms: performance.now() - startedAt,
    users: interactions.users.length,
    items: interactions.items.length,
    interactions: entries,
    dimensions: model.dimensions,
    provisional: input.provisional ? 1 : 0,
    lists: 0,
    metrics: JSON.stringify(metrics),
  }
  const factors = toFactors(model, interactions)
  await parts.models.put(row, factors, ctx)
  parts.log.info('model trained', { version: row.version, users: row.users, items: row.items, interactions: entries, trainMs: Math.round(row.train_ms), ...metrics })
  return createLiveModel(row, factors)
}

function toFactors(model: Awaited<ReturnType<typeof trainIals>>, { users, items, meanConfidence, listenersOf }: Interactions): LiveModel['factors'] {
  const { dimensions, alpha0, regularization, nu, userFactors, itemFactors, itemGram } = model
  return { users, items, dimensions, alpha0, regularization, nu, meanConfidence, listenersOf: [...listenersOf], userFactors, itemFactors, itemGram }
}

async function readTaste(parts: Parts, week: string, ctx: Ctx): Promise<TasteRow[]> {
  const { rows, truncated } = await parts.peer(pipelinesContract).sql(
    { body: { sql: 'select userId, trackId, score, epoch_ms(lastPlayedAt) as lastPlayedMs from taste_weekly where week = ?', params: [week], maxRows: 5_000_000, timeoutMs: 600_000 } },
    ctx,
  )
  if (truncated) throw errors.tooMuchData({ rows: rows.length })
  return rows.map((row) => ({ userId: String(row['userId']), trackId: String(row['trackId']), score: Number(row['score']), lastPlayedMs: Number(row['lastPlayedMs']) }))
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
