// Endpoints as people see them: event types from the events room, derived ones from our own picture.
import type { Ctx } from '@rondo/context'
import type { TypeRow } from '@rondo/events/contract'
import { HOUR_MS, toIso, toIsoHour } from '@rondo/time'
import type { EndpointDefinition, EndpointDetail, EndpointRow, PartitionRow } from '../contract.ts'
import type { Bucket, EventData } from '../domain/datasets.ts'
import { describePartitions, describeStatus, type EndpointStatus, type StatusContext } from '../domain/endpoint-status.ts'
import { findClosure } from '../domain/lineage.ts'
import { floorTo, getLengthMs } from '../domain/partition-windows.ts'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'
import { getEventType, readEventTypes } from './read-event-types.ts'
import { syncEvents } from './sync-events.ts'

const RECENT = 30
const PARTITIONS_USUAL = 60

export function toStatusContext(room: Room): StatusContext {
  const { graph, datasets, planner } = room.picture
  return { graph, datasets, planner, hash: room.hash, nowMs: room.deps.clock.now(), running: room.running }
}

export async function listEndpoints(room: Room, ctx: Ctx): Promise<EndpointRow[]> {
  await room.refresh()
  const context = toStatusContext(room)
  const types = await readEventTypes(room, ctx)
  const events: EndpointRow[] = []
  for (const type of types.values()) {
    await syncEvents(room, type.type, true, ctx)
    events.push(toEventRow(type, context.datasets.getEvent(type.type)))
  }
  return [...events, ...[...context.graph.endpoints.values()].map((endpoint) => toDerivedRow(endpoint, context))]
}

/** Throws `ENDPOINT_NOT_FOUND`. */
export async function getEndpoint(room: Room, name: string, ctx: Ctx): Promise<EndpointDetail> {
  await room.refresh()
  const context = toStatusContext(room)
  const { adjacency, graph } = room.picture
  const neighbours = { upstream: findClosure(name, adjacency.up), downstream: findClosure(name, adjacency.down) }
  const endpoint = graph.endpoints.get(name)
  if (endpoint === undefined) {
    const type = await getEventType(room, name, ctx)
    await syncEvents(room, name, true, ctx)
    const recent = listEventPartitions(context, name, context.nowMs - RECENT * HOUR_MS, context.nowMs + 1).reverse()
    return { ...toEventRow(type, context.datasets.getEvent(name)), key: ['id'], retention: type.retention, checks: [], sql: null, codeVersion: null, inputs: [], ...neighbours, recent: recent.slice(0, RECENT) }
  }
  const pipeline = graph.producers.get(name)
  const fromMs = endpoint.partition === 'none' ? 0 : context.nowMs - (RECENT - 1) * getLengthMs(endpoint.partition)
  return {
    ...toDerivedRow(endpoint, context),
    key: endpoint.key,
    retention: endpoint.retention,
    checks: endpoint.checks ?? [],
    sql: pipeline?.definition.sql ?? null,
    codeVersion: pipeline?.codeVersion ?? null,
    inputs: (pipeline?.inputs ?? []).map((input) => ({ alias: input.alias, endpoint: input.endpoint, partitions: input.reach === 'same' ? 'same' : `trailing ${input.reach.trailing}` })),
    ...neighbours,
    recent: describePartitions(endpoint, fromMs, context.nowMs + 1, context).reverse().slice(0, RECENT),
  }
}

/** Throws `ENDPOINT_NOT_FOUND`, `BAD_PARTITION`. */
export async function listPartitions(room: Room, input: { name: string; from?: string; to?: string }, ctx: Ctx): Promise<PartitionRow[]> {
  await room.refresh()
  const context = toStatusContext(room)
  const endpoint = context.graph.endpoints.get(input.name)
  const kind = endpoint?.partition ?? 'hourly'
  const toMs = input.to === undefined ? context.nowMs + 1 : parseInstant(input.to, kind)
  const length = kind === 'none' ? 0 : getLengthMs(kind)
  const fromMs = input.from === undefined ? floorTo(kind, toMs - 1) - (PARTITIONS_USUAL - 1) * length : parseInstant(input.from, kind)
  if (endpoint !== undefined) return describePartitions(endpoint, fromMs, toMs, context)
  await getEventType(room, input.name, ctx)
  await syncEvents(room, input.name, true, ctx)
  return listEventPartitions(context, input.name, fromMs, toMs)
}

