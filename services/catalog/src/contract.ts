// The door of the catalog for Rondo's own portal and command; Backstage's dialect beside it is in `dialect/`.
import { defineContract, orNull, Pulse, rowsOf, State } from '@rondo/contract'
import { Type, type Static } from 'typebox'

/** What is true now, asked from the room that runs the thing. Null: that room has no such figure, or did not answer. */
export const LiveFacts = Type.Object({
  state: orNull(State),
  /** When it last ran, landed or was called; ISO. */
  lastRunAt: orNull(Type.String()),
  ratePerHour: orNull(Type.Number()),
  /** How far behind its promise, ms; 0 when it kept it. */
  latenessMs: orNull(Type.Number()),
  /** In words, for instance "day 12 of 14". */
  note: orNull(Type.String()),
  /** When the room was asked; null while it has never answered. */
  asOf: orNull(Type.String()),
})

/** One line of the catalog's table. `ref` is "kind:namespace/name" in lower case. */
export const EntityRow = Type.Object({
  ref: Type.String(),
  kind: Type.String({ description: 'As written: Component, API, Resource…' }),
  type: Type.String({ description: 'spec.type, or empty' }),
  namespace: Type.String(),
  name: Type.String(),
  title: Type.String(),
  description: Type.String(),
  owner: orNull(Type.String({ description: 'Full reference of the owner' })),
  ownerName: orNull(Type.String({ description: 'The name of the owner alone, e.g. "squad-events"' })),
  system: orNull(Type.String()),
  lifecycle: orNull(Type.String()),
  tags: Type.Array(Type.String()),
  source: Type.Union([Type.Literal('file'), Type.Literal('live')]),
  /** Page of the portal that shows it best. */
  path: Type.String(),
  /** How many problems its descriptor has. */
  problems: Type.Integer(),
  facts: LiveFacts,
})

/** Something wrong with a descriptor, with the place of it. */
export const Problem = Type.Object({
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
  /** Stable and machine readable, e.g. "NAME_INVALID". */
  code: Type.String(),
  message: Type.String(),
  help: Type.String(),
  file: Type.String(),
  line: Type.Integer({ minimum: 1 }),
  column: Type.Integer({ minimum: 1 }),
  /** Of the entity, when one could be read. */
  ref: orNull(Type.String()),
})

export const RelationRow = Type.Object({
  type: Type.String({ description: 'Backstage’s name: ownedBy, partOf, dependsOn…' }),
  targetRef: Type.String(),
  targetKind: Type.String(),
  targetTitle: Type.String(),
  /** False: named, but nothing of that name is in the catalog. */
  known: Type.Boolean(),
  path: Type.String(),
  state: orNull(State),
})

export const GraphNode = Type.Object({
  /** Reference; of several that are alike, or of an owner with all its things, what stands for them. */
  id: Type.String(),
  title: Type.String(),
  kind: Type.String(),
  type: Type.String(),
  ownerName: orNull(Type.String()),
  state: orNull(State),
  known: Type.Boolean(),
  /** Relations away from the focus; 0 for the focus and where there is none. */
  distance: Type.Integer(),
  /** How many things it stands for. */
  count: Type.Integer(),
  /** Of those, when there are several that are alike. */
  names: Type.Array(Type.String()),
})

/** `from` stands left: what is depended on, provides, holds or owns. `type` is Backstage’s name of the relation that `to` or `from` declares. */
export const RelationGraph = Type.Object({
  nodes: Type.Array(GraphNode),
  edges: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), type: Type.String() })),
  focus: orNull(Type.String()),
  /** Things within reach, before folding and leaving out. */
  related: Type.Integer(),
  /** Of those, how many are not drawn. */
  hidden: Type.Integer(),
  foldedBy: orNull(Type.Literal('owner')),
})

export const OwnerRow = Type.Object({
  ref: Type.String(),
  name: Type.String(),
  title: Type.String(),
  description: Type.String(),
  type: Type.String(),
  parent: orNull(Type.String()),
  members: Type.Array(Type.Object({ ref: Type.String(), name: Type.String(), title: Type.String() })),
  owns: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer() })),
  ownsCount: Type.Integer(),
  path: Type.String(),
})

