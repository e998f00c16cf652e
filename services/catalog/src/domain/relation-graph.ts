// The relations as a picture that stays readable: a neighbourhood by depth, alike leaves folded into one, and a crowd folded by owner.
import type { GraphNode, RelationGraph } from '../contract.ts'
import type { CatalogEntry, CatalogIndex } from './catalog-index.ts'
import { toRow } from './entity-table.ts'

export type RelationFamily = 'depends' | 'api' | 'part' | 'owner' | 'people'
export type GraphQuestion = {
  /** In the middle; without it the whole catalog is drawn. */
  focus?: string
  /** How many relations away from the focus; at least 1. */
  depth: number
  families: ReadonlySet<RelationFamily>
  /** So many nodes are drawn at most. */
  most: number
}

type Edge = { from: string; to: string; type: string }
type Picture = { nodes: GraphNode[]; edges: Edge[] }

/** What flows, leads or holds stands left: [family, whether the target of the relation is the left end]. Each relation and its reverse give the same edge. */
const drawn: Record<string, readonly [family: RelationFamily, type: string, targetIsLeft: boolean]> = {
  dependsOn: ['depends', 'dependsOn', true],
  dependencyOf: ['depends', 'dependsOn', false],
  providesApi: ['api', 'providesApi', false],
  apiProvidedBy: ['api', 'providesApi', true],
  consumesApi: ['api', 'consumesApi', true],
  apiConsumedBy: ['api', 'consumesApi', false],
  partOf: ['part', 'partOf', true],
  hasPart: ['part', 'partOf', false],
  ownedBy: ['owner', 'ownedBy', true],
  ownerOf: ['owner', 'ownedBy', false],
  memberOf: ['people', 'memberOf', true],
  hasMember: ['people', 'memberOf', false],
  childOf: ['people', 'childOf', true],
  parentOf: ['people', 'childOf', false],
}

/** So many leaves alike are one node. */
const ALIKE = 4

export function drawRelations(index: CatalogIndex, question: GraphQuestion): RelationGraph {
  const { focus, most } = question
  const distances = focus === undefined ? findRelated(index, question) : findNear(index, question, focus)
  const edges = findEdges(index, question, new Set(distances.keys()))
  const plain: Picture = { nodes: [...distances].map(([ref, distance]) => toNode(index.entries.get(ref), ref, distance)), edges }
  const folded = foldAlike(plain, index, focus)
  if (focus === undefined && folded.nodes.length > most) return { ...foldByOwner(index, edges, distances.keys()), focus: null, related: distances.size, hidden: 0, foldedBy: 'owner' }
  const nearest = folded.nodes.toSorted((a, b) => a.distance - b.distance)
  const shown = nearest.slice(0, most)
  const ids = new Set(shown.map(({ id }) => id))
  return {
    nodes: shown,
    edges: folded.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    focus: focus ?? null,
    related: distances.size,
    hidden: nearest.slice(most).reduce((sum, { count }) => sum + count, 0),
    foldedBy: null,
  }
}

function edgesOf(entry: CatalogEntry, families: ReadonlySet<RelationFamily>): (Edge & { other: string })[] {
  return (entry.entity.relations ?? []).flatMap(({ type, targetRef }) => {
    const [family, name, targetIsLeft] = drawn[type] ?? []
    if (family === undefined || name === undefined || !families.has(family)) return []
    return [targetIsLeft === true ? { from: targetRef, to: entry.ref, type: name, other: targetRef } : { from: entry.ref, to: targetRef, type: name, other: targetRef }]
  })
}

/** Everything that stands in some relation. */
function findRelated(index: CatalogIndex, { families }: GraphQuestion): Map<string, number> {
  const found = new Map<string, number>()
  for (const entry of index.entries.values()) {
    for (const edge of edgesOf(entry, families)) found.set(entry.ref, 0).set(edge.other, 0)
  }
  return found
}

/** Breadth first, in both directions; the nearest first, then by name. */
function findNear(index: CatalogIndex, { families, depth }: GraphQuestion, focus: string): Map<string, number> {
  const distances = new Map([[focus, 0]])
  let rim = [focus]
  for (let distance = 1; distance <= depth && rim.length > 0; distance += 1) {
    const next = new Set<string>()
    for (const ref of rim) {
      const entry = index.entries.get(ref)
      for (const { other } of entry === undefined ? [] : edgesOf(entry, families)) if (!distances.has(other)) next.add(other)
    }
    rim = [...next].sort()
    for (const ref of rim) distances.set(ref, distance)
  }
  return distances
}

