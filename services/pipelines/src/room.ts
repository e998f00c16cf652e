// What the room holds while it runs: its picture of definitions and data, and its turn as the one scheduler.
import type { Analytics } from '@rondo/analytics'
import { createSerial } from '@rondo/async'
import type { Ctx } from '@rondo/context'
import type { Log, Peer } from '@rondo/contract'
import type { TypeRow } from '@rondo/events/contract'
import { createHasher, fingerprint } from '@rondo/hash'
import type { Ids } from '@rondo/ids'
import type { Objects } from '@rondo/objects'
import type { Lease, Relational } from '@rondo/relational'
import type { Clock } from '@rondo/time'
import type { DefinitionSet } from './contract.ts'
import { createDatasets, type Datasets } from './domain/datasets.ts'
import { buildGraph, type Graph } from './domain/definition-graph.ts'
import { buildAdjacency, type Adjacency } from './domain/lineage.ts'
import { createPlanner, type Planner } from './domain/planner.ts'
import { findDefinitions } from './store/definition-store.ts'
import { listAllPartitions } from './store/partition-store.ts'
import { getRevision } from './store/revision-store.ts'
import { closeInterruptedRuns, listStandingFailures } from './store/run-store.ts'
import type { PipelinesDatabase } from './store/tables.ts'

export type PipelinesDeps = { clock: Clock; ids: Ids; log: Log; peer: Peer; relational: Relational<PipelinesDatabase>; objects: Objects; analytics: Analytics }

/** Everything that follows from definitions and the database; replaced as a whole. */
export type Picture = { set: DefinitionSet; graph: Graph; adjacency: Adjacency; datasets: Datasets; planner: Planner }

export type Room = {
  readonly deps: PipelinesDeps
  readonly hash: (text: string) => string
  picture: Picture
  /** The database's counter at which `picture` was true. */
  revision: number
  /** What the events room last told of its types. */
  eventTypes: { atMs: number; rows: ReadonlyMap<string, TypeRow> } | undefined
  /** The endpoint that is being filled at this moment. */
  running: string | undefined
  /** Since the process began, for /metrics. */
  readonly counters: { published: number; failed: number; blocked: number; rows: number; bytes: number; runMs: number }
  /** One at a time, in order. */
  serial<T>(work: () => Promise<T>): Promise<T>
  /** Takes the lease of the scheduler, or keeps it; undefined while another process has it. A new holder first cleans up after the one before. */
  holdLease(ctx: Ctx): Promise<Lease | undefined>
  /** Sees what another process has published or defined. */
  refresh(): Promise<void>
  close(ctx: Ctx): Promise<void>
}

/** A scheduler that vanished is followed by another after this much clock time. */
const LEASE_TTL_MS = 60_000

const LEASE = 'pipelines-scheduler'

export async function openRoom(deps: PipelinesDeps): Promise<Room> {
  const hasher = createHasher()
  const hash = (text: string): string => fingerprint(text, hasher)
  // Two processes must differ, also when both were given one seed.
  const holder = crypto.randomUUID()
  let lease: Lease | undefined
  /** Until nothing was written while it was read. */
  const reload = async (): Promise<void> => {
    for (;;) {
      const revision = await getRevision(deps.relational)
      const picture = await drawPicture(deps, hash, room.picture.datasets)
      if ((await getRevision(deps.relational)) !== revision) continue
      room.revision = revision
      room.picture = picture
      return
    }
  }
  const room: Room = {
    deps,
    hash,
    revision: await getRevision(deps.relational),
    picture: await drawPicture(deps, hash, undefined),
    eventTypes: undefined,
    running: undefined,
    counters: { published: 0, failed: 0, blocked: 0, rows: 0, bytes: 0, runMs: 0 },
    serial: createSerial(),
    async holdLease(ctx) {
      const nowMs = deps.clock.now()
      if (lease !== undefined && lease.expiresAtMs - nowMs > LEASE_TTL_MS / 2) return lease
      const before = lease
      lease = await deps.relational.acquireLease(LEASE, holder, LEASE_TTL_MS, nowMs, ctx)
      if (lease === undefined || lease.fence === before?.fence) return lease
      const interrupted = await closeInterruptedRuns(deps.relational, lease.fence, nowMs, ctx)
      if (interrupted.length > 0) deps.log.warn('closed runs that an earlier process left', { runs: interrupted })
      await reload()
      return lease
    },
    async refresh() {
      // While we run something, we are the one who writes.
      if (room.running === undefined && (await getRevision(deps.relational)) !== room.revision) await reload()
    },
    close: (ctx) =>
      room.serial(async () => {
        if (lease !== undefined) await deps.relational.releaseLease(LEASE, holder, ctx)
        lease = undefined
      }),
  }
  return room
}

/** The picture that the database gives now. `old`: what is known of event types is carried over. */
export async function drawPicture(deps: PipelinesDeps, hash: (text: string) => string, old: Datasets | undefined): Promise<Picture> {
  const set = (await findDefinitions(deps.relational)) ?? { endpoints: [], pipelines: [] }
  const own = new Set(set.endpoints.map((endpoint) => endpoint.name))
  const eventTypes = new Set(set.pipelines.flatMap((pipeline) => Object.values(pipeline.inputs).map((input) => input.endpoint)).filter((name) => !own.has(name)))
  // The set was checked when it was put.
  const { graph } = buildGraph(set, eventTypes, hash)
  const datasets = createDatasets(graph, old?.events)
  for (const { endpoint, partition } of await listAllPartitions(deps.relational)) datasets.putPartition(endpoint, partition)
  const planner = createPlanner({ graph, datasets, hash })
  for (const { run, startMs } of await listStandingFailures(deps.relational)) {
    planner.noteFailure(run.pipeline, startMs, {
      instance: run.instance,
      attempts: run.attempt,
      retryAtMs: run.retryAt === null ? undefined : Date.parse(run.retryAt),
      state: run.state === 'blocked' ? 'blocked' : 'failed',
      message: run.error?.message ?? '',
      sinceMs: Date.parse(run.endedAt ?? run.startedAt),
    })
  }
  return { set, graph, adjacency: buildAdjacency(graph), datasets, planner }
}
