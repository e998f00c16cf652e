// The table of the portal: filtered rows, and facets that each count what the other filters leave.
import type { EntityRow } from '../contract.ts'
import type { CatalogEntry, CatalogIndex } from './catalog-index.ts'
import { DEFAULT_NAMESPACE, findSpecText } from './entity.ts'

export type TableQuery = { q?: string; kind?: string; type?: string; owner?: string; lifecycle?: string; state?: string; limit?: number; offset?: number }
export type FacetCounts = { value: string; count: number }[]

const facetNames = ['kind', 'type', 'owner', 'lifecycle', 'state'] as const
type FacetName = (typeof facetNames)[number]

/** Rows by kind, then name. A filter may be a list separated by commas: any of them matches. */
export function queryTable(index: CatalogIndex, query: TableQuery): { rows: EntityRow[]; total: number; facets: Record<FacetName, FacetCounts> } {
  const all = [...index.entries.values()].map(toRow).filter((row) => query.q === undefined || matchesText(row, query.q))
  const wanted = new Map(facetNames.flatMap((name) => (query[name] === undefined || query[name] === '' ? [] : [[name, new Set(query[name].toLowerCase().split(','))] as const])))
  const passes = (row: EntityRow, but?: FacetName): boolean => [...wanted].every(([name, values]) => name === but || facetValues(row, name).some((value) => values.has(value.toLowerCase())))
  const rows = all.filter((row) => passes(row)).sort((a, b) => compare(a.name, b.name) || compare(a.ref, b.ref))
  const facets = Object.fromEntries(facetNames.map((name) => [name, count(all.filter((row) => passes(row, name)).flatMap((row) => facetValues(row, name).slice(0, 1)))])) as Record<FacetName, FacetCounts>
  const offset = query.offset ?? 0
  return { rows: rows.slice(offset, offset + (query.limit ?? 1000)), total: rows.length, facets }
}

export function toRow(entry: CatalogEntry): EntityRow {
  const { entity, ref, ownerRef, source, path, facts, problems } = entry
  const { metadata, kind } = entity
  return {
    ref,
    kind,
    type: findSpecText(entity, 'type') ?? '',
    namespace: metadata.namespace ?? DEFAULT_NAMESPACE,
    name: metadata.name,
    title: metadata.title ?? displayName(entry) ?? metadata.name,
    description: metadata.description ?? '',
    owner: ownerRef ?? null,
    ownerName: ownerRef?.slice(ownerRef.lastIndexOf('/') + 1) ?? null,
    system: findSpecText(entity, 'system') ?? null,
    lifecycle: findSpecText(entity, 'lifecycle') ?? null,
    tags: metadata.tags ?? [],
    source,
    path,
    problems: problems.length,
    facts,
  }
}

/** Groups and users have their readable name in the profile. */
function displayName({ entity }: CatalogEntry): string | undefined {
  const profile = entity.spec?.['profile']
  return typeof profile === 'object' && profile !== null && 'displayName' in profile && typeof profile.displayName === 'string' ? profile.displayName : undefined
}

function facetValues(row: EntityRow, name: FacetName): string[] {
  if (name === 'owner') return row.owner === null ? [] : [row.ownerName ?? row.owner, row.owner]
  if (name === 'state') return row.facts.state === null ? [] : [row.facts.state]
  const value = row[name]
  return value === null || value === '' ? [] : [value]
}

function matchesText(row: EntityRow, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const hay = [row.ref, row.title, row.description, row.type, row.owner ?? '', ...row.tags].join(' ').toLowerCase()
  return words.every((word) => hay.includes(word))
}

export function count(values: readonly string[]): FacetCounts {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, number]) => ({ value, count: number })).sort((a, b) => b.count - a.count || compare(a.value, b.value))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
