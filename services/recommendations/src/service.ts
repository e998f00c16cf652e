// The recommendations room: follows listening, learns each Monday, answers at any time.
import { createCtx } from '@rondo/context'
import type { Log, Metric, Peer, Service } from '@rondo/contract'
import type { KeyValue } from '@rondo/key-value'
import type { Objects } from '@rondo/objects'
import type { Relational } from '@rondo/relational'
import type { Clock } from '@rondo/time'
import { migrations } from '../migrations/index.ts'
import { recommendationsContract } from './contract.ts'
import type { Parts } from './parts.ts'
import { openItemStore } from './store/item-store.ts'
import { createListStore } from './store/list-store.ts'
import { openListenerStore } from './store/listener-store.ts'
import { createModelStore, type RecommendationsDb } from './store/model-store.ts'
import { findSimilar, getModel, getUser, getWeekly, listUsers, recommend } from './use-cases/answer.ts'
import { openPlayCounts } from './use-cases/count-plays.ts'
import { createFollower } from './use-cases/follow-events.ts'
import { makeWeek, refresh } from './use-cases/make-week.ts'
import { openTurns } from './use-cases/measure-turn.ts'
import { takePulse } from './use-cases/take-pulse.ts'

export type RecommendationsDeps = {
  clock: Clock
  log: Log
  peer: Peer
  keyValue: KeyValue
  objects: Objects
  relational: Relational<RecommendationsDb>
}

const FOLLOW_EVERY_MS = 500
const WEEK_EVERY_MS = 2_000

export async function createRecommendationsService(deps: RecommendationsDeps): Promise<Service<typeof recommendationsContract>> {
  const house = createCtx({ principal: { kind: 'service', name: 'recommendations' } })
  await deps.relational.migrate(migrations, house)
  const lists = createListStore(deps.keyValue)
  const parts: Parts = {
    clock: deps.clock,
    log: deps.log,
    peer: deps.peer,
    lists,
    listeners: await openListenerStore(deps.keyValue, house),
    items: await openItemStore(deps.keyValue, house),
    models: createModelStore(deps.relational, deps.objects),
    turns: await openTurns(deps.keyValue, lists, house),
    playCounts: await openPlayCounts(deps.keyValue, house),
    live: { model: undefined },
  }
  const follower = createFollower(parts)
  const answered = { weekly: 0, recommend: 0, similar: 0 }

  return {
    contract: recommendationsContract,
    api: {
      weekly: (input, ctx) => ((answered.weekly += 1), getWeekly(parts, input, ctx)),
      recommend: ({ user, k }, ctx) => ((answered.recommend += 1), recommend(parts, { user, k: k ?? 10 }, ctx)),
      similar: ({ item, k }, ctx) => ((answered.similar += 1), findSimilar(parts, { item, k: k ?? 10 }, ctx)),
      listUsers: ({ q, limit }, ctx) => listUsers(parts, { limit: limit ?? 100, ...(q === undefined ? {} : { q }) }, ctx),
      getUser: ({ user }, ctx) => getUser(parts, user, ctx),
      listModels: async () => ({ rows: await parts.models.list() }),
      async refresh(_input, ctx) {
        while ((await follower.run(house)) > 0) if (ctx.signal.aborted) break
        const { model, lists: made } = await refresh(parts, ctx)
        const { version, users, items, interactions } = model.row
        return { modelVersion: version, users, items, interactions, lists: made }
      },
      turn: async () => parts.turns.report(parts.clock.now()),
      pulse: () => takePulse(parts),
    },
    jobs: [
      { name: 'recommendations.follow', everyMs: FOLLOW_EVERY_MS, run: () => follower.run(house) },
      { name: 'recommendations.week', everyMs: WEEK_EVERY_MS, run: () => makeWeek(parts, house) },
    ],
    metrics: (): Metric[] => [
      { name: 'rondo_recommendations_answers_total', help: 'Recommendation answers since the start, by kind.', type: 'counter', samples: Object.entries(answered).map(([kind, value]) => ({ labels: { kind }, value })) },
      { name: 'rondo_recommendations_items', help: 'Items in the catalogue.', type: 'gauge', samples: [{ value: parts.items.size }] },
    ],
    ready: async (ctx) => void (await getModel(parts, ctx)),
    async close() {
      await follower.flush(house)
      await deps.relational.close()
    },
  }
}
