// The house as a list: every room, and what it is created from. `rondo up` lights all of them, `rondo serve` those that are named.
import { join } from 'node:path'
import { createCatalogService } from '@rondo/catalog'
import type { Authenticate, Log, Peer, Service } from '@rondo/contract'
import { createEventsService, type EventsOptions, type KafkaFaceOptions } from '@rondo/events'
import { createExperimentsService } from '@rondo/experiments'
import type { Ids } from '@rondo/ids'
import { createPipelinesService } from '@rondo/pipelines'
import type { Random } from '@rondo/random'
import { createRecommendationsService } from '@rondo/recommendations'
import type { Clock } from '@rondo/time'
import type { Stores } from './drivers.ts'

export type RoomDeps = {
  clock: Clock
  /** The machine's, also where the rooms live in simulated time. */
  wallClock: Clock
  random: Random
  ids: Ids
  log: Log
  peer: Peer
  authenticate: Authenticate
  stores: Stores
  openMasterKey(): Promise<Uint8Array>
  /** On a disk of this machine: for what a room can find again. */
  dataFolder: string
  /** Confidence account whose salt assigns units to buckets. */
  account: string
  /** Descriptor files that the catalog reads. */
  descriptors: string[]
  /** Where Kafka's clients are answered. */
  kafka: KafkaFaceOptions | undefined
  /** What the config says of the collector. */
  collector: Pick<EventsOptions, 'allowedOrigins' | 'quotas'>
}

export type RoomName = 'events' | 'pipelines' | 'recommendations' | 'experiments' | 'catalog'

export type Room = {
  name: RoomName
  /** Where its routes begin, its dialects' too: what a front passes on to it. */
  paths: string[]
  create(deps: RoomDeps): Promise<Service>
}

export const rooms: Room[] = [
  {
    name: 'events',
    paths: ['/api/events/', '/v1/'],
    create: async ({ stores, openMasterKey, dataFolder, kafka, collector, wallClock, ...deps }) =>
      createEventsService({ ...deps, ...(deps.clock === wallClock ? {} : { wallClock }), masterKey: await openMasterKey(), eventLog: await stores.openEventLog(), objects: await stores.openObjects(), relational: await stores.openDatabase('events') }, { ...collector, ids: { folder: join(dataFolder, 'event-ids') }, ...(kafka === undefined ? {} : { kafka }) }),
  },
  {
    name: 'pipelines',
    paths: ['/api/pipelines/'],
    create: async ({ stores, ...deps }) => createPipelinesService({ ...deps, objects: await stores.openObjects(), analytics: await stores.openAnalytics(), relational: await stores.openDatabase('pipelines') }),
  },
  {
    name: 'recommendations',
    paths: ['/api/recommendations/'],
    create: async ({ stores, ...deps }) => createRecommendationsService({ ...deps, keyValue: await stores.openKeyValue('recommendations'), objects: await stores.openObjects(), relational: await stores.openDatabase('recommendations') }),
  },
  {
    name: 'experiments',
    paths: ['/api/experiments/', '/ofrep/'],
    create: async ({ stores, ...deps }) => createExperimentsService({ ...deps, relational: await stores.openDatabase('experiments') }),
  },
  {
    name: 'catalog',
    paths: ['/api/catalog/'],
    create: async ({ stores, descriptors, ...deps }) => createCatalogService({ ...deps, sources: descriptors, relational: await stores.openDatabase('catalog') }),
  },
]
