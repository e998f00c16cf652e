// The arc "Events → Datasets": how long partitions take to land, and what needs a person.
import { computeLateMs, type Attention, type Metric, type Pulse } from '@rondo/contract'
import { DAY_MS, toIso } from '@rondo/time'
import { describeStatus, type EndpointStatus } from '../domain/endpoint-status.ts'
import { computeLag, computeMedian, toLandingNotes } from '../domain/landing.ts'
import { findClosure } from '../domain/lineage.ts'
import type { EndpointDefinition } from '../contract.ts'
import type { Room } from '../room.ts'
import { toStatusContext } from './read-endpoints.ts'

export async function readPulse(room: Room): Promise<Pulse> {
  await room.refresh()
  const context = toStatusContext(room)
  const { graph, datasets } = room.picture
  const endpoints = [...graph.endpoints.values()]
  const data = endpoints.map((endpoint) => ({ kind: endpoint.partition, partitions: datasets.getDerived(endpoint.name).partitions }))
  let [partitions, published] = [0, 0]
  const lags: number[] = []
  for (const { kind, partitions: all } of data) {
    for (const partition of all.values()) {
      partitions += 1
      if (partition.publishedMs <= context.nowMs - DAY_MS) continue
      published += 1
      const lagMs = computeLag(kind, partition)
      if (lagMs !== undefined) lags.push(lagMs)
    }
  }
  const attention = endpoints.flatMap((endpoint) => toAttention(room, endpoint, describeStatus(endpoint, context)))
  const notes = toLandingNotes(data, context.nowMs)
  const worst = (['failed', 'blocked', 'late'] as const).find((state) => attention.some((item) => item.state === state))
  return {
    holds: `${endpoints.length} datasets, ${partitions} partitions`,
    rate: `${published} partitions a day`,
    lagMs: computeMedian(lags) ?? notes.at(-1)?.value ?? null,
    lateMs: computeLateMs(attention, context.nowMs),
    state: worst ?? (room.running !== undefined ? 'running' : partitions === 0 ? 'waiting' : 'healthy'),
    notes,
    attention,
  }
}

export function readMetrics(room: Room): Metric[] {
  const { counters, picture } = room
  const context = toStatusContext(room)
  const statuses = [...picture.graph.endpoints.values()].map((endpoint) => ({ endpoint: endpoint.name, status: describeStatus(endpoint, context) }))
  const gauge = (name: string, help: string, pick: (status: EndpointStatus) => number | null): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: statuses.flatMap(({ endpoint, status }) => {
      const value = pick(status)
      return value === null ? [] : [{ labels: { endpoint }, value }]
    }),
  })
  const counter = (name: string, help: string, samples: Metric['samples']): Metric => ({ name, help, type: 'counter', samples })
  return [
    counter('rondo_pipelines_runs_total', 'Runs that ended, by how', (['published', 'failed', 'blocked'] as const).map((state) => ({ labels: { state }, value: counters[state] }))),
    counter('rondo_pipelines_rows_total', 'Rows published', [{ value: counters.rows }]),
    counter('rondo_pipelines_bytes_total', 'Bytes published', [{ value: counters.bytes }]),
    counter('rondo_pipelines_run_seconds_total', 'Time spent in runs that published', [{ value: counters.runMs / 1000 }]),
    gauge('rondo_pipelines_partitions', 'Partitions that stand', (status) => status.partitions),
    gauge('rondo_pipelines_late_partitions', 'Partitions past their SLO', (status) => status.late.length),
    gauge('rondo_pipelines_landing_lag_seconds', 'From the end of the last partition to its publication', (status) => (status.lagMs === null ? null : status.lagMs / 1000)),
  ]
}

function toAttention(room: Room, endpoint: EndpointDefinition, status: EndpointStatus): Attention[] {
  const downstream = findClosure(endpoint.name, room.picture.adjacency.down)
  const base = { subject: endpoint.name, ref: `/data/${endpoint.name}`, owner: endpoint.owner, hurts: downstream.length === 0 ? 'nobody downstream' : downstream.join(', ') }
  const { failure, late, predicted } = status
  if (failure !== undefined) return [{ ...base, state: failure.state, since: toIso(failure.sinceMs), message: `${failure.partition}: ${failure.message}` }]
  if (late.length > 0 && status.lateSinceMs !== undefined) {
    const more = late.length === 1 ? '' : ` and ${late.length - 1} more`
    return [{ ...base, state: 'late', since: toIso(status.lateSinceMs), message: `${late[0]}${more} did not land within ${endpoint.slo.landsWithinMinutes} minutes.` }]
  }
  if (predicted?.late === true) {
    return [{ ...base, state: 'late', since: toIso(room.deps.clock.now()), message: `${predicted.partition} is expected at ${predicted.landsAt}, due at ${predicted.dueAt}.` }]
  }
  return []
}
