// Facets as a column of checkboxes beside a wide table; the same choices as the bar, in the same URL.
import type { EntityRow } from '@rondo/catalog/contract'
import { formatCount, useQueryParams, useSetQuery, type FacetSpec } from '@rondo/ui'
import { useState } from 'react'
import { countFacet } from './count-facet.ts'
import styles from './catalog.module.css'

const FEW = 8

export function FacetColumn({ rows, facets, text }: { rows: readonly EntityRow[]; facets: Record<string, FacetSpec<EntityRow>>; text: (row: EntityRow) => string }) {
  const query = useQueryParams()
  const setQuery = useSetQuery()
  const [whole, setWhole] = useState<string[]>([])
  const chosen = Object.fromEntries(Object.keys(facets).map((id) => [id, (query.get(id) ?? '').split(',').filter((value) => value !== '')]))
  const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter((word) => word !== '')
  const matching = rows.filter((row) => words.every((word) => text(row).toLowerCase().includes(word)))
  return (
    <aside className={styles.facets} aria-label="Filters">
      {Object.entries(facets).map(([id, facet]) => {
        const counts = countFacet(matching, rows, facets, chosen, id)
        if (counts.length === 0) return null
        const shown = whole.includes(id) ? counts : counts.slice(0, FEW)
        return (
          <fieldset key={id}>
            <legend>{facet.label}</legend>
            {shown.map(({ value, count }) => {
              const values = chosen[id] ?? []
              const isOn = values.includes(value)
              return (
                <label key={value} data-none={count === 0 || undefined}>
                  <input type="checkbox" checked={isOn} onChange={() => setQuery({ [id]: (isOn ? values.filter((one) => one !== value) : [...values, value]).join(',') })} />
                  <span className="clip">{facet.name?.(value) ?? value}</span>
                  <span className={styles.count}>{formatCount(count)}</span>
                </label>
              )
            })}
            {counts.length > FEW && <button type="button" onClick={() => setWhole(whole.includes(id) ? whole.filter((one) => one !== id) : [...whole, id])}>{whole.includes(id) ? 'Fewer' : `${counts.length - FEW} more`}</button>}
          </fieldset>
        )
      })}
    </aside>
  )
}
