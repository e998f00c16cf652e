// What is made from what: all endpoints, or those that pass the filters with what lies between them.
import { catalogContract } from '@rondo/catalog/contract'
import type { EndpointRow, Lineage } from '@rondo/pipelines/contract'
import { formatThings, LineageGraph, useGo, useRoute, type LineageGraphNode } from '@rondo/ui'
import { namePartition } from './partition-cells.ts'
import { toReadersOfAll } from './readers.ts'

export function toGraphNodes(graph: Lineage): LineageGraphNode[] {
  return graph.nodes.map((node) => ({
    id: node.name,
    name: node.name,
    state: node.state,
    detail: `${node.owner.replace(/^squad-/, '')} · ${node.lastPartition === null ? (node.kind === 'event' ? 'no closed hour' : 'nothing yet') : namePartition(node.partition, node.lastPartition).replace(/^week of \w+ /, 'week ')}`,
  }))
}

export function DataGraph({ graph, shown }: { graph: Lineage; shown: readonly EndpointRow[] }) {
  const go = useGo()
  const relations = useRoute(catalogContract, 'graph', { relations: 'depends' }, { refetchMs: 15_000 })
  const names = new Set(shown.map((row) => row.name))
  const nodes = toGraphNodes(graph).filter((node) => names.has(node.id))
  const edges = graph.edges.filter((edge) => names.has(edge.from) && names.has(edge.to))
  const readers = toReadersOfAll(relations.data ?? { nodes: [], edges: [] }, names)
  const beyond = readers.nodes.length === 0 ? '' : ` ${formatThings(readers.nodes.length, 'model or experiment', 'models and experiments')} read them.`
  const open = (id: string): void => go(names.has(id) ? `/data/${encodeURIComponent(id)}` : `/catalog/${id.replace(':', '/')}`)
  return <LineageGraph nodes={[...nodes, ...readers.nodes]} edges={[...edges, ...readers.edges]} finding={`${formatThings(nodes.length, 'endpoint')}, ${formatThings(edges.length, 'flow')} between them.${beyond}`} onOpen={open} />
}
