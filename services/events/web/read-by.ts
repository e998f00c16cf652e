// What is made from a type, by the relations that the catalog derives from definitions: datasets, then models and experiments behind them.
import type { GraphNode, RelationGraph } from '@rondo/catalog/contract'

export type Made = Pick<GraphNode, 'id' | 'title' | 'type' | 'ownerName' | 'state'> & { path: string; /** Steps from the type: 1 reads it itself. */ steps: number }

/** Everything to the right of `ref`, the nearest first. Pipelines are left out, as what they make is a dataset; so is what was folded, or nobody knows. */
export function listMade({ nodes, edges }: Pick<RelationGraph, 'nodes' | 'edges'>, ref: string): Made[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const next = Map.groupBy(edges, (edge) => edge.from)
  const steps = new Map([[ref, 0]])
  const isPipeline = (id: string): boolean => byId.get(id)?.type === 'data-pipeline'
  for (const [id, at] of steps) for (const { to } of next.get(id) ?? []) if (!steps.has(to)) steps.set(to, at + (isPipeline(to) ? 0 : 1))
  return [...steps].toSorted(([, a], [, b]) => a - b).flatMap(([id, at]) => {
    const node = byId.get(id)
    return node === undefined || at === 0 || !node.known || node.count !== 1 || isPipeline(id) ? [] : [{ id, title: node.title, type: node.type === 'data-endpoint' ? 'dataset' : node.type, ownerName: node.ownerName, state: node.state, path: toPath(node), steps: at }]
  })
}

const pages: Record<string, string> = { 'data-endpoint': '/data', 'event-type': '/events', experiment: '/experiments' }

/** Its own page, else its page in the catalog. */
function toPath({ id, type }: GraphNode): string {
  const [kind = '', namespace = '', name = ''] = id.split(/[:/]/)
  const page = pages[type]
  return page === undefined ? `/catalog/${kind}/${namespace}/${encodeURIComponent(name)}` : `${page}/${encodeURIComponent(name)}`
}
