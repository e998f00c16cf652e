// The recommendations room: follows listening, learns each Monday, answers at any time.
import { createCtx } from '@rondo/context'
import type { Log, Metric, Peer, Service } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import type { KeyValue } from '@rondo/key-value'
import type { Objects } from '@rondo/objects'
import type { Relational } from '@rondo/relational'
import type { Clock } from '@rondo/time'
import { migrations } from '../migrations/index.ts'
import { recommendationsContract, type RecommendationsContract } from './contract.ts'
import { discoverWeekly } from './domain/model-definition.ts'
import type { Parts } from './parts.ts'
import { openItemStore } from './store/item-store.ts'
import { createListStore } from './store/list-store.ts'
import { openListenerStore } from './store/listener-store.ts'
import { createModelStore, type RecommendationsDb } from './store/model-store.ts'
import { openProgressStore } from './store/progress-store.ts'
import { getUser, listUsers } from './use-cases/answer-listeners.ts'
import { findSimilar, getModel, getWeekly, recommend } from './use-cases/answer-tracks.ts'
import { countAudience } from './use-cases/count-audience.ts'
import { openPlayCounts } from './use-cases/count-plays.ts'
import { createFollower } from './use-cases/follow-events.ts'
import { createWeeks } from './use-cases/make-week.ts'
import { measureModels } from './use-cases/measure-models.ts'
import { openTurns } from './use-cases/measure-turn.ts'
import { takePulse } from './use-cases/take-pulse.ts'
import { openTidy } from './use-cases/tidy.ts'

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
const TIDY_EVERY_MS = 60_000

/** Owns its key-value namespace, its database, and the objects under `models/discover-weekly/`. One process at a time: what it follows is in its memory first. */
export async function createRecommendationsService(deps: RecommendationsDeps): Promise<Service<RecommendationsContract>> {
  const { clock, log, peer, keyValue, objects, relational } = deps
  const house = createCtx({ principal: { kind: 'service', name: 'recommendations' } })
  await relational.migrate(migrations, house)
  const lists = createListStore(keyValue)
  const parts: Parts = {
    clock,
    log,
    peer,
    lists,
    progress: await openProgressStore(keyValue, house),
    listeners: await openListenerStore(keyValue, house),
    items: await openItemStore(keyValue, house),
    models: createModelStore(relational, objects),
    turns: await openTurns(keyValue, lists, house),
    playCounts: await openPlayCounts(keyValue, house),
    unmeasured: [],
    live: { model: undefined },
  }
  const follower = createFollower(parts)
  const weeks = createWeeks(parts, follower)
  const tidy = await openTidy(keyValue, clock, house)
  const answered = { weekly: 0, recommend: 0, similar: 0 }

  return {
    contract: recommendationsContract,
    api: {
      weekly: (input, ctx) => ((answered.weekly += 1), getWeekly(parts, input, ctx)),
      recommend: ({ user, k }, ctx) => ((answered.recommend += 1), recommend(parts, { user, k: k ?? 10 }, ctx)),
      similar: ({ item, k }, ctx) => ((answered.similar += 1), findSimilar(parts, { item, k: k ?? 10 }, ctx)),
      listUsers: async ({ q, limit }) => listUsers(parts, { limit: limit ?? 100, ...(q === undefined ? {} : { q }) }),
      audience: async () => countAudience(parts),
      getUser: ({ user }, ctx) => getUser(parts, user, ctx),
      listModelDefinitions: async () => ({ rows: [discoverWeekly] }),
      listModels: async () => ({ rows: await parts.models.list() }),
      async refresh(_input, ctx) {
        const { model, lists: made } = await weeks.refresh(ctx)
        const { version, users, items, interactions } = model.row
        return { modelVersion: version, users, items, interactions, lists: made }
      },
      turn: async () => parts.turns.report(clock.now()),
      pulse: () => takePulse(parts),
    },
    jobs: [
      { name: 'recommendations.follow', everyMs: FOLLOW_EVERY_MS, run: () => follower.run(house) },
      { name: 'recommendations.week', everyMs: WEEK_EVERY_MS, run: (ctx) => weeks.run(ctx) },
      { name: 'recommendations.measure', everyMs: WEEK_EVERY_MS, pace: 'behind', run: (ctx) => measureModels(parts, ctx) },
      { name: 'recommendations.tidy', everyMs: TIDY_EVERY_MS, run: (ctx) => tidy(ctx) },
    ],
    metrics: (): Metric[] => [
      { name: 'rondo_recommendations_answers_total', help: 'Recommendation answers since the start, by kind.', type: 'counter', samples: Object.entries(answered).map(([kind, value]) => ({ labels: { kind }, value })) },
      { name: 'rondo_recommendations_followed_total', help: 'Events taken since the start.', type: 'counter', samples: [{ value: follower.taken.events }] },
      { name: 'rondo_recommendations_passed_over_total', help: 'Events taken that told of no listener or no track, or of one whose name is too long.', type: 'counter', samples: [{ value: follower.taken.passedOver }] },
      { name: 'rondo_recommendations_items', help: 'Items in the catalogue.', type: 'gauge', samples: [{ value: parts.items.size }] },
      { name: 'rondo_recommendations_listeners', help: 'Listeners known.', type: 'gauge', samples: [{ value: parts.listeners.size }] },
    ],
    async ready(ctx) {
      await Promise.all([keyValue.ready(ctx), objects.ready(ctx), relational.ready(ctx), getModel(parts, ctx)])
    },
    async close() {
      try {
        await follower.flush(house)
      } catch (thrown) {
        log.warn('what was followed last could not be written; it is read again from the log', { reason: toAppError(thrown).message })
      }
    },
  }
}