function findEdges(index: CatalogIndex, { families }: GraphQuestion, among: ReadonlySet<string>): Edge[] {
  const edges = new Map<string, Edge>()
  for (const ref of among) {
    const entry = index.entries.get(ref)
    for (const { other, from, to, type } of entry === undefined ? [] : edgesOf(entry, families)) if (among.has(other)) edges.set(`${from} ${to} ${type}`, { from, to, type })
  }
  return [...edges.values()]
}

/** Things of one type and owner that stand in the very same relations become one node, which says how many they are. */
function foldAlike({ nodes, edges }: Picture, index: CatalogIndex, focus: string | undefined): Picture {
  const touching = new Map<string, string[]>()
  const touch = (id: string, word: string): void => void (touching.get(id)?.push(word) ?? touching.set(id, [word]))
  for (const { from, to, type } of edges) {
    touch(from, `> ${type} ${to}`)
    touch(to, `< ${type} ${from}`)
  }
  const alike = Map.groupBy(nodes, ({ id, kind, type, ownerName }) => (id === focus || !index.entries.has(id) ? id : [kind, type, ownerName, ...(touching.get(id) ?? []).sort()].join('\n')))
  const foldOf = new Map<string, string>()
  const after: GraphNode[] = []
  for (const group of alike.values()) {
    const [first] = group
    if (first === undefined || group.length < ALIKE) {
      after.push(...group)
      continue
    }
    const id = `alike ${first.id}`
    for (const node of group) foldOf.set(node.id, id)
    const word = (first.type === '' ? first.kind.toLowerCase() : first.type).replaceAll('-', ' ')
    after.push({ ...first, id, title: `${group.length} ${word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`}`, state: null, count: group.length, names: group.map(({ title }) => title) })
  }
  const renamed = edges.map(({ from, to, type }) => ({ from: foldOf.get(from) ?? from, to: foldOf.get(to) ?? to, type }))
  return { nodes: after, edges: [...new Map(renamed.map((edge) => [`${edge.from} ${edge.to} ${edge.type}`, edge])).values()] }
}

/** Owners with how much each has, and what goes from one's things to another's. */
function foldByOwner(index: CatalogIndex, edges: readonly Edge[], refs: Iterable<string>): Picture {
  const ownerOf = (ref: string): string => index.entries.get(ref)?.ownerRef ?? (ref.startsWith('group:') ? ref : '')
  const counts = new Map<string, number>()
  for (const ref of refs) counts.set(ownerOf(ref), (counts.get(ownerOf(ref)) ?? 0) + (ref.startsWith('group:') ? 0 : 1))
  const between = new Map<string, Edge>()
  for (const edge of edges) {
    const [from, to] = [ownerOf(edge.from), ownerOf(edge.to)]
    if (from !== to && edge.type !== 'ownedBy') between.set(`${from} ${to} ${edge.type}`, { from, to, type: edge.type })
  }
  const nodes = [...counts].filter(([, count]) => count > 0).map(([ref, count]): GraphNode => {
    const node = toNode(index.entries.get(ref), ref, 0)
    return { ...node, title: ref === '' ? 'Nobody' : node.title, type: 'owner', count, names: [] }
  })
  const known = new Set(nodes.map(({ id }) => id))
  return { nodes: nodes.toSorted((a, b) => b.count - a.count), edges: [...between.values()].filter(({ from, to }) => known.has(from) && known.has(to)) }
}

function toNode(entry: CatalogEntry | undefined, ref: string, distance: number): GraphNode {
  if (entry === undefined) return { id: ref, title: ref.slice(ref.indexOf('/') + 1), kind: ref.slice(0, ref.indexOf(':')), type: '', ownerName: null, state: null, known: false, distance, count: 1, names: [] }
  const { title, kind, type, ownerName, facts } = toRow(entry)
  return { id: ref, title, kind, type, ownerName, state: facts.state, known: true, distance, count: 1, names: [] }
}
