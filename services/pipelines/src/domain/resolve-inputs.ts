// From a pipeline and a partition to the exact input versions: which files, whether they are complete, and what is still missing.
import { HOUR_MS, findPartitionRange, toIso, toPartition } from '@rondo/time'
import type { Datasets } from './datasets.ts'
import type { Graph, GraphInput, GraphPipeline } from './definition-graph.ts'
import { computeWindow, floorTo, getLengthMs, toRange, type Range } from './partition-windows.ts'
import { parseRetention } from './retention.ts'

export type ResolvedInput = {
  alias: string
  endpoint: string
  /** Time that the files cover; undefined when there is no file. */
  range: Range | undefined
  partitions: number
  /** Object keys, oldest first. */
  files: string[]
  version: string
}

export type Resolution = {
  inputs: ResolvedInput[]
  /** What a final run waits for, in words; empty when everything is closed and final. */
  missing: string[]
  /** Digest of the versions of all inputs. */
  inputsVersion: string
}

export type ResolveContext = { graph: Graph; datasets: Datasets; hash: (text: string) => string }

/**
 * `landed`: also open hours and provisional partitions (for a provisional run). Partitions before history began, and those that
 * retention has taken, count as empty.
 */
export function resolveInputs(pipeline: GraphPipeline, startMs: number, landed: boolean, nowMs: number, context: ResolveContext): Resolution {
  const output = toRange(pipeline.output.partition, startMs)
  const missing: string[] = []
  const inputs = pipeline.inputs.map((input) => {
    const window = computeWindow(input.reach, input.kind, output)
    return input.isEvent ? resolveEvent(input, window, landed, missing, context) : resolveDerived(input, window, landed, nowMs, missing, context)
  })
  return { inputs, missing, inputsVersion: context.hash(inputs.map((input) => `${input.alias}=${input.endpoint}@${input.version}`).join('\n')) }
}

export function parsePartition(pipeline: GraphPipeline, partition: string): Range | undefined {
  return findPartitionRange(pipeline.output.partition, partition)
}

function resolveEvent(input: GraphInput, window: Range, landed: boolean, missing: string[], { datasets, hash }: ResolveContext): ResolvedInput {
  const data = datasets.getEvent(input.endpoint)
  const isWhole = window.endMs === Number.MAX_SAFE_INTEGER
  if (data.closedUntilMs === -Infinity || (!isWhole && data.closedUntilMs < window.endMs)) {
    const until = data.closedUntilMs === -Infinity ? 'not known yet' : toIso(data.closedUntilMs)
    missing.push(`"${input.endpoint}" is closed until ${until}${isWhole ? '' : `, needed until ${toIso(window.endMs)}`}`)
  }
  const found: [number, string, string[]][] = []
  const firstMs = Math.max(window.startMs, data.beginMs ?? Infinity)
  const take = (hourMs: number): void => {
    const bucket = data.buckets.get(hourMs)
    if (bucket !== undefined && (landed || bucket.isClosed)) found.push([hourMs, bucket.version, bucket.files])
  }
  if (isWhole) for (const hourMs of [...data.buckets.keys()].sort((a, b) => a - b)) take(hourMs)
  else for (let hourMs = firstMs; hourMs < window.endMs; hourMs += HOUR_MS) take(hourMs)
  return toResolved(input, HOUR_MS, found, hash)
}

function resolveDerived(input: GraphInput, window: Range, landed: boolean, nowMs: number, missing: string[], { graph, datasets, hash }: ResolveContext): ResolvedInput {
  const data = datasets.getDerived(input.endpoint)
  const found: [number, string, string[]][] = []
  if (input.kind === 'none') {
    const all = data.partitions.get(window.startMs)
    if (all === undefined || (all.provisional && !landed)) missing.push(`"${input.endpoint}" is not published`)
    // The whole dataset is read as it stands: a new state of it does not make past partitions wrong.
    if (all !== undefined) found.push([window.startMs, '*', [all.file]])
    return toResolved(input, 0, found, hash)
  }
  const isWhole = window.endMs === Number.MAX_SAFE_INTEGER
  const begin = datasets.findBegin(input.endpoint)
  if (begin === undefined) return toResolved(input, 0, found, hash)
  const length = getLengthMs(input.kind)
  const retention = graph.endpoints.get(input.endpoint)?.retention
  const keptFromMs = retention === undefined ? -Infinity : nowMs - parseRetention(retention)
  const endMs = isWhole ? data.horizonMs : window.endMs
  for (let startMs = floorTo(input.kind, Math.max(window.startMs, begin)); startMs < endMs; startMs += length) {
    const partition = data.partitions.get(startMs)
    if (partition === undefined || partition.provisional) {
      if (startMs + length > keptFromMs && missing.length < 5) missing.push(`"${input.endpoint}" ${toPartition(input.kind, startMs)} is ${partition === undefined ? 'not published' : 'provisional'}`)
      if (partition === undefined || !landed) continue
    }
    found.push([startMs, partition.version, [partition.file]])
  }
  return toResolved(input, length, found, hash)
}

function toResolved(input: GraphInput, lengthMs: number, found: [startMs: number, version: string, files: string[]][], hash: (text: string) => string): ResolvedInput {
  const first = found[0]
  const last = found.at(-1)
  return {
    alias: input.alias,
    endpoint: input.endpoint,
    range: first === undefined || last === undefined ? undefined : { startMs: first[0], endMs: last[0] + lengthMs },
    partitions: found.length,
    files: found.flatMap(([, , files]) => files),
    version: found.length === 0 ? 'empty' : hash(found.map(([startMs, version]) => `${startMs}:${version}`).join(',')),
  }
}
