// What data there is: closed and open hours of event types, published partitions of derived endpoints, and where history began.
import type { CheckResult } from '../contract.ts'
import type { Graph } from './definition-graph.ts'
import { floorTo, getLengthMs, toRange } from './partition-windows.ts'
import { HOUR_MS } from '@rondo/time'

/** One hour of an event type. `files` are object keys. */
export type Bucket = { version: string; files: string[]; rows: number; isClosed: boolean; closedAtMs: number | undefined; /** Some rows hold personal values sealed. */ isSealed?: boolean }

/** Retention took its files; the hour stays, with its rows and its version. */
export function isExpired(bucket: Bucket): boolean {
  return bucket.rows > 0 && bucket.files.length === 0
}

export type EventData = {
  /** Every hour that ends at or before this instant is closed; -Infinity before we know. */
  closedUntilMs: number
  /** Start of the first hour with events that are kept. */
  beginMs: number | undefined
  /** Every hour that retention has taken ends at or before this instant. */
  expiredUntilMs: number
  /** By start of the hour, in order of time. */
  buckets: Map<number, Bucket>
  /** Grows with every change: keys caches. */
  changes: number
}

/** A published partition of a derived endpoint. */
export type Partition = {
  partition: string
  startMs: number
  /** Identity of the instance that made it. */
  version: string
  inputsVersion: string
  codeVersion: string
  provisional: boolean
  /** Object key. */
  file: string
  rows: number
  bytes: number
  runId: string
  publishedMs: number
  durationMs: number
  /** Number of the publication, growing over all endpoints. */
  revision: number
  checks: CheckResult[]
}

export type DerivedData = {
  /** By start. */
  partitions: Map<number, Partition>
  /** Start of the earliest partition. */
  beginMs: number | undefined
  /** End of the latest final partition. */
  horizonMs: number
  changes: number
}

export type Datasets = ReturnType<typeof createDatasets>

/** `events` are carried over when only the definitions change. */
export function createDatasets(graph: Graph, events = new Map<string, EventData>()) {
  const derived = new Map<string, DerivedData>()
  const begins = new Map<string, number | undefined>()

  const getEvent = (type: string): EventData => getOrMake(events, type, () => ({ closedUntilMs: -Infinity, beginMs: undefined, expiredUntilMs: -Infinity, buckets: new Map(), changes: 0 }))
  const getDerived = (name: string): DerivedData => getOrMake(derived, name, () => ({ partitions: new Map(), beginMs: undefined, horizonMs: 0, changes: 0 }))

  /** First instant at which a dataset can hold something: of its first hour, or of what it is made of, or of what stands already. */
  const findBegin = (name: string): number | undefined => {
    const pipeline = graph.producers.get(name)
    if (pipeline === undefined) return events.get(name)?.beginMs
    if (begins.has(name)) return begins.get(name)
    let beginMs = getDerived(name).beginMs
    for (const input of pipeline.inputs) {
      const inputMs = findBegin(input.endpoint)
      if (inputMs === undefined || input.kind === 'none') continue
      let startMs = floorTo(pipeline.output.partition, inputMs)
      // Of the partition in which what is kept begins, the rest is gone.
      if (input.isEvent && input.reach === 'same' && pipeline.output.partition !== 'none' && getEvent(input.endpoint).expiredUntilMs > startMs) startMs += getLengthMs(pipeline.output.partition)
      if (beginMs === undefined || startMs < beginMs) beginMs = startMs
    }
    begins.set(name, beginMs)
    return beginMs
  }

  return {
    events,
    getEvent,
    getDerived,
    findBegin,

    /**
     * Takes what the events room answered. Returns the range of hours whose content is new or changed, open hours not counted;
     * undefined when there is none.
     */
    noteBuckets(type: string, closedUntilMs: number, buckets: ReadonlyMap<number, Bucket>): { startMs: number; endMs: number } | undefined {
      const data = getEvent(type)
      let changed: { startMs: number; endMs: number } | undefined
      for (const [startMs, bucket] of buckets) {
        const old = data.buckets.get(startMs)
        if (old !== undefined && old.version === bucket.version && old.isClosed === bucket.isClosed && isExpired(old) === isExpired(bucket)) continue
        // An answer that was on its way when the hour closed.
        if (old?.isClosed === true && !bucket.isClosed) continue
        data.buckets.set(startMs, bucket)
        data.changes += 1
        if (isExpired(bucket)) {
          data.expiredUntilMs = Math.max(data.expiredUntilMs, startMs + HOUR_MS)
          begins.clear()
          continue
        }
        if (data.beginMs === undefined || startMs < data.beginMs) {
          data.beginMs = startMs
          begins.clear()
        }
        if (!bucket.isClosed) continue
        changed = { startMs: Math.min(startMs, changed?.startMs ?? startMs), endMs: Math.max(startMs + HOUR_MS, changed?.endMs ?? 0) }
      }
      if (closedUntilMs > data.closedUntilMs) data.closedUntilMs = closedUntilMs
      return changed
    },

    /** For when remembered files are gone: the next answer of the events room is taken whole. */
    forgetEvents(type: string): void {
      const data = getEvent(type)
      data.buckets.clear()
      data.closedUntilMs = -Infinity
      data.beginMs = undefined
      begins.clear()
      data.changes += 1
    },

    putPartition(name: string, partition: Partition): void {
      const data = getDerived(name)
      data.partitions.set(partition.startMs, partition)
      data.changes += 1
      if (!partition.provisional) {
        const kind = graph.endpoints.get(name)?.partition ?? 'none'
        data.horizonMs = Math.max(data.horizonMs, toRange(kind, partition.startMs).endMs)
      }
      if (data.beginMs === undefined || partition.startMs < data.beginMs) {
        data.beginMs = partition.startMs
        begins.clear()
      }
    },

    dropPartition(name: string, startMs: number): void {
      const data = getDerived(name)
      data.partitions.delete(startMs)
      data.changes += 1
    },
  }
}

function getOrMake<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
