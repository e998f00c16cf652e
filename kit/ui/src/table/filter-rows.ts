// Which rows pass the filters, and how many each facet value would show: a facet's own choice does not reduce its own counts.
export type FacetSpec<Row> = {
  label: string
  /** Value or values of a row; undefined belongs to none. */
  of: (row: Row) => string | readonly string[] | undefined
  /** How a value is written; itself when absent. */
  name?: (value: string) => string
}

export type FacetCount = { value: string; count: number }

export function filterRows<Row>(rows: readonly Row[], textOf: (row: Row) => string, facets: Record<string, FacetSpec<Row>>, text: string, chosen: Record<string, string[]>): { shown: Row[]; counts: Record<string, FacetCount[]> } {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const matching = words.length === 0 ? rows : rows.filter((row) => { const whole = textOf(row).toLowerCase(); return words.every((word) => whole.includes(word)) })
  const passes = (row: Row, except?: string): boolean => Object.entries(facets).every(([id, facet]) => id === except || (chosen[id] ?? []).length === 0 || valuesOf(facet, row).some((value) => chosen[id]?.includes(value)))
  const counts: Record<string, FacetCount[]> = {}
  for (const [id, facet] of Object.entries(facets)) {
    const tally = new Map<string, number>()
    for (const row of rows) for (const value of valuesOf(facet, row)) tally.set(value, 0)
    for (const row of matching) if (passes(row, id)) for (const value of valuesOf(facet, row)) tally.set(value, (tally.get(value) ?? 0) + 1)
    counts[id] = [...tally].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value))
  }
  return { shown: matching.filter((row) => passes(row)), counts }
}

function valuesOf<Row>(facet: FacetSpec<Row>, row: Row): readonly string[] {
  const value = facet.of(row)
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}
