// Relations around one thing, or of all of them.
import type { RelationGraph } from '../contract.ts'
import type { CatalogIndex } from '../domain/catalog-index.ts'
import { drawRelations, type RelationFamily } from '../domain/relation-graph.ts'
import { findEntry } from './get-entity.ts'

const all: readonly RelationFamily[] = ['depends', 'api', 'part', 'owner', 'people']

/** Throws ENTITY_NOT_FOUND, REF_AMBIGUOUS. */
export function getGraph(index: CatalogIndex, { ref, depth, relations, most }: { ref?: string; depth?: number; relations?: string; most?: number }): RelationGraph {
  const wanted = relations?.split(',')
  return drawRelations(index, {
    ...(ref === undefined ? {} : { focus: findEntry(index, ref).ref }),
    depth: depth ?? 1,
    families: new Set(all.filter((family) => wanted?.includes(family) ?? true)),
    most: most ?? 60,
  })
}
