// The palette: find, do, ask. Verbs first; everything in it is the same data that menus and keys use.
import { IconArrowRight, IconBolt, IconSearch, IconToggleLeft, IconUser, IconUsers } from '@tabler/icons-react'
import { Fragment, useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Dialog } from '../layout/dialog.tsx'
import { Command } from '../feedback/states.tsx'
import { useOfferedActions } from '../navigation/actions.tsx'
import { useGo } from '../navigation/link.tsx'
import { stationIcons, type Icon, type Place } from '../shell/places.ts'
import type { PaletteHit, PaletteSearch } from '../shell/shell-context.ts'
import type { TypedAhead } from './use-typed-ahead.ts'
import styles from './palette.module.css'

const iconOf: Record<string, Icon> = {
  'event type': stationIcons.events,
  endpoint: stationIcons.datasets,
  experiment: stationIcons.experiments,
  listener: stationIcons.listen,
  flag: IconToggleLeft,
  group: IconUsers,
  user: IconUser,
}

type Entry = { id: string; group: string; label: string; detail: ReactNode; icon: Icon; says: string; command?: string; run: () => void }

export type PaletteProps = { places: Place[]; search?: PaletteSearch | undefined; /** What was typed before this was there. */ typed: TypedAhead; onClose: () => void }

export function Palette({ places, search, typed, onClose }: PaletteProps) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [hits, setHits] = useState<{ rows: PaletteHit[]; tookMs: number } | undefined>()
  const actions = useOfferedActions()
  const go = useGo()
  const query = text.trim()

  useEffect(() => setText(typed.take()), [typed])

  useEffect(() => {
    setAt(0)
    if (query === '' || search === undefined) {
      setHits(undefined)
      return undefined
    }
    const abort = new AbortController()
    const timer = setTimeout(() => {
      const began = performance.now()
      search(query, abort.signal).then((rows) => setHits({ rows, tookMs: Math.round(performance.now() - began) }), () => undefined)
    }, 80)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [query, search])

  const entries = useMemo<Entry[]>(() => {
    const matches = (label: string): boolean => query.toLowerCase().split(/\s+/).every((word) => label.toLowerCase().includes(word))
    return [
      ...actions.filter((action) => matches(action.label)).map((action) => ({ id: `do ${action.id}`, group: 'Do', label: action.label, detail: action.key === undefined ? null : <kbd>{action.key.toUpperCase()}</kbd>, icon: IconBolt as Icon, says: action.says ?? `${action.label}.`, ...(action.command === undefined ? {} : { command: action.command }), run: action.run })),
      ...places.filter((place) => matches(place.label)).map((place) => ({ id: `go ${place.path}`, group: 'Go', label: place.label, detail: place.key === undefined ? null : <><kbd>G</kbd><kbd>{place.key.toUpperCase()}</kbd></>, icon: place.icon, says: `Opens ${place.label}.`, run: () => go(place.path) })),
      ...(hits?.rows ?? []).map((hit, index) => ({ id: `hit ${index} ${hit.path}`, group: 'Go', label: hit.title, detail: <>{hit.kind}{hit.owner === undefined ? null : <span>{hit.owner}</span>}</>, icon: iconOf[hit.kind] ?? (IconArrowRight as Icon), says: hit.says ?? `${hit.title}, ${hit.kind}.`, run: () => go(hit.path) })),
    ]
  }, [actions, places, hits, query, go])
  const chosen = entries[Math.min(at, entries.length - 1)]

  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return
    onClose()
    entry.run()
  }
  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault()
      run(chosen)
    }
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const next = (Math.min(at, entries.length - 1) + by + entries.length) % Math.max(1, entries.length)
    setAt(next)
    document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <Dialog title="Find or do" bare width={820} onClose={onClose}>
      <div className={styles.input}>
        <IconSearch size={16} stroke={1.75} />
        <input autoFocus role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={chosen === undefined ? undefined : `palette-${entries.indexOf(chosen)}`} aria-label="Find or do" placeholder="Find a page, an event, a dataset; or do something" value={text} onChange={(event) => setText(event.target.value)} onKeyDown={move} />
        <button type="button" onClick={onClose}><kbd>Esc</kbd></button>
      </div>
      <div className={styles.columns}>
        <ul id="palette-list" role="listbox" aria-label="What was found" className={styles.list}>
          {entries.map((entry, index) => (
            <Fragment key={entry.id}>
              {entries[index - 1]?.group !== entry.group && <li role="presentation" className={styles.group}>{entry.group}</li>}
              <li id={`palette-${index}`} role="option" aria-selected={entry === chosen} className={entry === chosen ? styles.chosen : ''} onClick={() => run(entry)} onPointerMove={() => setAt(index)}>
                <entry.icon size={16} stroke={1.75} />
                <b><Marked text={entry.label} query={query} /></b>
                <span className={styles.detail}>{entry.detail}</span>
              </li>
            </Fragment>
          ))}
          {entries.length === 0 && <li role="presentation" className={styles.none}>Nothing is named “{query}”.</li>}
        </ul>
        {chosen !== undefined && <div className={styles.preview}><p>{chosen.says}</p>{chosen.command !== undefined && <Command text={chosen.command} />}</div>}
      </div>
      <footer className={styles.foot}>
        <span><kbd>↑</kbd><kbd>↓</kbd> choose</span><span><kbd>↵</kbd> do it</span>
        {hits !== undefined && <span className={styles.count}>{hits.rows.length} named {query}, {hits.tookMs} ms</span>}
      </footer>
    </Dialog>
  )
}

function Marked({ text, query }: { text: string; query: string }) {
  const at = query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase())
  if (at < 0) return <>{text}</>
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + query.length)}</mark>{text.slice(at + query.length)}</>
}
