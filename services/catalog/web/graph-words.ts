// What the graph of relations says: what its lines mean, what stands in a node, and where a node leads.
import type { GraphNode, RelationGraph } from '@rondo/catalog/contract'
import type { LineageGraphEdge } from '@rondo/ui'
import { formatCount, formatThings } from '@rondo/ui/format'
import { sayKind } from './entity-words.ts'

export type Family = { id: string; label: string; line: NonNullable<LineageGraphEdge['line']>; /** In the picture of everything unless chosen otherwise. */ inAll: boolean }

export const families: Family[] = [
  { id: 'depends', label: 'Depends on', line: 'solid', inAll: true },
  { id: 'api', label: 'APIs', line: 'solid', inAll: true },
  { id: 'part', label: 'Part of', line: 'dashed', inAll: true },
  { id: 'owner', label: 'Owner', line: 'dotted', inAll: false },
  { id: 'people', label: 'People', line: 'dotted', inAll: false },
]

const edgeWords: Record<string, { kind: string; line: NonNullable<LineageGraphEdge['line']> }> = {
  dependsOn: { kind: 'is needed by', line: 'solid' },
  providesApi: { kind: 'provides', line: 'solid' },
  consumesApi: { kind: 'is called by', line: 'solid' },
  partOf: { kind: 'has as a part', line: 'dashed' },
  ownedBy: { kind: 'owns', line: 'dotted' },
  memberOf: { kind: 'has as a member', line: 'dotted' },
  childOf: { kind: 'is over', line: 'dotted' },
}

export function toGraphEdge({ from, to, type }: RelationGraph['edges'][number]): LineageGraphEdge {
  return { from, to, ...(edgeWords[type] ?? { kind: type, line: 'solid' as const }) }
}

/** The quiet line of a node: "library · foundation", "214 things", "not in the catalog". */
export function sayNode(node: GraphNode): string {
  if (!node.known && node.type !== 'owner') return 'not in the catalog'
  if (node.type === 'owner') return formatThings(node.count, 'thing')
  const owner = node.ownerName?.replace(/^squad-/, '')
  return [node.count > 1 ? undefined : sayKind(node), owner].filter((word) => word !== undefined).join(' · ')
}

/** One sentence: what is drawn, and what is not. */
export function sayGraph(graph: RelationGraph, title: string | undefined): string {
  if (graph.foldedBy === 'owner') return `${formatCount(graph.related)} things are related, too many for one picture: each node is an owner with all that is theirs.`
  const near = title === undefined ? `${formatThings(graph.related, 'related thing')}` : `${formatThings(graph.related - 1, 'thing')} around ${title}`
  return `${near}, ${formatThings(graph.edges.length, 'relation')} drawn${graph.hidden === 0 ? '' : `; ${formatCount(graph.hidden)} further away are left out`}.`
}

/** Of several that are alike: the list of them. */
export function toAlikePath(node: GraphNode): string {
  const query = new URLSearchParams({ kind: sayKind(node), ...(node.ownerName === null ? {} : { owner: node.ownerName }) })
  return `/catalog?${query}`
}
