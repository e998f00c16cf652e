// The events room: collector, log, deduplication, landing and what is asked about them.
import type { Api, Service } from '@rondo/contract'
import { createCloudEventsRoute } from './collector/cloudevents-route.ts'
import { createConfidenceRoute } from './collector/confidence-route.ts'
import { createCollectorRoutes } from './collector/collector-routes.ts'
import { createEventsRoute } from './collector/events-route.ts'
import type { Quota } from './collector/key-quotas.ts'
import { createLiveRoute, type Ticks } from './collector/live-route.ts'
import { createSegmentRoutes } from './collector/segment-route.ts'
import { eventsContract, type EventsContract, type EventTypeDefinition } from './contract.ts'
import { errors } from './errors.ts'
import { listMetrics } from './list-metrics.ts'
import type { IdFolder } from './open-recent-ids.ts'
import { openRoom } from './open-room.ts'
import { parseHour } from './parse-hour.ts'
import { listKafkaMetrics } from './kafka-face/list-kafka-metrics.ts'
import { serveKafkaFace, type KafkaFaceOptions } from './kafka-face/serve-kafka-face.ts'
import { findColumnKernel, quickenScanner } from './quicken-scanner.ts'
import { createBucketWriter, type BucketWriter } from './landing/bucket-writer.ts'
import { HOUSE, receiveTime, type EventsDeps, type Room } from './room.ts'
import { auditUser } from './use-cases/audit-user.ts'
import { computePulse } from './use-cases/compute-pulse.ts'
import { countEvents } from './use-cases/count-events.ts'
import { eraseUser } from './use-cases/erase-user.ts'
import { landEvents } from './use-cases/land-events.ts'
import { listBuckets } from './use-cases/list-buckets.ts'
import { listDead } from './use-cases/list-dead.ts'
import { listReports } from './use-cases/list-reports.ts'
import { getType, listTypes } from './use-cases/list-types.ts'
import { listStandings } from './use-cases/list-standings.ts'
import { publishEvents } from './use-cases/publish-events.ts'
import { checkType } from './use-cases/examine-type.ts'
import { getSchema, listTypeVersions } from './use-cases/list-versions.ts'
import { putType, putTypes } from './use-cases/put-type.ts'
import { retireType } from './use-cases/retire-type.ts'
import { readEvents } from './use-cases/read-events.ts'
import { restateHour } from './use-cases/restate-hour.ts'
import { readLosses } from './use-cases/read-losses.ts'
import { readKeys } from './use-cases/read-keys.ts'
import { readHistory } from './use-cases/read-history.ts'
import { forgetReader, moveReader } from './use-cases/move-reader.ts'
import { listReaders, type CountMembers } from './use-cases/list-readers.ts'
import { checkSpace } from './use-cases/store-events.ts'
import { replayDead } from './use-cases/replay-dead.ts'
import { tidy } from './use-cases/tidy.ts'
import { migrations } from '../migrations/index.ts'

/** All of them are in memory twice while a file is made; and `PackedEvents` counts bytes to 4 GiB. */
const LAND_BYTES = 256 * 1024 * 1024

export type EventsOptions = {
  /** The beat of the live view; once a second unless told. */
  ticks?: Ticks
  /**
   * The quick reading of events needs a kernel that is compiled after a change of its source. `background` (unless told): serve at once and read
   * carefully until it is ready. `first`: wait for it. `never`: read everything carefully.
   */
  scanKernel?: 'background' | 'first' | 'never'
  /** Events are landed, and files of a closing hour are merged, up to so many bytes of the log at a time; 256 MiB unless told. */
  landBytes?: number
  /** Pages of these origins ("https://shop.example") may send events; "*", every page, unless told: a write key is public. */
  allowedOrigins?: string[]
  /** How much a write key may send, by its name; "*" for each that is not named. No limit unless told. */
  quotas?: Readonly<Record<string, Quota>>
  /** Makes the files of buckets, and is closed by who gives it; one of its own unless given. */
  buckets?: BucketWriter
  /** A folder of this room alone, on a disk of this machine, for ids that memory does not hold; without one, it holds the last 8 to 16 million. What is lost of it is found again. */
  ids?: IdFolder
  /** Where Kafka's clients find the types as topics; nowhere unless told. */
  kafka?: KafkaFaceOptions
}

/** `kafka`: where Kafka's clients are answered, if anywhere. */
export type EventsService = Service<EventsContract> & { kafka: { host: string; port: number } | undefined }

/** At the end, fewer are read out of the log as fast. */
const LAST_SLICE_IDS = 10_000

