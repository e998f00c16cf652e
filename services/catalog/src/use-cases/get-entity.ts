// One thing, by its reference or by a name that only one thing has.
import type { Api } from '@rondo/contract'
import { listClosest } from '@rondo/errors'
import type { catalogContract, RelationRow } from '../contract.ts'
import type { CatalogEntry, CatalogIndex } from '../domain/catalog-index.ts'
import { findRef, formatRef } from '../domain/entity-ref.ts'
import { toRow } from '../domain/entity-table.ts'
import { errors } from '../errors.ts'

type Answer = Awaited<ReturnType<Api<typeof catalogContract>['getEntity']>>

/** Throws ENTITY_NOT_FOUND (with near names), REF_AMBIGUOUS. */
export function getEntity(index: CatalogIndex, text: string): Answer {
  const entry = findEntry(index, text)
  const { entity } = entry
  return {
    row: toRow(entry),
    entity,
    relations: (entity.relations ?? []).map(({ type, targetRef }) => toRelation(index, type, targetRef)),
    problems: entry.problems,
    file: entry.file ?? null,
    links: (entity.metadata.links ?? []).map((link) => ({ url: link.url, title: link.title ?? link.url })),
  }
}

/** Throws as `getEntity`. */
export function findEntry(index: CatalogIndex, text: string): CatalogEntry {
  const ref = findRef(text, { kind: '' })
  const exact = ref === undefined ? undefined : index.entries.get(formatRef(ref))
  if (exact !== undefined) return exact
  const name = text.toLowerCase()
  const named = [...index.entries.values()].filter((entry) => entry.entity.metadata.name.toLowerCase() === name)
  if (named.length === 1 && named[0] !== undefined) return named[0]
  if (named.length > 1) throw errors.refAmbiguous({ ref: text, matches: named.map((entry) => entry.ref) })
  const needle = ref?.name ?? text
  const byName = Map.groupBy(index.entries.values(), (entry) => entry.entity.metadata.name)
  const near = listClosest(needle, byName.keys()).flatMap((name) => byName.get(name)?.map((entry) => entry.ref) ?? [])
  throw errors.entityUnknown({ ref: text, near: near.slice(0, 3) })
}

function toRelation(index: CatalogIndex, type: string, targetRef: string): RelationRow {
  const target = index.entries.get(targetRef)
  const row = target === undefined ? undefined : toRow(target)
  const [kind = '', rest = targetRef] = targetRef.split(':')
  return {
    type,
    targetRef,
    targetKind: row?.kind ?? kind,
    targetTitle: row?.title ?? rest.slice(rest.indexOf('/') + 1),
    known: row !== undefined,
    path: row?.path ?? '/catalog',
    state: row?.facts.state ?? null,
  }
}
