// How an endpoint stands now: its word of state, its last partition, and what is late or predicted to be.
import { toIso, toPartition } from '@rondo/time'
import type { EndpointDefinition, EndpointRow, PartitionRow } from '../contract.ts'
import type { Datasets, Partition } from './datasets.ts'
import type { Graph } from './definition-graph.ts'
import { computeLag, findLate, predictLanding, toLateAfterMs } from './landing.ts'
import { floorTo, getLengthMs, toRange } from './partition-windows.ts'
import type { Failure, Planner } from './planner.ts'
import { resolveInputs } from './resolve-inputs.ts'

export type StatusContext = { graph: Graph; datasets: Datasets; planner: Planner; hash: (text: string) => string; nowMs: number; running: string | undefined }

export type EndpointStatus = Pick<EndpointRow, 'state' | 'lastPartition' | 'lastPublishedAt' | 'rows' | 'lagMs' | 'late' | 'predicted' | 'partitions' | 'bytes'> & {
  /** Of the oldest partition that failed or is blocked. */
  failure: (Failure & { partition: string }) | undefined
  /** End of the oldest late partition plus the SLO, epoch ms. */
  lateSinceMs: number | undefined
}

export function describeStatus(endpoint: EndpointDefinition, context: StatusContext): EndpointStatus {
  const { graph, datasets, planner, nowMs } = context
  const kind = endpoint.partition
  const { partitions } = datasets.getDerived(endpoint.name)
  const last = findLast(partitions)
  const late = findLate(kind, partitions, datasets.findBegin(endpoint.name), toLateAfterMs(endpoint.slo), nowMs)
  const prediction = predictLanding(kind, partitions, toLateAfterMs(endpoint.slo), nowMs)
  const producer = graph.producers.get(endpoint.name)
  const failures = producer === undefined ? [] : planner.listFailures(producer.definition.name)
  const [startMs, failure] = failures[0] ?? []
  const firstLate = late[0]
  let bytes = 0
  for (const partition of partitions.values()) bytes += partition.bytes
  return {
    state: findState(endpoint.name, last, late.length > 0 || prediction?.isLate === true, failure, context),
    lastPartition: last?.partition ?? null,
    lastPublishedAt: last === undefined ? null : toIso(last.publishedMs),
    rows: last?.rows ?? null,
    lagMs: last === undefined ? null : (computeLag(kind, last) ?? null),
    late: late.map((at) => toPartition(kind, at)),
    predicted:
      prediction === undefined
        ? null
        : { partition: toPartition(kind, prediction.startMs), landsAt: toIso(prediction.landsMs), dueAt: toIso(prediction.dueMs), late: prediction.isLate },
    partitions: partitions.size,
    bytes,
    failure: failure === undefined || startMs === undefined ? undefined : { ...failure, partition: toPartition(kind, startMs) },
    lateSinceMs: firstLate === undefined ? undefined : toRange(kind, firstLate).endMs + toLateAfterMs(endpoint.slo),
  }
}

/** Partitions of [fromMs, toMs), oldest first: those that stand, and those that should by now. */
export function describePartitions(endpoint: EndpointDefinition, fromMs: number, toMs: number, context: StatusContext): PartitionRow[] {
  const { datasets, nowMs } = context
  const kind = endpoint.partition
  const { partitions } = datasets.getDerived(endpoint.name)
  if (kind === 'none') return [describePartition(endpoint, 0, partitions.get(0), false, context)]
  const beginMs = datasets.findBegin(endpoint.name)
  if (beginMs === undefined) return []
  const late = new Set(findLate(kind, partitions, beginMs, toLateAfterMs(endpoint.slo), nowMs))
  const rows: PartitionRow[] = []
  for (let startMs = floorTo(kind, Math.max(fromMs, beginMs)); startMs < Math.min(toMs, nowMs + 1); startMs += getLengthMs(kind)) {
    rows.push(describePartition(endpoint, startMs, partitions.get(startMs), late.has(startMs), context))
  }
  return rows
}

function describePartition(endpoint: EndpointDefinition, startMs: number, own: Partition | undefined, late: boolean, context: StatusContext): PartitionRow {
  const kind = endpoint.partition
  const producer = context.graph.producers.get(endpoint.name)
  const failure = producer === undefined ? undefined : context.planner.findFailure(producer.definition.name, startMs)
  const isOpen = toRange(kind, startMs).endMs > context.nowMs
  const row = { partition: toPartition(kind, startMs), late, checks: own?.checks ?? [] }
  // A failed rerun leaves what stood there; its reason is told beside.
  if (own !== undefined) {
    return {
      ...row,
      state: 'published',
      provisional: own.provisional,
      version: own.version,
      rows: own.rows,
      bytes: own.bytes,
      files: [own.file],
      publishedAt: toIso(own.publishedMs),
      runId: own.runId,
      lagMs: computeLag(kind, own) ?? null,
      reason: failure?.message ?? null,
    }
  }
  const resolution = failure !== undefined || isOpen || producer === undefined ? undefined : resolveInputs(producer, startMs, false, context.nowMs, context)
  const { missing, expired, lacksOwn } = resolution ?? { missing: [], expired: [], lacksOwn: false }
  return {
    ...row,
    state: failure?.state ?? (isOpen ? 'open' : 'waiting'),
    provisional: false,
    version: null,
    rows: null,
    bytes: null,
    files: [],
    publishedAt: null,
    runId: null,
    lagMs: null,
    reason: failure?.message ?? (lacksOwn ? `Retention has taken ${expired.join(', ')}: it cannot be made any more.` : missing.length > 0 ? missing.join('; ') : isOpen ? 'The partition has not ended.' : 'It is about to run.'),
  }
}

function findState(name: string, last: Partition | undefined, late: boolean, failure: Failure | undefined, context: StatusContext): EndpointStatus['state'] {
  if (context.running === name) return 'running'
  if (failure !== undefined) return failure.state
  if (late) return 'late'
  if (last === undefined) return 'waiting'
  return last.checks.some((check) => !check.passed) ? 'warned' : 'healthy'
}

function findLast(partitions: ReadonlyMap<number, Partition>): Partition | undefined {
  let last: Partition | undefined
  for (const partition of partitions.values()) if (last === undefined || partition.startMs > last.startMs) last = partition
  return last
}
