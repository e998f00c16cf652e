// What is made from what: all endpoints, or those that pass the filters with what lies between them.
import type { EndpointRow, Lineage } from '@rondo/pipelines/contract'
import { formatThings, LineageGraph, type LineageGraphNode } from '@rondo/ui'
import { namePartition } from './partition-cells.ts'

export function toGraphNodes(graph: Lineage): LineageGraphNode[] {
  return graph.nodes.map((node) => ({
    id: node.name,
    name: node.name,
    state: node.state,
    detail: `${node.owner.replace(/^squad-/, '')} · ${node.lastPartition === null ? (node.kind === 'event' ? 'no closed hour' : 'nothing yet') : namePartition(node.partition, node.lastPartition).replace(/^week of \w+ /, 'week ')}`,
  }))
}

export function DataGraph({ graph, shown, onOpen }: { graph: Lineage; shown: readonly EndpointRow[]; onOpen: (name: string) => void }) {
  const names = new Set(shown.map((row) => row.name))
  const nodes = toGraphNodes(graph).filter((node) => names.has(node.id))
  const edges = graph.edges.filter((edge) => names.has(edge.from) && names.has(edge.to))
  return <LineageGraph nodes={nodes} edges={edges} finding={`${formatThings(nodes.length, 'endpoint')}, ${formatThings(edges.length, 'flow')} between them.`} onOpen={onOpen} />
}
