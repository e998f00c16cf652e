// Groups with their people and what they own.
import type { OwnerRow } from '../contract.ts'
import type { CatalogEntry, CatalogIndex } from '../domain/catalog-index.ts'
import { findSpecText } from '../domain/entity.ts'
import { count, toRow } from '../domain/entity-table.ts'

/** Those that own most first. People who own something are among them. */
export function listOwners(index: CatalogIndex): OwnerRow[] {
  const owned = Map.groupBy([...index.entries.values()].filter((entry) => entry.ownerRef !== undefined), (entry) => entry.ownerRef ?? '')
  return [...index.entries.values()]
    .filter((entry) => entry.entity.kind.toLowerCase() === 'group' || (owned.has(entry.ref) && entry.entity.kind.toLowerCase() === 'user'))
    .map((entry) => toOwner(index, entry, owned.get(entry.ref) ?? []))
    .sort((a, b) => b.ownsCount - a.ownsCount || (a.name < b.name ? -1 : 1))
}

function toOwner(index: CatalogIndex, entry: CatalogEntry, owned: CatalogEntry[]): OwnerRow {
  const row = toRow(entry)
  const members = (entry.entity.relations ?? []).filter(({ type }) => type === 'hasMember').map(({ targetRef }) => targetRef)
  return {
    ref: row.ref,
    name: row.name,
    title: row.title,
    description: row.description,
    type: row.type,
    parent: findSpecText(entry.entity, 'parent') ?? null,
    members: members.map((ref) => {
      const member = index.entries.get(ref)
      const name = ref.slice(ref.lastIndexOf('/') + 1)
      return { ref, name, title: member === undefined ? name : toRow(member).title }
    }),
    owns: count(owned.map((one) => findSpecText(one.entity, 'type') ?? one.entity.kind.toLowerCase())).map(({ value, count: number }) => ({ kind: value, count: number })),
    ownsCount: owned.length,
    path: row.path,
  }
}
