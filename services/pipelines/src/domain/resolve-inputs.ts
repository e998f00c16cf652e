// From a pipeline and a partition to the exact input versions: which files, whether they are complete, and what is still missing.
import { HOUR_MS, findPartitionRange, toIso, toPartition } from '@rondo/time'
import { isExpired, type Datasets } from './datasets.ts'
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
  /** What retention has taken since the partition could first run, in words: made anew, it would hold less. */
  expired: string[]
  /** Of what lies inside the partition itself, some has expired. */
  lacksOwn: boolean
  /** Digest of the versions of all inputs. */
  inputsVersion: string
}

export type ResolveContext = { graph: Graph; datasets: Datasets; hash: (text: string) => string }

/**
 * `landed`: also open hours and provisional partitions (for a provisional run). Partitions before history began, and those that
 * retention has taken, count as empty; `expired` tells of those that were there when the output ended.
 */
export function resolveInputs(pipeline: GraphPipeline, startMs: number, landed: boolean, nowMs: number, context: ResolveContext): Resolution {
  const output = toRange(pipeline.output.partition, startMs)
  const missing: string[] = []
  const expired: string[] = []
  let lacksOwn = false
  const inputs = pipeline.inputs.map((input) => {
    const window = computeWindow(input.reach, input.kind, output)
    if (!input.isEvent) return resolveDerived(input, window, output, landed, nowMs, missing, expired, context)
    const before = expired.length
    const resolved = resolveEvent(input, window, landed, missing, expired, context)
    lacksOwn ||= input.reach === 'same' && expired.length > before
    return resolved
  })
  return { inputs, missing, expired, lacksOwn, inputsVersion: context.hash(inputs.map((input) => `${input.alias}=${input.endpoint}@${input.version}`).join('\n')) }
}

export function parsePartition(pipeline: GraphPipeline, partition: string): Range | undefined {
  return findPartitionRange(pipeline.output.partition, partition)
}

function resolveEvent(input: GraphInput, window: Range, landed: boolean, missing: string[], expired: string[], { datasets, hash }: ResolveContext): ResolvedInput {
  const data = datasets.getEvent(input.endpoint)
  const isWhole = window.endMs === Number.MAX_SAFE_INTEGER
  if (data.closedUntilMs === -Infinity || (!isWhole && data.closedUntilMs < window.endMs)) {
    const until = data.closedUntilMs === -Infinity ? 'not known yet' : toIso(data.closedUntilMs)
    missing.push(`"${input.endpoint}" is closed until ${until}${isWhole ? '' : `, needed until ${toIso(window.endMs)}`}`)
  }
  const found: [number, string, string[]][] = []
  const firstMs = data.expiredUntilMs > window.startMs ? window.startMs : Math.max(window.startMs, data.beginMs ?? Infinity)
  const gone: number[] = []
  const take = (hourMs: number): void => {
    const bucket = data.buckets.get(hourMs)
    if (bucket !== undefined && isExpired(bucket)) gone.push(hourMs)
    if (bucket !== undefined && (landed || bucket.isClosed)) found.push([hourMs, bucket.version, bucket.files])
  }
  if (isWhole) for (const hourMs of [...data.buckets.keys()].sort((a, b) => a - b)) take(hourMs)
  else for (let hourMs = firstMs; hourMs < window.endMs; hourMs += HOUR_MS) take(hourMs)
  // A dataset read whole is what is kept. A window longer than the retention never was whole: only one of which nothing is left counts.
  if (gone.length > 0 && !isWhole && (input.reach === 'same' || found.every(([, , files]) => files.length === 0))) expired.push(tellExpired(input, gone))
  return toResolved(input, HOUR_MS, found, hash)
}

function resolveDerived(input: GraphInput, window: Range, output: Range, landed: boolean, nowMs: number, missing: string[], expired: string[], { graph, datasets, hash }: ResolveContext): ResolvedInput {
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
  const keptMs = retention === undefined ? Infinity : parseRetention(retention)
  const keptFromMs = nowMs - keptMs
  const gone: number[] = []
  const endMs = isWhole ? data.horizonMs : window.endMs
  for (let startMs = floorTo(input.kind, Math.max(window.startMs, begin)); startMs < endMs; startMs += length) {
    const partition = data.partitions.get(startMs)
    if (partition === undefined || partition.provisional) {
      if (startMs + length > keptFromMs && missing.length < 5) missing.push(`"${input.endpoint}" ${toPartition(input.kind, startMs)} is ${partition === undefined ? 'not published' : 'provisional'}`)
      if (partition === undefined && startMs + length <= keptFromMs && startMs + length > output.endMs - keptMs) gone.push(startMs)
      if (partition === undefined || !landed) continue
    }
    found.push([startMs, partition.version, [partition.file]])
  }
  if (gone.length > 0) expired.push(tellExpired(input, gone))
  return toResolved(input, length, found, hash)
}

/** `starts`: of the partitions that are gone, oldest first. */
function tellExpired(input: GraphInput, starts: number[]): string {
  const [first = 0] = starts
  const last = starts.at(-1) ?? first
  return `"${input.endpoint}" ${toPartition(input.kind, first)}${first === last ? '' : ` to ${toPartition(input.kind, last)}`}`
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
