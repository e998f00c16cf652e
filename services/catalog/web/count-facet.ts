// How many rows each value of a facet would leave: its own choice does not reduce its own counts.
import type { FacetSpec } from '@rondo/ui'

export function countFacet<Row>(matching: readonly Row[], all: readonly Row[], facets: Record<string, FacetSpec<Row>>, chosen: Record<string, string[]>, id: string): { value: string; count: number }[] {
  const facet = facets[id]
  if (facet === undefined) return []
  const valuesOf = (row: Row, spec: FacetSpec<Row>): readonly string[] => {
    const value = spec.of(row)
    return value === undefined ? [] : typeof value === 'string' ? [value] : value
  }
  const passes = (row: Row): boolean => Object.entries(facets).every(([other, spec]) => other === id || (chosen[other] ?? []).length === 0 || valuesOf(row, spec).some((value) => chosen[other]?.includes(value)))
  const tally = new Map<string, number>()
  for (const row of all) for (const value of valuesOf(row, facet)) tally.set(value, 0)
  for (const row of matching) if (passes(row)) for (const value of valuesOf(row, facet)) tally.set(value, (tally.get(value) ?? 0) + 1)
  return [...tally].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value))
}
