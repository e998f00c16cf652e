// Closures over the graph of datasets: what an endpoint is made of, and whom it feeds.
import type { LineageEdge } from '../contract.ts'
import type { Graph } from './definition-graph.ts'

export type Adjacency = {
  /** Dataset → datasets it is made of. */
  up: ReadonlyMap<string, readonly string[]>
  /** Dataset → datasets made of it. */
  down: ReadonlyMap<string, readonly string[]>
}

export function buildAdjacency(graph: Graph): Adjacency {
  const up = new Map<string, string[]>()
  const down = new Map<string, string[]>()
  for (const pipeline of graph.pipelines.values()) {
    const inputs = [...new Set(pipeline.inputs.map((input) => input.endpoint))]
    up.set(pipeline.output.name, inputs)
    for (const input of inputs) {
      const outputs = down.get(input)
      if (outputs === undefined) down.set(input, [pipeline.output.name])
      else outputs.push(pipeline.output.name)
    }
  }
  return { up, down }
}

/** Everything reachable from `name`, nearest first, without itself. */
export function findClosure(name: string, next: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set([name])
  for (const at of seen) for (const other of next.get(at) ?? []) seen.add(other)
  seen.delete(name)
  return [...seen]
}

/** Edges whose two ends are both in `names`. */
export function findEdges(graph: Graph, names: ReadonlySet<string>): LineageEdge[] {
  const edges: LineageEdge[] = []
  for (const name of names) {
    const pipeline = graph.producers.get(name)
    if (pipeline === undefined) continue
    for (const from of new Set(pipeline.inputs.map((input) => input.endpoint))) if (names.has(from)) edges.push({ from, to: name, pipeline: pipeline.definition.name })
  }
  return edges
}