function parseInstant(text: string, kind: string): number {
  const epochMs = Date.parse(/T\d{2}$/.test(text) ? `${text}:00:00Z` : text)
  if (Number.isNaN(epochMs)) throw errors.badPartition({ partition: text, kind })
  return epochMs
}

function toDerivedRow(endpoint: EndpointDefinition, context: StatusContext): EndpointRow {
  const { failure: _failure, lateSinceMs: _lateSinceMs, ...status }: EndpointStatus = describeStatus(endpoint, context)
  return {
    name: endpoint.name,
    kind: 'derived',
    owner: endpoint.owner,
    description: endpoint.description,
    partition: endpoint.partition,
    columns: endpoint.columns.map((column) => ({ ...column, personal: column.personal ?? 'strict' })),
    slo: { landsWithinMinutes: endpoint.slo.landsWithinMinutes, tier: null },
    pipeline: context.graph.producers.get(endpoint.name)?.definition.name ?? null,
    ...status,
  }
}

function toEventRow(type: TypeRow, data: EventData): EndpointRow {
  const lastMs = findLastClosed(data)
  const last = lastMs === undefined ? undefined : data.buckets.get(lastMs)
  return {
    name: type.type,
    kind: 'event',
    owner: type.owner,
    description: type.description,
    partition: 'hourly',
    columns: type.columns,
    slo: { landsWithinMinutes: null, tier: type.slo },
    state: type.state,
    pipeline: null,
    lastPartition: lastMs === undefined ? null : toIsoHour(lastMs),
    lastPublishedAt: last?.closedAtMs === undefined ? null : toIso(last.closedAtMs),
    rows: lastMs === undefined ? null : (last?.rows ?? 0),
    lagMs: lastMs === undefined || last?.closedAtMs === undefined ? null : Math.max(0, last.closedAtMs - lastMs - HOUR_MS),
    late: [],
    predicted: null,
    partitions: data.buckets.size,
    bytes: null,
  }
}

/** Start of the last hour that is closed, with events or without; undefined before the first event. */
function findLastClosed({ beginMs, closedUntilMs, buckets }: EventData): number | undefined {
  if (beginMs !== undefined && closedUntilMs - HOUR_MS >= beginMs) return closedUntilMs - HOUR_MS
  const closed = [...buckets].flatMap(([startMs, { isClosed }]) => (isClosed ? [startMs] : []))
  return closed.length === 0 ? undefined : Math.max(...closed)
}

/** Hours of an event type; an hour without events is there with no rows. */
function listEventPartitions({ datasets, nowMs }: StatusContext, name: string, fromMs: number, toMs: number): PartitionRow[] {
  const data = datasets.getEvent(name)
  const rows: PartitionRow[] = []
  if (data.beginMs === undefined) return rows
  for (let startMs = floorTo('hourly', Math.max(fromMs, data.beginMs)); startMs < Math.min(toMs, nowMs + 1); startMs += HOUR_MS) {
    rows.push(toEventPartition(startMs, data.buckets.get(startMs), startMs + HOUR_MS <= data.closedUntilMs, startMs + HOUR_MS > nowMs))
  }
  return rows
}

function toEventPartition(startMs: number, bucket: Bucket | undefined, isClosed: boolean, isRunning: boolean): PartitionRow {
  const publishedMs = bucket?.closedAtMs
  return {
    partition: toIsoHour(startMs),
    state: isClosed ? 'published' : isRunning ? 'open' : 'waiting',
    provisional: false,
    version: bucket?.version ?? null,
    rows: bucket?.rows ?? 0,
    bytes: null,
    files: bucket?.files ?? [],
    publishedAt: publishedMs === undefined ? null : toIso(publishedMs),
    runId: null,
    lagMs: publishedMs === undefined ? null : Math.max(0, publishedMs - startMs - HOUR_MS),
    late: false,
    checks: [],
    reason: isClosed ? null : isRunning ? 'The hour has not ended.' : 'The hour is still being landed.',
  }
}
