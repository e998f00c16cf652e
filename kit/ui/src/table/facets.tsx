// Filters above a list: a text box, and facets whose counts react to each other. All of it lives in the URL.
import { IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { formatCount } from '../format.ts'
import { MenuButton } from '../layout/menu-button.tsx'
import { useQueryParams, useSetQuery } from '../navigation/address.ts'
import { isTyping } from '../navigation/keys.ts'
import { filterRows, type FacetSpec } from './filter-rows.ts'
import styles from './facets.module.css'

export type FacetsResult<Row> = {
  /** Rows that pass every filter. */
  shown: readonly Row[]
  /** The bar; give it to the page above the table. */
  bar: ReactNode
  isFiltered: boolean
  /** Removes all filters. */
  clear: () => void
}

/**
 * `const list = useFacets(rows, { text: (r) => r.name, facets: { owner: { label: 'Owner', of: (r) => r.owner } } })`.
 * Values of a facet are kept as `?owner=a,b`, the text as `?q=`.
 */
export function useFacets<Row>(rows: readonly Row[], spec: { text: (row: Row) => string; facets?: Record<string, FacetSpec<Row>>; aside?: ReactNode }): FacetsResult<Row> {
  const query = useQueryParams()
  const setQuery = useSetQuery()
  const facets = spec.facets ?? {}
  const text = query.get('q') ?? ''
  const chosen: Record<string, string[]> = {}
  for (const id of Object.keys(facets)) chosen[id] = (query.get(id) ?? '').split(',').filter((value) => value !== '')
  const result = filterRows(rows, spec.text, facets, text, chosen)
  const isFiltered = text !== '' || Object.values(chosen).some((values) => values.length > 0)
  const clear = (): void => setQuery({ q: undefined, ...Object.fromEntries(Object.keys(facets).map((id) => [id, undefined])) })
  const toggle = (id: string, value: string): void => {
    const now = chosen[id] ?? []
    setQuery({ [id]: (now.includes(value) ? now.filter((one) => one !== value) : [...now, value]).join(',') })
  }
  const bar = (
    <div className={styles.bar} role="search">
      <FilterBox value={text} onChange={(value) => setQuery({ q: value })} />
      {Object.entries(facets).map(([id, facet]) => {
        const values = chosen[id] ?? []
        const counts = result.counts[id] ?? []
        const name = (value: string): string => facet.name?.(value) ?? value
        return (
          <MenuButton
            key={id}
            sticky
            menuLabel={`${facet.label}${values.length === 0 ? '' : `: ${values.map(name).join(', ')}`}`}
            className={`${styles.facet} ${values.length > 0 ? styles.on : ''}`}
            groups={[
              { items: counts.map(({ value, count }) => ({ id: value, label: name(value), detail: formatCount(count), checked: values.includes(value), run: () => toggle(id, value) })) },
              ...(values.length === 0 ? [] : [{ items: [{ id: 'any', label: 'Any', run: () => setQuery({ [id]: undefined }) }] }]),
            ]}
          >
            {facet.label}
            {values.length === 0 ? <span className={styles.count}>{counts.length}</span> : <b>{values.length > 2 ? `${values.length} of ${counts.length}` : values.map(name).join(', ')}</b>}
          </MenuButton>
        )
      })}
      {isFiltered && <button type="button" className={styles.clear} onClick={clear}><IconX size={13} stroke={1.75} />Clear</button>}
      {spec.aside !== undefined && <span className={styles.aside}>{spec.aside}</span>}
    </div>
  )
  return { shown: result.shown, bar, isFiltered, clear }
}

function FilterBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  useEffect(() => {
    if (document.activeElement !== input.current) setTyped(value)
  }, [value])
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.metaKey || event.ctrlKey || isTyping(event.target)) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  const type = (next: string): void => {
    setTyped(next)
    onChange(next)
  }
  return (
    <label className={styles.filter}>
      <IconSearch size={14} stroke={1.75} />
      <span className="hidden-word">Filter</span>
      <input ref={input} type="search" placeholder="Filter" value={typed} onChange={(event) => type(event.target.value)} onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()} />
      <kbd>/</kbd>
    </label>
  )
}
