// The experiments room: opens its tables, puts the flags in force, and answers its door, OFREP and the daily look.
import { randomBytes } from 'node:crypto'
import { createCtx } from '@rondo/context'
import type { Service } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { migrations } from '../migrations/index.ts'
import { experimentsContract, type ExperimentsContract } from './contract.ts'
import type { ExperimentsDeps, Room } from './deps.ts'
import { createOfrepRoutes } from './dialects/ofrep/routes.ts'
import { createStreamRight } from './dialects/ofrep/stream-right.ts'
import { createEventStreams } from './dialects/ofrep/stream.ts'
import { createBoundsFinder } from './domain/readout/plan-bounds.ts'
import { createFlagSet } from './flag-set.ts'
import { createLookSchedule } from './look-schedule.ts'
import { createRoomMetrics } from './room-metrics.ts'
import { listAudit } from './store/audit-store.ts'
import { listSegments } from './store/flag-store.ts'
import { ensureRoomKey } from './store/room-key-store.ts'
import { archiveFlag } from './use-cases/archive-flag.ts'
import { createExperiment } from './use-cases/create-experiment.ts'
import { getFlag, listFlags } from './use-cases/list-flags.ts'
import { listLearning } from './use-cases/list-learning.ts'
import { putFlag } from './use-cases/put-flag.ts'
import { listMetrics, putMetric } from './use-cases/put-metric.ts'
import { putSegment } from './use-cases/put-segment.ts'
import { getExperiment, listExperiments, readReadout } from './use-cases/read-experiment.ts'
import { reportPulse } from './use-cases/report-pulse.ts'
import { resolveFlag } from './use-cases/resolve-flag.ts'
import { createDraftStarter } from './use-cases/start-due-drafts.ts'
import { startExperiment } from './use-cases/start-experiment.ts'
import { stopExperiment } from './use-cases/stop-experiment.ts'
import { takeDueLooks } from './use-cases/take-look.ts'

export async function createExperimentsService(deps: ExperimentsDeps): Promise<Service<ExperimentsContract>> {
  const ctx = createCtx({ principal: { kind: 'service', name: 'experiments' } })
  const { relational } = deps
  await relational.migrate(migrations, ctx)
  const room: Room = { ...deps, flags: createFlagSet(relational, deps.account ?? 'rondo'), schedule: createLookSchedule(relational), findBounds: createBoundsFinder() }
  await room.flags.reload(ctx)
  await room.schedule.reload(ctx)
  const streams = createEventStreams(room.flags, createStreamRight(await ensureRoomKey(relational.db, 'ofrep-stream', randomBytes(32).toString('base64url')), deps.wallClock))
  const figures = createRoomMetrics(room, streams)
  const startDueDrafts = createDraftStarter(room, deps.log)

  return {
    contract: experimentsContract,
    api: {
      putFlag: ({ key, body }, call) => putFlag(key, body, room, call),
      listFlags: ({ archived }) => listFlags(archived ?? false, room),
      getFlag: ({ key }) => getFlag(key, room),
      archiveFlag: ({ key }, call) => archiveFlag(key, room, call),
      resolveFlag: async ({ key, body }) => figures.countResolved(resolveFlag(key, body.unit, body.attributes ?? {}, room)),
      resolveUnits: async ({ key, body }) => ({ rows: body.units.map((unit) => resolveFlag(key, unit, body.attributes ?? {}, room)) }),
      putSegment: ({ name, body }, call) => putSegment(name, body, room, call),
      listSegments: async () => ({ rows: await listSegments(relational.db) }),
      putMetric: ({ name, body }, call) => putMetric(name, body, room, call),
      listMetrics: () => listMetrics(room),
      async createExperiment({ body }, call) {
        await createExperiment(body, room, call)
        const experiment = await getExperiment(body.id, room)
        if (experiment.state !== 'draft' || body.autoStart !== true) return experiment
        await startExperiment(body.id, room, call)
        return getExperiment(body.id, room)
      },
      listExperiments: ({ state }) => listExperiments(state, room),
      getExperiment: ({ id }) => getExperiment(id, room),
      async startExperiment({ id }, call) {
        await startExperiment(id, room, call)
        return getExperiment(id, room)
      },
      async stopExperiment({ id, body }, call) {
        await stopExperiment(id, body, room, call)
        return getExperiment(id, room)
      },
      readout: ({ id }) => readReadout(id, room),
      learning: () => listLearning(room),
      listAudit: async ({ subject, limit }) => ({ rows: await listAudit(relational.db, subject, limit ?? 100) }),
      pulse: (_, call) => reportPulse(room, call),
    },
    raw: createOfrepRoutes(room, streams),
    jobs: [
      { name: 'start drafts', everyMs: 1000, run: startDueDrafts },
      {
        name: 'take looks',
        everyMs: 1000,
        async run(round) {
          try {
            const taken = await takeDueLooks(room, round)
            figures.countLooks(taken)
            return taken
          } catch (thrown) {
            // The day stays due; the next round tries again.
            const error = toAppError(thrown)
            deps.log.warn('a look could not be taken', { code: error.code, message: error.message })
            return 0
          }
        },
      },
    ],
    metrics: figures.read,
    ready: (call) => relational.ready(call),
    close: async () => streams.close(),
  }
}
