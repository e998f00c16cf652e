// The room with the real events and pipelines rooms beside it, on embedded stores in one folder, and a clock that stands still.
import { openAnalytics } from '@rondo/analytics'
import { createCtx, type Ctx } from '@rondo/context'
import { createLocalClient, type Api, type Contract, type Log, type Peer, type Service } from '@rondo/contract'
import { openEventLog } from '@rondo/event-log'
import { createEventsService, EVENT_EXPANDERS } from '@rondo/events'
import { eventsContract, type EventsContract, type WireEvent } from '@rondo/events/contract'
import { createIds } from '@rondo/ids'
import { openKeyValue, type KeyValue } from '@rondo/key-value'
import { openObjects } from '@rondo/objects'
import { createPipelinesService } from '@rondo/pipelines'
import { pipelinesContract, type PipelinesContract } from '@rondo/pipelines/contract'
import { createRandom } from '@rondo/random'
import { openTestDatabase } from '@rondo/relational/testing'
import { createManualClock, type ManualClock } from '@rondo/time'
import { recommendationsContract, type RecommendationsContract } from '../src/contract.ts'
import { createRecommendationsService } from '../src/index.ts'
import type { RecommendationsDb } from '../src/store/model-store.ts'
import { definitions, eventTypes } from './music.ts'

/** A Monday. */
export const START_MS = Date.parse('2026-09-07T00:00:00Z')
export const ctx: Ctx = createCtx({ principal: { kind: 'admin', name: 'test' } })
export const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export type House = AsyncDisposable & {
  clock: ManualClock
  events: Api<EventsContract>
  pipelines: Api<PipelinesContract>
  api: Api<RecommendationsContract>
  service: Service<RecommendationsContract>
  keyValue: KeyValue
  publish(events: WireEvent[]): Promise<void>
  /** All jobs of all rooms until none has anything due. */
  settle(): Promise<void>
  /** Closes the recommendations room and opens it again on the same stores. */
  restart(): Promise<void>
}

export type HouseOptions = { startMs?: number; hasDefinitions?: boolean; wrapKeyValue?: (keyValue: KeyValue) => KeyValue; wrapPeer?: (peer: Peer) => Peer }

export async function openHouse(folder: string, options: HouseOptions = {}): Promise<House> {
  const clock = createManualClock(options.startMs ?? START_MS)
  const random = createRandom(7)
  const stack = new AsyncDisposableStack()
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    stack.defer(() => one.close())
    return one
  }
  const clients = new Map<string, Api<Contract>>()
  const local: Peer = <C extends Contract>(contract: C): Api<C> => {
    const client = clients.get(contract.service)
    if (client === undefined) throw new Error(`no ${contract.service}`)
    return client as Api<C>
  }
  const parts = { clock, log: quiet, ids: createIds(clock, random), peer: local, objects: keep(await openObjects(`file:${folder}/objects`)) }
  const eventLog = keep(await openEventLog(`file:${folder}/log`, { expand: EVENT_EXPANDERS }))
  const analytics = keep(await openAnalytics('duckdb:', { folders: [`${folder}/objects`] }))
  const events = keep(await createEventsService({ ...parts, eventLog, relational: keep(await openTestDatabase(folder, 'events')), authenticate: async () => undefined, masterKey: Buffer.alloc(32, 7) }))
  const pipelines = keep(await createPipelinesService({ ...parts, analytics, relational: keep(await openTestDatabase(folder, 'pipelines')) }))
  const opened = keep(await openKeyValue(`lmdb:${folder}/key-value`, { clock, namespace: 'recommendations' }))
  const keyValue = options.wrapKeyValue?.(opened) ?? opened
  const relational = keep(await openTestDatabase<RecommendationsDb>(folder, 'recommendations'))
  const peer = options.wrapPeer?.(local) ?? local
  const create = (): Promise<Service<RecommendationsContract>> => createRecommendationsService({ clock, log: quiet, peer, keyValue, objects: parts.objects, relational })
  const service = await create()
  stack.defer(() => house.service.close())
  clients.set('events', createLocalClient(eventsContract, events.api))
  clients.set('pipelines', createLocalClient(pipelinesContract, pipelines.api))

  const house: House = {
    clock,
    events: local(eventsContract),
    pipelines: local(pipelinesContract),
    service,
    api: createLocalClient(recommendationsContract, service.api),
    keyValue,
    async publish(sent) {
      const { results } = await house.events.publish({ body: { events: sent } }, ctx)
      const dead = results.find(({ status }) => status === 'dead')
      if (dead !== undefined) throw new Error(dead.reason)
    },
    async settle() {
      for (let done = 1; done > 0; ) {
        done = 0
        for (const room of [events, pipelines, house.service]) for (const job of room.jobs ?? []) done += await job.run(ctx)
      }
    },
    async restart() {
      await house.service.close()
      house.service = await create()
      house.api = createLocalClient(recommendationsContract, house.service.api)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
  for (const body of eventTypes) await house.events.putType({ type: body.name, body }, ctx)
  if (options.hasDefinitions !== false) await house.pipelines.putDefinitions({ body: definitions }, ctx)
  return house
}
