// Rooms that answer from typed tables: lets the portal be seen and tested without a running platform.
import type { Api, Contract, Pulse } from '@rondo/contract'
import type { catalogContract } from '@rondo/catalog/contract'
import { experimentsContract } from '@rondo/experiments/contract'
import { eventsContract } from '@rondo/events/contract'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { platformContract } from '@rondo/platform/contract'
import { recommendationsContract } from '@rondo/recommendations/contract'

export const NOW = '2026-09-21T09:42:00.000Z'

type Answer<C extends Contract, K extends keyof C['routes']> = Awaited<ReturnType<Api<C>[K]>>

/** Twenty-four notes around a usual; a repeatable wander, no chance. `late` lifts the last two beyond the outer line. */
export function notes(scale: number, phase: number, late = false): Pulse['notes'] {
  return Array.from({ length: 24 }, (_, index) => {
    const usual = scale * (1 + 0.4 * Math.sin(index / 4))
    const spread = scale * 0.12
    const wander = (((Math.sin(index * 12.9898 + phase * 78.233) * 43758.5453) % 1) + Math.sin(index / 2.5 + phase)) * 0.9
    const value = late && index > 21 ? usual + 2.7 * spread : usual + wander * spread
    return { at: new Date(Date.parse(NOW) - (23 - index) * 3_600_000).toISOString(), value, usual, spread }
  })
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ago = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString()

/** `out`: nobody is signed in. `broken`: the workspace has problems. `won`: all is well, and a win waits to be shipped. `away`: two rooms run elsewhere, and do not answer. */
export type Scene = 'turning' | 'fresh' | 'history' | 'out' | 'broken' | 'won' | 'away'

const broken = [{ file: 'metrics/listening.ts', line: 7, message: 'metric "minutes-listened" names the endpoint "user-metrics", which is not defined.', help: 'Known: user-metrics-daily.' }]

const away = ['events', 'pipelines'].map((room) => ({ room, address: 'http://10.0.0.5:7070', reason: `The ${room} room does not answer at http://10.0.0.5:7070.`, since: ago(3 * MINUTE) }))

const info = (scene: Scene): Answer<typeof platformContract, 'info'> => ({
  name: 'music', version: '0.1.0', now: NOW, principal: 'admin',
  world: scene === 'fresh' ? { on: false, size: 'off', phase: 'off', progress: 0, rate: 1 } : { on: true, size: 'default', phase: scene === 'history' ? 'history' : 'live', progress: scene === 'history' ? 0.62 : 1, rate: 60 },
  workspace: { loadedAt: NOW, definitions: 14, problems: scene === 'broken' ? broken : [] }, rooms: ['events', 'pipelines', 'recommendations', 'experiments', 'catalog'], away: scene === 'away' ? away : [],
})

const quiet: Pulse = { holds: 'nothing yet', rate: '0 /s', lagMs: null, state: 'waiting', notes: [], attention: [] }

const pulses = {
  events: { holds: '7 types, 1,204,118 events', rate: '184 /s', lagMs: 4_100, state: 'healthy', notes: notes(180, 0.4), attention: [] },
  pipelines: {
    holds: '10 endpoints', rate: '42 partitions/day', lagMs: 72 * MINUTE, state: 'healthy', notes: notes(70, 2.1),
    attention: [{ state: 'failed', subject: 'listening-daily', ref: '/data/listening-daily', owner: 'squad-data', since: ago(2 * HOUR), message: 'Null share of trackId is 3.2 %, allowed 1 %. Sunday is held back.', hurts: 'Hurts Discover Weekly for 3,841 listeners in 5 h 18 min' }],
  },
  recommendations: {
    holds: '2 models, 4,012 lists', rate: '311 served/s', lagMs: 19 * HOUR + 50 * MINUTE, state: 'late', notes: notes(19, 3.2, true),
    attention: [{ state: 'late', subject: 'discover-weekly', ref: '/recommendations', owner: 'squad-discovery', since: ago(41 * MINUTE), message: 'Lists of this week are made 41 minutes later than promised.', hurts: 'Hurts 4,012 listeners, none past their Monday yet' }],
  },
  experiments: {
    holds: '1 running', rate: '96 exposures/h', lagMs: 5 * HOUR + 12 * MINUTE, state: 'healthy', notes: notes(90, 5),
    attention: [
      { state: 'blocked', subject: 'home-shelves-v3', ref: '/experiments/home-shelves-v3', owner: 'squad-experimentation', since: ago(6 * HOUR), message: 'More units in treatment than the split allows, p = 0.00004. The readout is on hold.', hurts: 'Likely cause: exposures of one client arrive late' },
      { state: 'warned', subject: 'radio-length', ref: '/experiments/radio-length', owner: 'squad-experimentation', since: ago(26 * HOUR), message: 'Metric minutes is 26 hours old; the look of yesterday is not taken.', hurts: 'Delays one decision' },
    ],
  },
} satisfies Record<string, Pulse>

const won: Pulse['attention'][number] = { state: 'waiting', subject: 'home-shelves-v3', ref: '/experiments/home-shelves-v3', owner: 'squad-experimentation', since: ago(6 * HOUR), message: 'Ship it: list savers rose 92.5 %. Nobody has shipped it yet.', hurts: '3,841 listeners who took part still get popularity' }

const learning: Answer<typeof experimentsContract, 'learning'> = {
  rows: [
    { id: 'quieter-first-track', owner: 'squad-discovery', hypothesis: 'A quiet opening keeps people', learningClass: 'win', sentence: 'Ship it.', finding: 'Saves: +1.4 % (+0.5 % to +2.3 %), better', startedAt: ago(300 * HOUR), stoppedAt: ago(20 * HOUR), shipped: 'quiet', shippedAt: ago(12 * HOUR), wouldHaveTaught: null },
    { id: 'autoplay-after-search', owner: 'squad-discovery', hypothesis: 'Autoplay lengthens sessions', learningClass: 'regression found', sentence: 'Do not ship: session length fell.', finding: 'Session length: −0.8 % (−1.3 % to −0.3 %), worse', startedAt: ago(170 * HOUR), stoppedAt: ago(50 * HOUR), shipped: null, shippedAt: null, wouldHaveTaught: null },
    { id: 'larger-covers', owner: 'squad-portal', hypothesis: 'Larger covers are opened more', learningClass: 'neutral and powered', sentence: 'Do not ship: nothing moved, and a change of 1 % would have been seen.', finding: 'Opens: +0.1 % (−0.4 % to +0.5 %), no change seen', startedAt: ago(430 * HOUR), stoppedAt: ago(90 * HOUR), shipped: null, shippedAt: null, wouldHaveTaught: null },
  ],
  total: { stopped: 4, learned: 3, won: 1, learningRate: 0.75, winRate: 0.25 },
  classes: [],
  owners: [],
  deciding: { lagMs: 309 * HOUR, lastWeek: 3, total: 30, notes: notes(300, 7) },
  shipping: { lagMs: 53 * HOUR, lastWeek: 1, total: 7, notes: notes(50, 8) },
  unshipped: [],
}

const noPace: typeof learning.deciding = { lagMs: null, lastWeek: 0, total: 0, notes: [] }
const nothingLearned: typeof learning = { rows: [], total: { stopped: 0, learned: 0, won: 0, learningRate: null, winRate: null }, classes: [], owners: [], deciding: noPace, shipping: noPace, unshipped: [] }

const turn: Answer<typeof recommendationsContract, 'turn'> = {
  week: '2026-09-21', medianMs: 26 * HOUR + 14 * MINUTE, previousMs: 28 * HOUR + 19 * MINUTE, plays: 41_206,
  parts: [{ name: 'Listen to Events', ms: 4_000 }, { name: 'Events to Datasets', ms: 72 * MINUTE }, { name: 'Datasets to Recommendations', ms: 19 * HOUR + 50 * MINUTE }, { name: 'Recommendations to Listen', ms: 5 * HOUR + 12 * MINUTE }],
}
const noTurn: typeof turn = { week: null, medianMs: null, previousMs: null, plays: 0, parts: [] }

const audience: Answer<typeof recommendationsContract, 'audience'> = { activeLastDay: 3_841, total: 4_012 }

const found: Answer<typeof catalogContract, 'search'> = {
  rows: [
    { title: 'taste-weekly', kind: 'endpoint', detail: 'Taste of a listener over a week', owner: 'squad-data', path: '/data/taste-weekly' },
    { title: 'track-played', kind: 'event-type', detail: 'A play that ended', owner: 'squad-events', path: '/events/track-played' },
  ],
}

/** Path → JSON, for one scene. Unknown paths are not answered. */
export function answersOf(scene: Scene): Record<string, unknown> {
  const isFresh = scene === 'fresh'
  const isAway = scene === 'away'
  return {
    [`${platformContract.base}/info`]: info(scene),
    [`${eventsContract.base}/pulse`]: isAway ? undefined : isFresh ? { ...quiet, holds: '7 types, no events' } : pulses.events,
    [`${pipelinesContract.base}/pulse`]: isAway ? undefined : isFresh ? { ...quiet, holds: '10 endpoints' } : scene === 'history' || scene === 'won' ? { ...pulses.pipelines, attention: [] } : pulses.pipelines,
    [`${recommendationsContract.base}/pulse`]: isFresh ? { ...quiet, holds: 'no lists' } : scene === 'history' ? { ...quiet, holds: '1 model' } : scene === 'won' ? { ...pulses.recommendations, state: 'healthy', attention: [] } : pulses.recommendations,
    [`${experimentsContract.base}/pulse`]: isFresh ? { ...quiet, holds: '1 draft' } : scene === 'history' ? { ...quiet, holds: '1 running' } : scene === 'won' ? { ...pulses.experiments, attention: [won] } : pulses.experiments,
    [`${recommendationsContract.base}/turn`]: scene === 'fresh' || scene === 'history' ? noTurn : turn,
    [`${experimentsContract.base}/learning`]: scene === 'fresh' || scene === 'history' ? nothingLearned : scene === 'won' ? { ...learning, unshipped: ['home-shelves-v3'] } : learning,
    [`${recommendationsContract.base}/audience`]: isFresh ? { activeLastDay: 0, total: 0 } : audience,
    [`${experimentsContract.base}/experiments`]: { rows: [] },
    '/api/catalog/v1/search': found,
  }
}
