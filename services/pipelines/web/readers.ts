// Who reads a dataset besides other datasets: models and experiments, by the relations that the catalog derives from their definitions.
import type { RelationGraph, RelationRow } from '@rondo/catalog/contract'
import type { LineageGraphEdge, LineageGraphNode } from '@rondo/ui'

export type Reader = { ref: string; title: string; path: string; state: RelationRow['state'] }

/** Pipelines are left out: what they make is a dataset and stands in the lineage. */
export function toReaders(relations: readonly RelationRow[]): Reader[] {
  return relations
    .filter(({ type, known, path }) => type === 'dependencyOf' && known && !path.startsWith('/data/'))
    .map(({ targetRef, targetTitle, path, state }) => ({ ref: targetRef, title: targetTitle, path, state }))
}

export function toReaderGraph(readers: readonly Reader[], focus: string): { nodes: LineageGraphNode[]; edges: LineageGraphEdge[] } {
  return {
    nodes: readers.map(({ ref, title, path, state }) => ({ id: ref, name: title, detail: path.startsWith('/experiments/') ? 'experiment' : 'model', ...(state === null ? {} : { state }) })),
    edges: readers.map(({ ref }) => ({ from: focus, to: ref })),
  }
}

/** Of all `datasets`, by name. Things that the catalog folds into one node are left out. */
export function toReadersOfAll(graph: Pick<RelationGraph, 'nodes' | 'edges'>, datasets: ReadonlySet<string>): { nodes: LineageGraphNode[]; edges: LineageGraphEdge[] } {
  const readers = new Map(graph.nodes.filter(({ type, known, count }) => (type === 'model' || type === 'experiment') && known && count === 1).map((node) => [node.id, node]))
  const edges = graph.edges.map(({ from, to }) => ({ from: from.replace(/^resource:[^/]+\//, ''), to })).filter(({ from, to }) => readers.has(to) && datasets.has(from))
  const nodes = [...new Set(edges.map(({ to }) => to))].flatMap((id) => readers.get(id) ?? [])
  return { edges, nodes: nodes.map(({ id, title, type, ownerName, state }) => ({ id, name: title, detail: [type, ownerName?.replace(/^squad-/, '')].filter((word) => word !== undefined).join(' · '), ...(state === null ? {} : { state }) })) }
}
