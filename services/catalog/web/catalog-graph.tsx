// The graph of the catalog: everything, or the neighbourhood of what was chosen; all of it is in the URL.
import type { EntityRow } from '@rondo/catalog/contract'
import { Button, Section, useGo, useQueryParams, useSetQuery } from '@rondo/ui'
import { TextInput } from '@rondo/ui/forms'
import { useState } from 'react'
import { toEntityPath } from './entity-words.ts'
import { families } from './graph-words.ts'
import { RelationGraph } from './relation-graph.tsx'
import styles from './catalog.module.css'

export function CatalogGraph({ rows }: { rows: readonly EntityRow[] }) {
  const query = useQueryParams()
  const setQuery = useSetQuery()
  const go = useGo()
  const [text, setText] = useState('')
  const focus = query.get('focus') ?? undefined
  const fallback = families.filter(({ inAll }) => inAll || focus !== undefined).map(({ id }) => id)
  const shown = query.get('relations')?.split(',').filter((id) => id !== 'none') ?? fallback
  const title = rows.find((row) => row.ref === focus)?.title ?? focus
  const focusOn = (ref: string | undefined): void => setQuery({ focus: ref, depth: undefined }, { push: true })
  const choose = (ref: string): void => (ref === focus ? go(toEntityPath(ref)) : focusOn(ref))
  const type = (value: string): void => {
    const found = rows.find((row) => row.ref === value)
    setText(found === undefined ? value : '')
    if (found !== undefined) focusOn(found.ref)
  }
  const takeFirst = (): void => {
    const words = text.trim().toLowerCase()
    const found = words === '' ? undefined : (rows.find((row) => row.title.toLowerCase() === words) ?? matches(rows, words)[0])
    if (found !== undefined) type(found.ref)
  }
  return (
    <Section>
      <div className={styles.graphHead}>
        <TextInput label="Show what is around" placeholder="a name, such as track-played" list="things-of-the-catalog" value={text} onChange={(event) => type(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Enter' && takeFirst()} />
        <datalist id="things-of-the-catalog">{(text.length < 2 ? [] : matches(rows, text.toLowerCase()).slice(0, 30)).map((row) => <option key={row.ref} value={row.ref}>{row.title}</option>)}</datalist>
        {focus !== undefined && <><Button to={toEntityPath(focus)}>Open {title}</Button><Button onClick={() => focusOn(undefined)}>Show everything</Button></>}
      </div>
      <RelationGraph
        {...(focus === undefined ? {} : { focus, title: title ?? focus })}
        depth={Number(query.get('depth') ?? 1)}
        onDepth={(depth) => setQuery({ depth: depth === 1 ? undefined : String(depth) })}
        shown={shown}
        onShown={(ids) => setQuery({ relations: ids.length === 0 ? 'none' : ids.join(',') })}
        onChoose={choose}
        onOpenList={go}
      />
    </Section>
  )
}

const matches = (rows: readonly EntityRow[], words: string): EntityRow[] => rows.filter((row) => `${row.ref} ${row.title}`.toLowerCase().includes(words))
