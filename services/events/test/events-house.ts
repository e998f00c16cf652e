// The room on real stores in a folder, as tests drive it.
import { createLocalClient, type Api, type Log, type RawResponse } from '@rondo/contract'
import { createCtx } from '@rondo/context'
import { openEventLog, type EventLog, type OpenEventLogOptions } from '@rondo/event-log'
import { createIds } from '@rondo/ids'
import { openObjects, type Objects, type OpenObjectsOptions } from '@rondo/objects'
import { createRandom } from '@rondo/random'
import type { Relational } from '@rondo/relational'
import { openTestDatabase } from '@rondo/relational/testing'
import type { Clock } from '@rondo/time'
import type { EventsContract, EventTypeDefinition } from '../src/contract.ts'
import { createEventsService, EVENT_EXPANDERS, type EventsDb, type EventsDeps, type EventsOptions, type EventsService } from '../src/index.ts'

export const WRITE_KEY = 'wk-test'
export const START_MS = Date.parse('2026-09-21T09:00:00.000Z')
export const ctx = createCtx({ principal: { kind: 'admin', name: 'test' } })

const quiet = (): void => undefined
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

export type House = {
  service: EventsService
  api: Api<EventsContract>
  deps: EventsDeps
  eventLog: EventLog
  objects: Objects
  post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<RawResponse>
  /** Results of POST /v1/events as NDJSON or, when it begins with "[", as JSON. */
  send(body: string | object[]): Promise<{ id: string | null; status: string; reason?: string }[]>
  /** All jobs until none has anything to do. */
  settle(): Promise<void>
  close(): Promise<void>
}

export type HouseOptions = { logOptions?: OpenEventLogOptions; objectsOptions?: OpenObjectsOptions; /** Closed by who gives it. */ relational?: Relational<EventsDb>; wrapLog?: (eventLog: EventLog) => EventLog; wrapObjects?: (objects: Objects) => Objects; scanKernel?: EventsOptions['scanKernel']; landBytes?: number; allowedOrigins?: string[]; quotas?: NonNullable<EventsOptions['quotas']>; kafka?: NonNullable<EventsOptions['kafka']>; authenticate?: EventsDeps['authenticate']; buckets?: NonNullable<EventsOptions['buckets']>; wallClock?: Clock; ids?: NonNullable<EventsOptions['ids']> }

export async function openHouse(folder: string, clock: Clock, options: HouseOptions = {}): Promise<House> {
  const opened = await openEventLog(`file:${folder}/log`, { expand: EVENT_EXPANDERS, ...options.logOptions })
  const eventLog = options.wrapLog?.(opened) ?? opened
  const openedObjects = await openObjects(`file:${folder}/objects`, options.objectsOptions)
  const objects = options.wrapObjects?.(openedObjects) ?? openedObjects
  const relational = options.relational ?? (await openTestDatabase<EventsDb>(folder, 'events'))
  const deps: EventsDeps = {
    clock,
    ids: createIds(clock, createRandom(1)),
    log,
    authenticate: options.authenticate ?? (async (secret) => (secret === WRITE_KEY ? { kind: 'write', name: 'test' } : undefined)),
    eventLog,
    relational,
    objects,
    masterKey: Buffer.alloc(32, 7),
    ...(options.wallClock === undefined ? {} : { wallClock: options.wallClock }),
  }
  const { scanKernel = 'first', landBytes, allowedOrigins, quotas, kafka, buckets, ids } = options
  const service = await createEventsService(deps, { scanKernel, ...(landBytes === undefined ? {} : { landBytes }), ...(allowedOrigins === undefined ? {} : { allowedOrigins }), ...(quotas === undefined ? {} : { quotas }), ...(kafka === undefined ? {} : { kafka }), ...(buckets === undefined ? {} : { buckets }), ...(ids === undefined ? {} : { ids }) })
  const house: House = {
    service,
    api: createLocalClient(service.contract, service.api),
    deps,
    eventLog,
    objects,
    async post(path, body, headers = {}) {
      const route = service.raw?.find((raw) => raw.path === path.split('?')[0])
      if (route === undefined) throw new Error(`no route ${path}`)
      return route.handle({ method: 'POST', url: path, params: {}, query: new URLSearchParams(path.split('?')[1] ?? ''), headers: { authorization: `Bearer ${WRITE_KEY}`, ...headers }, body: Buffer.from(body) }, ctx)
    },
    async send(body) {
      const text = typeof body === 'string' ? body : body.map((event) => JSON.stringify(event)).join('\n')
      const response = await house.post('/v1/events', text, { 'content-type': text.startsWith('[') ? 'application/json' : 'application/x-ndjson' })
      return (JSON.parse(String(response.body)) as { results: { id: string | null; status: string; reason?: string }[] }).results
    },
    async settle() {
      for (;;) {
        let done = 0
        for (const job of service.jobs ?? []) done += await job.run(ctx)
        if (done === 0) return
      }
    },
    async close() {
      await service.close()
      await opened.close()
      if (options.relational === undefined) await relational.close()
      await openedObjects.close()
    },
  }
  return house
}

/** Memory for few ids: most of them move to disk. */
export function fewIds(folder: string): NonNullable<EventsOptions['ids']> {
  return { folder: `${folder}/event-ids`, room: { ample: 300, scarce: 200, scarceBytes: 2000 } }
}

export const trackPlayed: EventTypeDefinition = {
  name: 'track-played',
  version: '1-0-0',
  owner: 'group:default/squad-playback',
  slo: 'gold',
  retention: '90d',
  schema: {
    type: 'object',
    properties: {
      trackId: { type: 'string', minLength: 1, maxLength: 64, personal: 'none' },
      artistId: { type: 'string', minLength: 1, maxLength: 64, personal: 'none' },
      trackMs: { type: 'integer', minimum: 0, personal: 'none' },
      playedMs: { type: 'integer', minimum: 0, personal: 'none' },
      source: { type: 'string', enum: ['discover-weekly', 'popularity', 'search', 'library', 'radio', 'import'], personal: 'none' },
      position: { type: 'integer', minimum: 1, personal: 'none' },
    },
    required: ['trackId', 'artistId', 'trackMs', 'playedMs', 'source'],
    additionalProperties: false,
  },
}

export const searchMade: EventTypeDefinition = {
  name: 'search-made',
  version: '1-0-0',
  owner: 'group:default/squad-search',
  slo: 'bronze',
  retention: '30d',
  schema: {
    type: 'object',
    properties: { query: { type: 'string', personal: 'narrow' }, results: { type: 'integer', personal: 'none' }, filters: { type: 'array', items: { type: 'string' }, personal: 'none' } },
    required: ['query'],
    additionalProperties: false,
  },
}

/** The same without a list: the kernel checks it whole. */
export const plainSearch: EventTypeDefinition = {
  ...searchMade,
  schema: { type: 'object', properties: { query: { type: 'string', personal: 'narrow' }, results: { type: 'integer', personal: 'none' } }, required: ['query'], additionalProperties: false },
}

/** A good play of a user at an instant. */
export function play(id: string, userId = 'u1', occurredAt = new Date(START_MS).toISOString(), properties: object = {}): object {
  return { id, type: 'track-played', version: '1-0-0', occurredAt, userId, properties: { trackId: 't1', artistId: 'a1', trackMs: 200000, playedMs: 180000, source: 'radio', ...properties } }
}
