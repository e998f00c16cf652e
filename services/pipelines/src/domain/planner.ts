// Decides which instances are due. It looks only at partitions whose inputs changed, so a round in which nothing happened costs nothing.
import { DAY_MS, toPartition } from '@rondo/time'
import type { GraphPipeline } from './definition-graph.ts'
import { computeNextBoundary, computeWindow, findAffected, floorTo, getLengthMs, toRange, type Range } from './partition-windows.ts'
import { parseRetention } from './retention.ts'
import { resolveInputs, type Resolution, type ResolveContext } from './resolve-inputs.ts'

/** (pipeline, partition, code version, input versions): runs once. */
export type Instance = {
  /** Digest of all four, and of `provisional`. */
  id: string
  pipeline: GraphPipeline
  partition: string
  startMs: number
  provisional: boolean
  resolution: Resolution
}

/** An instance that failed or was blocked; `retryAtMs` undefined: not before code or inputs change. */
export type Failure = { instance: string; attempts: number; retryAtMs: number | undefined; state: 'failed' | 'blocked'; message: string; sinceMs: number }

type Work = {
  pipeline: GraphPipeline
  /** Partitions before this start have been looked at once. */
  cursorMs: number | undefined
  /** Starts to look at in the next round. */
  dirty: Set<number>
  failures: Map<number, Failure>
}

/** Hours of events may be restated; published partitions younger than this are compared again after a restart. */
const RESTATED_WITHIN_MS = 2 * DAY_MS

export type Planner = ReturnType<typeof createPlanner>

