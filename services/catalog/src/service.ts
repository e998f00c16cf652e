// The catalog room: everything the organisation runs, with an owner for each and how it is now.
import { createCtx } from '@rondo/context'
import type { Log, Metric, Peer, Service } from '@rondo/contract'
import type { Relational } from '@rondo/relational'
import { toIso, type Clock } from '@rondo/time'
import { migrations } from '../migrations/index.ts'
import { createCatalogState } from './catalog-state.ts'
import { catalogContract } from './contract.ts'
import { createBackstageRoutes } from './dialect/backstage-routes.ts'
import { createLocationRoutes } from './dialect/location-routes.ts'
import type { CatalogIndex } from './domain/catalog-index.ts'
import { count, queryTable } from './domain/entity-table.ts'
import type { CatalogTables } from './store/catalog-tables.ts'
import { createLastGoodStore } from './store/last-good-store.ts'
import { createLocationStore } from './store/location-store.ts'
import { createReadingStore } from './store/reading-store.ts'
import { computePulse } from './use-cases/compute-pulse.ts'
import { getEntity } from './use-cases/get-entity.ts'
import { getGraph } from './use-cases/get-graph.ts'
import { listOwners } from './use-cases/list-owners.ts'
import { search } from './use-cases/search.ts'

export type CatalogDeps = {
  clock: Clock
  log: Log
  peer: Peer
  relational: Relational<CatalogTables>
  /** Descriptor files, folders that hold a catalog-info.yaml, or globs of files; `file` Locations in them are followed. */
  sources: readonly string[]
  /** What relative sources are relative to; the working folder unless told. */
  folder?: string
}

/** Reads all files before it resolves. Never fails because of a descriptor: what is wrong with one is in `listProblems`. */
export async function createCatalogService(deps: CatalogDeps): Promise<Service<typeof catalogContract>> {
  await deps.relational.migrate(migrations, createCtx({ principal: { kind: 'service', name: 'catalog' } }))
  const state = await createCatalogState({ ...deps, store: createLastGoodStore(deps.relational), locations: createLocationStore(deps.relational), readings: createReadingStore(deps.relational), folder: deps.folder ?? process.cwd() })
  let lastIndex: CatalogIndex | undefined
  const current = async (): Promise<CatalogIndex> => (lastIndex = await state.current())
  return {
    contract: catalogContract,
    api: {
      listEntities: async (query) => queryTable(await current(), query),
      getEntity: async ({ ref }) => getEntity(await current(), ref),
      graph: async (query) => getGraph(await current(), query),
      listOwners: async () => ({ rows: listOwners(await current()) }),
      listProblems: async () => ({ rows: [...(await current()).problems] }),
      search: async ({ q, limit }, ctx) => ({ rows: await search(await current(), deps.peer, q, limit ?? 20, ctx) }),
      async summary() {
        const index = await current()
        const entries = [...index.entries.values()]
        const { lastReading } = state
        return {
          entities: entries.length,
          owners: entries.filter(({ entity }) => entity.kind.toLowerCase() === 'group').length,
          withoutOwner: entries.filter(({ entity, ownerRef }) => ownerRef === undefined && !['group', 'user', 'location'].includes(entity.kind.toLowerCase())).length,
          problems: index.problems.length,
          kinds: count(entries.map(({ entity }) => entity.kind)),
          readAt: lastReading === undefined ? null : toIso(lastReading.atMs),
          readMs: lastReading?.tookMs ?? null,
        }
      },
      pulse: async () => computePulse(await current(), state.lastReading),
    },
    raw: [...createBackstageRoutes(state), ...createLocationRoutes(state)],
    jobs: [{ name: 'catalog: read changed descriptors', everyMs: 300, run: (ctx) => state.readChangedFiles(ctx) }],
    metrics: () => listMetrics(lastIndex),
    ready: (ctx) => deps.relational.ready(ctx),
    close: async () => state.close(),
  }
}

function listMetrics(index: CatalogIndex | undefined): Metric[] {
  if (index === undefined) return []
  const kinds = count([...index.entries.values()].map(({ entity }) => entity.kind))
  return [
    { name: 'rondo_catalog_entities', help: 'Things in the catalog', type: 'gauge', samples: kinds.map(({ value, count: number }) => ({ labels: { kind: value }, value: number })) },
    { name: 'rondo_catalog_problems', help: 'Problems of descriptors', type: 'gauge', samples: [{ value: index.problems.length }] },
  ]
}