/** Owns the topics `events.*`, `dead.*` and `collector.receipts`, the objects under `events/`, and its database. */
export async function createEventsService(deps: EventsDeps, options: EventsOptions = {}): Promise<EventsService> {
  await deps.relational.migrate(migrations, HOUSE)
  const room = await openRoom(deps, { landBytes: options.landBytes ?? LAND_BYTES, quotas: options.quotas ?? {}, buckets: options.buckets ?? createBucketWriter(), ids: options.ids })
  const quickening = options.scanKernel === 'never' ? undefined : quickenScanner(room)
  if (options.scanKernel === 'first') await quickening
  const tidying = { nextLookMs: 0, droppedDayMs: -Infinity }
  const columns = options.scanKernel === 'never' ? async () => undefined : findColumnKernel(room)
  const dialects = [createEventsRoute(room, columns), createCloudEventsRoute(room), createConfidenceRoute(room), ...createSegmentRoutes(room)]
  const kafka = options.kafka === undefined ? undefined : await serveKafkaFace(room, options.kafka)
  return {
    kafka: kafka?.address,
    contract: eventsContract,
    api: createApi(room, (group) => kafka?.countMembers(group) ?? 0),
    raw: [...createCollectorRoutes(dialects, options.allowedOrigins ?? ['*']), createLiveRoute(room, options.ticks)],
    jobs: [
      { name: 'events.land', everyMs: 250, pace: 'ahead', run: () => landEvents(room) },
      { name: 'events.readers', everyMs: 1_000, run: () => room.readers.save() },
      { name: 'events.ids', everyMs: 1_000, pace: 'behind', run: async () => (await room.slices.save(receiveTime(room))) + (await room.ids.tend()) },
      { name: 'events.tidy', everyMs: 30_000, run: () => tidy(room, tidying) },
    ],
    metrics: () => [...listMetrics(room), ...(kafka === undefined ? [] : listKafkaMetrics(kafka))],
    async ready(ctx) {
      await Promise.all([deps.eventLog.ready(ctx), deps.relational.ready(ctx), deps.objects.ready(ctx)])
      await checkSpace(room)
    },
    async close() {
      await kafka?.close()
      await Promise.allSettled([...room.inFlight].map((work) => work.done))
      await room.landingNow?.catch(() => undefined)
      await room.slices.save(receiveTime(room), LAST_SLICE_IDS)
      await room.ids.close()
      if (options.buckets === undefined) await room.buckets.close()
      await room.readers.save()
    },
  }
}

function createApi(room: Room, countMembers: CountMembers): Api<EventsContract> {
  return {
    putType: async ({ type, body }) => putType(room, toNamed(type, body)),
    putTypes: async ({ body }) => ({ rows: await putTypes(room, body.types) }),
    checkType: async ({ type, body }) => checkType(room, toNamed(type, body)),
    listVersions: async ({ type }) => ({ rows: await listTypeVersions(room, type) }),
    getSchema: ({ type, draft, version }) => getSchema(room, type, draft ?? '2020-12', version),
    retireType: ({ type }) => retireType(room, type),
    listTypes: async () => ({ rows: await listTypes(room) }),
    standings: async () => ({ rows: await listStandings(room) }),
    getType: ({ type }) => getType(room, type),
    readEvents: (input) => readEvents(room, input),
    listReaders: async ({ type }) => ({ rows: await listReaders(room, countMembers, type) }),
    moveReader: ({ type, reader, body }) => moveReader(room, countMembers, type, reader, body.to),
    forgetReader: ({ type, reader }) => forgetReader(room, countMembers, type, reader),
    async counts({ type, from, to }) {
      const range = { type, fromMs: from === undefined ? undefined : parseHour(from, 'from'), toMs: to === undefined ? undefined : parseHour(to, 'to') }
      return { rows: await countEvents(room, range) }
    },
    quotas: async () => ({ rows: room.quotas.list() }),
    listDead: (input) => listDead(room, input),
    replayDead: ({ type, body }) => replayDead(room, type, body),
    async listBuckets({ type, from, to }) {
      return listBuckets(room, type, from === undefined ? 0 : parseHour(from, 'from'), to === undefined ? Number.MAX_SAFE_INTEGER : parseHour(to, 'to'))
    },
    erase: ({ user }) => eraseUser(room, user),
    audit: ({ user }) => auditUser(room, user),
    readKeys: ({ body }) => readKeys(room, body.ids),
    restate: async ({ type, hour }) => restateHour(room, type, parseHour(hour, 'hour')),
    losses: async ({ from, to }) => ({ rows: await readLosses(room, from, to) }),
    reports: (input) => listReports(room, input),
    publish: async ({ body }) => ({ results: await publishEvents(room, body.events) }),
    async land() {
      const before = room.landing.rows
      while ((await landEvents(room, true)) > 0) continue
      return { landed: room.landing.rows - before }
    },
    history: async ({ type, hours }) => ({ rows: await readHistory(room, type, hours) }),
    pulse: () => computePulse(room),
  }
}

function toNamed(type: string, definition: EventTypeDefinition): EventTypeDefinition {
  if (definition.name !== type) throw errors.nameMismatch({ path: type, name: definition.name })
  return definition
}