export function createPlanner(context: ResolveContext) {
  const { graph, datasets, hash } = context
  const works = new Map([...graph.pipelines].map(([name, pipeline]): [string, Work] => [name, { pipeline, cursorMs: undefined, dirty: new Set(), failures: new Map() }]))
  const touched = new Set<Work>(works.values())
  let nextRetryMs = Infinity

  const touchConsumers = (name: string, changed: Range | undefined): void => {
    for (const pipeline of graph.consumers.get(name) ?? []) {
      const work = works.get(pipeline.definition.name)
      if (work === undefined) continue
      touched.add(work)
      if (changed === undefined || work.cursorMs === undefined) continue
      for (const input of pipeline.inputs) {
        if (input.endpoint !== name) continue
        for (const startMs of findAffected(input.reach, input.kind, pipeline.output.partition, changed, work.cursorMs)) work.dirty.add(startMs)
      }
    }
  }

  /** Looks at every partition that has become complete by time; gaps in the inputs show when it is resolved. */
  const enumerate = (work: Work, nowMs: number): void => {
    const { pipeline } = work
    const kind = pipeline.output.partition
    if (kind === 'none') {
      work.cursorMs = Infinity
      work.dirty.add(0)
      return
    }
    const beginMs = datasets.findBegin(pipeline.output.name)
    if (beginMs === undefined) return
    const keptFromMs = nowMs - parseRetention(pipeline.output.retention)
    const length = getLengthMs(kind)
    let startMs = work.cursorMs ?? floorTo(kind, Math.max(beginMs, keptFromMs))
    for (; pipeline.inputs.every((input) => isCovered(input.endpoint, input.isEvent, computeWindow(input.reach, input.kind, toRange(kind, startMs)), nowMs)); startMs += length) {
      if (needsLook(pipeline, startMs)) work.dirty.add(startMs)
    }
    work.cursorMs = startMs
  }

  const isCovered = (name: string, isEvent: boolean, window: Range, nowMs: number): boolean => {
    if (isEvent) return datasets.getEvent(name).closedUntilMs >= window.endMs
    const data = datasets.getDerived(name)
    if (window.endMs === Number.MAX_SAFE_INTEGER) return data.partitions.size > 0
    const beginMs = datasets.findBegin(name)
    return window.endMs <= (beginMs === undefined ? nowMs : Math.max(data.horizonMs, beginMs))
  }

  /** A published partition met on the first walk (after a start) is looked at again when an input is newer than it. */
  const needsLook = (pipeline: GraphPipeline, startMs: number): boolean => {
    const own = datasets.getDerived(pipeline.output.name).partitions.get(startMs)
    if (own === undefined || own.provisional) return true
    const output = toRange(pipeline.output.partition, startMs)
    return pipeline.inputs.some((input) => {
      if (input.isEvent) return output.endMs > datasets.getEvent(input.endpoint).closedUntilMs - RESTATED_WITHIN_MS
      if (input.kind === 'none') return false
      const window = computeWindow(input.reach, input.kind, output)
      const { partitions } = datasets.getDerived(input.endpoint)
      for (let at = window.startMs; at < window.endMs; at += getLengthMs(input.kind)) if ((partitions.get(at)?.revision ?? 0) > own.revision) return true
      return false
    })
  }

  return {
    /** Instances to run now, oldest partition first, producers before consumers. One that is neither published nor failed is given again. */
    collectDue(nowMs: number): Instance[] {
      if (nowMs >= nextRetryMs) {
        nextRetryMs = Infinity
        for (const work of works.values()) {
          for (const [startMs, failure] of work.failures) {
            if (failure.retryAtMs === undefined) continue
            if (failure.retryAtMs > nowMs) {
              nextRetryMs = Math.min(nextRetryMs, failure.retryAtMs)
              continue
            }
            work.dirty.add(startMs)
            touched.add(work)
          }
        }
      }
      const due: Instance[] = []
      for (const work of touched) {
        enumerate(work, nowMs)
        const { pipeline } = work
        for (const startMs of work.dirty) {
          const resolution = resolveInputs(pipeline, startMs, false, nowMs, context)
          const own = datasets.getDerived(pipeline.output.name).partitions.get(startMs)
          const stands = own !== undefined && !own.provisional && own.inputsVersion === resolution.inputsVersion
          const hasData = pipeline.output.partition !== 'none' || resolution.inputs.some((input) => input.partitions > 0)
          const id = toInstanceId(pipeline, startMs, resolution, false, hash)
          const failure = work.failures.get(startMs)
          const isHeld = failure?.instance === id && (failure.retryAtMs === undefined || failure.retryAtMs > nowMs)
          // What retention has taken cannot be made again: what stands stays, and what would lack a part of itself is not made.
          const isPast = resolution.expired.length > 0 && ((own !== undefined && !own.provisional) || resolution.lacksOwn)
          if (stands || resolution.missing.length > 0 || !hasData || isHeld || isPast) work.dirty.delete(startMs)
          else due.push({ id, pipeline, partition: toPartition(pipeline.output.partition, startMs), startMs, provisional: false, resolution })
        }
        if (work.dirty.size === 0) touched.delete(work)
      }
      return due.sort((a, b) => toRange(a.pipeline.output.partition, a.startMs).endMs - toRange(b.pipeline.output.partition, b.startMs).endMs || a.pipeline.order - b.pipeline.order)
    },

    /** Nothing is due before new data comes in, unless the clock passes this instant. */
    isIdle: (nowMs: number): boolean => touched.size === 0 && nowMs < nextRetryMs,

    /** Hours of an event type were closed or restated. */
    noteEvents(type: string, changed: Range | undefined): void {
      touchConsumers(type, changed)
    },

    /** A partition was published (and stands in `datasets`). */
    notePublished(endpoint: string, startMs: number, provisional: boolean): void {
      const producer = graph.producers.get(endpoint)
      const work = producer === undefined ? undefined : works.get(producer.definition.name)
      if (work !== undefined) {
        work.failures.delete(startMs)
        if (!provisional) work.dirty.delete(startMs)
      }
      const kind = graph.endpoints.get(endpoint)?.partition ?? 'none'
      if (!provisional) touchConsumers(endpoint, toRange(kind, startMs))
    },

    noteFailure(pipelineName: string, startMs: number, failure: Failure): void {
      const work = works.get(pipelineName)
      if (work === undefined) return
      work.failures.set(startMs, failure)
      work.dirty.delete(startMs)
      if (failure.retryAtMs !== undefined) nextRetryMs = Math.min(nextRetryMs, failure.retryAtMs)
    },

    findFailure: (pipelineName: string, startMs: number): Failure | undefined => works.get(pipelineName)?.failures.get(startMs),

    /** By start of the partition, oldest first. */
    listFailures: (pipelineName: string): [startMs: number, failure: Failure][] => [...(works.get(pipelineName)?.failures ?? [])].sort(([a], [b]) => a - b),

    /** Asking for the hours of this type before this instant brings nothing new; Infinity: nobody reads it. */
    findNextAsk(type: string): number {
      const { closedUntilMs } = datasets.getEvent(type)
      let nextMs = Infinity
      for (const pipeline of graph.consumers.get(type) ?? []) {
        nextMs = Math.min(nextMs, closedUntilMs === -Infinity ? -Infinity : computeNextBoundary(pipeline.output.partition, closedUntilMs))
      }
      return nextMs
    },
  }
}

export function toInstanceId(pipeline: GraphPipeline, startMs: number, resolution: Resolution, provisional: boolean, hash: (text: string) => string): string {
  return hash([pipeline.definition.name, startMs, pipeline.codeVersion, resolution.inputsVersion, provisional ? 'provisional' : 'final'].join('\n'))
}
