// Monday's work: when the taste of the week before is complete, learn from it and make everybody's lists, once.
import { createSerial } from '@rondo/async'
import type { Ctx } from '@rondo/context'
import { toAppError } from '@rondo/errors'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { MINUTE_MS, WEEK_MS, startOfWeek, toIsoDate } from '@rondo/time'
import { TASTE } from '../domain/model-definition.ts'
import { errors } from '../errors.ts'
import type { Parts } from '../parts.ts'
import type { Follower } from './follow-events.ts'
import { createLiveModel, type LiveModel } from './live-model.ts'
import { makeLists } from './make-lists.ts'
import { trainModel } from './train-model.ts'

export type Weeks = {
  /** Makes the lists of the current week when they are due and possible; returns how much was done, 0 for nothing. */
  run(ctx: Ctx): Promise<number>
  /** Learns from everything that has landed, also in partitions that are still open; makes the lists that the current week lacks. */
  refresh(ctx: Ctx): Promise<{ model: LiveModel; lists: number }>
}

const TASTE_PIPELINE = 'build-taste-weekly'
/** After "not yet", pipelines are asked again a minute later. */
const ASK_EVERY_MS = MINUTE_MS
/** While the clock stands still, a house that settles may publish between two rounds: so often it is asked at one instant. */
const ASKS_AT_ONE_INSTANT = 8

export function createWeeks(parts: Parts, follower: Follower): Weeks {
  const serial = createSerial()
  let madeWeek: string | undefined
  let asked = { atMs: -Infinity, times: 0 }
  /** The partition, by the instant it was published, that held too little to learn from. */
  let tooLittle: string | undefined

  const mayAsk = (nowMs: number): boolean => (nowMs === asked.atMs ? asked.times < ASKS_AT_ONE_INSTANT : Math.abs(nowMs - asked.atMs) >= ASK_EVERY_MS)

  /** Lists know of everything that was played before they are made. */
  const list = async (model: LiveModel, week: string, ctx: Ctx): Promise<number> => {
    await follower.catchUp(ctx)
    return makeLists(parts, model, week, ctx)
  }

  const runRound = async (nowMs: number, ctx: Ctx): Promise<number> => {
    const weekMs = startOfWeek(nowMs)
    const week = toIsoDate(weekMs)
    const standing = await parts.models.findFor(week)
    if (standing !== undefined && standing.listed_ms !== null) {
      madeWeek = week
      return 0
    }
    asked = { atMs: nowMs, times: nowMs === asked.atMs ? asked.times + 1 : 1 }
    const tasteWeek = toIsoDate(weekMs - WEEK_MS)
    const model = standing === undefined ? await learn(week, tasteWeek, ctx) : await createLiveModel(standing, await parts.models.loadFactors(standing.version, ctx))
    if (model === undefined) return 0
    // An import may have taught more than the week before.
    if (parts.live.model === undefined || parts.live.model.row.data_ms <= model.row.data_ms) parts.live.model = model
    const made = await list(model, week, ctx)
    madeWeek = week
    return 1 + made
  }

  const learn = async (week: string, tasteWeek: string, ctx: Ctx): Promise<LiveModel | undefined> => {
    const publishedMs = await findPublished(parts, tasteWeek, ctx)
    if (publishedMs === undefined || tooLittle === `${tasteWeek} ${publishedMs}`) return undefined
    try {
      return await trainModel(parts, { tasteWeek, week, provisional: false, dataMs: publishedMs }, ctx)
    } catch (thrown) {
      if (toAppError(thrown).code !== 'TOO_LITTLE_DATA') throw thrown
      tooLittle = `${tasteWeek} ${publishedMs}`
      return undefined
    }
  }

  return {
    async run(ctx) {
      const nowMs = parts.clock.now()
      if (toIsoDate(startOfWeek(nowMs)) === madeWeek || !mayAsk(nowMs)) return 0
      return serial(() => runRound(nowMs, ctx))
    },
    refresh: (ctx) =>
      serial(async () => {
        const week = toIsoDate(startOfWeek(parts.clock.now()))
        const run = await parts.peer(pipelinesContract).startRun({ body: { pipeline: TASTE_PIPELINE, partition: week, provisional: true } }, ctx)
        if (run.state !== 'published') throw errors.tasteNotPublished({ partition: week, state: run.state, reason: run.error?.message ?? 'a check failed' })
        const model = await trainModel(parts, { tasteWeek: week, week, provisional: true, dataMs: parts.clock.now() }, ctx)
        parts.live.model = model
        return { model, lists: await list(model, week, ctx) }
      }),
  }
}

/** When the final partition of that week was published, epoch ms; undefined while it was not. */
async function findPublished(parts: Parts, week: string, ctx: Ctx): Promise<number | undefined> {
  try {
    const { rows } = await parts.peer(pipelinesContract).listPartitions({ name: TASTE, from: week, to: toIsoDate(Date.parse(week) + WEEK_MS) }, ctx)
    const row = rows.find(({ partition }) => partition === week)
    return row?.state === 'published' && !row.provisional && row.publishedAt !== null ? Date.parse(row.publishedAt) : undefined
  } catch (thrown) {
    // A workspace without this dataset, or a peer that is away: nothing is due.
    const { kind } = toAppError(thrown)
    if (kind === 'not-found' || kind === 'unavailable') return undefined
    throw thrown
  }
}
