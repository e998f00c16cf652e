// Trains one model on a week's taste and keeps it; how good it is, is measured afterwards.
import type { Ctx } from '@rondo/context'
import { IALS_DEFAULTS, trainIals } from '@rondo/numerics'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { buildInteractions, type TasteRow } from '../domain/interactions.ts'
import { discoverWeekly } from '../domain/model-definition.ts'
import { errors } from '../errors.ts'
import type { Parts } from '../parts.ts'
import type { ModelTable } from '../store/model-store.ts'
import { createLiveModel, type LiveModel } from './live-model.ts'

/** Fewer interactions than this teach nothing that popularity does not say. */
const LEAST_INTERACTIONS = 20
/** Half the dimensions that measure best cost a sixth of the time and lose 0.004 of recall@20; one thread leaves a core to the rest of the house. */
export const TRAINING = { ...IALS_DEFAULTS, dimensions: 64, epochs: 10, seed: 1, threads: 1 }
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
    metrics: '{}',
    listed_ms: null,
  }
  const factors = { users, items, dimensions, alpha0, regularization, nu, listenersOf: [...listenersOf], userFactors, itemFactors, itemGram }
  await parts.models.put(row, factors, ctx)
  parts.log.info('model trained', { version: row.version, users: row.users, items: row.items, interactions: entries, trainMs: Math.round(row.train_ms) })
  parts.unmeasured.push({ version: row.version, matrix })
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
