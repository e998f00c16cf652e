// A pipelines room on real embedded stores in one folder, with the fake events room beside it.
import { openAnalytics, type Analytics } from '@rondo/analytics'
import { createCtx, type Ctx } from '@rondo/context'
import { createLocalClient, type Api, type Log } from '@rondo/contract'
import { createIds } from '@rondo/ids'
import { openObjects, type Objects } from '@rondo/objects'
import { createSystemRandom } from '@rondo/random'
import type { Relational } from '@rondo/relational'
import { openTestDatabase } from '@rondo/relational/testing'
import { createManualClock, type ManualClock } from '@rondo/time'
import type { PipelinesContract } from '../src/contract.ts'
import { pipelinesContract } from '../src/contract.ts'
import { createPipelinesService } from '../src/index.ts'
import type { PipelinesDatabase } from '../src/store/tables.ts'
import { createFakeEvents, type FakeEvents } from './fake-events.ts'

/** Monday. */
export const MONDAY_MS = Date.parse('2026-09-21T00:00:00Z')
export const ctx: Ctx = createCtx({ principal: { kind: 'service', name: 'test' } })
export const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export type TestRoom = AsyncDisposable & {
  api: Api<PipelinesContract>
  events: FakeEvents
  clock: ManualClock
  objects: Objects
  analytics: Analytics
  relational: Relational<PipelinesDatabase>
  /** Runs all jobs until none has anything to do; returns how many instances ran. */
  settle(): Promise<number>
  /** One round of the scheduler. */
  round(): Promise<number>
}

export type OpenOptions = { startMs?: number; events?: FakeEvents; wrap?: (stores: { objects: Objects; analytics: Analytics; relational: Relational<PipelinesDatabase> }) => Partial<{ objects: Objects; analytics: Analytics; relational: Relational<PipelinesDatabase> }> }

export async function openRoom(folder: string, options: OpenOptions = {}): Promise<TestRoom> {
  const clock = createManualClock(options.startMs ?? MONDAY_MS)
  const real = { objects: await openObjects(`file:${folder}/objects`), analytics: await openAnalytics('duckdb:'), relational: await openTestDatabase<PipelinesDatabase>(folder, 'pipelines') }
  const stores = { ...real, ...options.wrap?.(real) }
  const events = options.events ?? createFakeEvents(stores.objects, stores.analytics)
  const service = await createPipelinesService({ clock, ids: createIds(clock, createSystemRandom()), log: silent, peer: events.peer, ...stores })
  const jobs = service.jobs ?? []
  return {
    api: createLocalClient(pipelinesContract, service.api),
    events,
    clock,
    ...stores,
    async settle() {
      let ran = 0
      for (let did = 1; did > 0; ) {
        did = 0
        for (const job of jobs) {
          const done = await job.run(ctx)
          did += done
          if (job.name === 'pipelines.run-due') ran += done
        }
      }
      return ran
    },
    round: () => jobs[0]?.run(ctx) ?? Promise.resolve(0),
    async [Symbol.asyncDispose]() {
      await service.close()
      await real.analytics.close()
      await real.relational.close()
      await real.objects.close()
    },
  }
}