export const SearchRow = Type.Object({
  title: Type.String(),
  /** entity kind in lower case, or event-type, endpoint, experiment, flag, listener, group, user. */
  kind: Type.String(),
  detail: Type.String(),
  owner: orNull(Type.String()),
  path: Type.String(),
})

const Facet = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))

export const catalogContract = defineContract({
  service: 'catalog',
  base: '/api/catalog/v1',
  routes: {
    listEntities: {
      method: 'GET',
      path: '/entities',
      summary: 'The table of all things, with live facts; each facet counts what the other filters leave',
      access: 'read',
      query: Type.Object({
        q: Type.Optional(Type.String()),
        kind: Type.Optional(Type.String()),
        type: Type.Optional(Type.String()),
        owner: Type.Optional(Type.String({ description: 'Reference or name of an owner' })),
        lifecycle: Type.Optional(Type.String()),
        state: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
        offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
      }),
      result: Type.Object({
        rows: Type.Array(EntityRow),
        total: Type.Integer(),
        facets: Type.Object({ kind: Facet, type: Facet, owner: Facet, lifecycle: Facet, state: Facet }),
      }),
    },
    getEntity: {
      method: 'GET',
      path: '/entity',
      summary: 'One thing: its descriptor, relations, problems and live facts',
      access: 'read',
      query: Type.Object({ ref: Type.String({ minLength: 1, description: '"component:default/collector"; kind and namespace may be left out where only one fits' }) }),
      result: Type.Object({
        row: EntityRow,
        entity: Type.Record(Type.String(), Type.Unknown()),
        relations: Type.Array(RelationRow),
        problems: Type.Array(Problem),
        /** File that declares it, relative to the folder it was found from; null for live ones. */
        file: orNull(Type.String()),
        links: Type.Array(Type.Object({ url: Type.String(), title: Type.String() })),
      }),
    },
    graph: {
      method: 'GET',
      path: '/graph',
      summary: 'Relations as a graph: around one thing by depth, or of all things, folded by owner when they are too many',
      access: 'read',
      query: Type.Object({
        ref: Type.Optional(Type.String({ minLength: 1, description: 'In the middle; without it everything that stands in a relation' })),
        depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, default: 1 })),
        relations: Type.Optional(Type.String({ pattern: '^(depends|api|part|owner|people)(,(depends|api|part|owner|people))*$', description: 'Families, separated by commas; all unless told' })),
        most: Type.Optional(Type.Integer({ minimum: 2, maximum: 300, default: 60 })),
      }),
      result: RelationGraph,
    },
    listOwners: { method: 'GET', path: '/owners', summary: 'Groups, their people and what they own', access: 'read', result: rowsOf(OwnerRow) },
    listProblems: { method: 'GET', path: '/problems', summary: 'Everything wrong with descriptors, by file and line', access: 'read', result: rowsOf(Problem) },
    search: {
      method: 'GET',
      path: '/search',
      summary: 'Finds things and pages by a few letters',
      access: 'read',
      query: Type.Object({ q: Type.String({ minLength: 1, maxLength: 200 }), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })) }),
      result: rowsOf(SearchRow),
    },
    summary: {
      method: 'GET',
      path: '/summary',
      summary: 'How much the catalog holds and how fresh it is',
      access: 'read',
      result: Type.Object({
        entities: Type.Integer(),
        owners: Type.Integer(),
        withoutOwner: Type.Integer(),
        problems: Type.Integer(),
        kinds: Facet,
        readAt: orNull(Type.String()),
        /** How long the last reading of the files took, ms. */
        readMs: orNull(Type.Number()),
      }),
    },
    pulse: { method: 'GET', path: '/pulse', summary: 'The heartbeat of this room', access: 'read', result: Pulse },
  },
})

export type LiveFacts = Static<typeof LiveFacts>
export type EntityRow = Static<typeof EntityRow>
export type Problem = Static<typeof Problem>
export type RelationRow = Static<typeof RelationRow>
export type GraphNode = Static<typeof GraphNode>
export type RelationGraph = Static<typeof RelationGraph>
export type OwnerRow = Static<typeof OwnerRow>
export type SearchRow = Static<typeof SearchRow>
