// Tabs of a page and the views of a list: both are links, so that the choice is in the URL.
import { useEffect, useRef, type ReactNode } from 'react'
import { useQueryState } from '../navigation/address.ts'
import type { Icon } from '../shell/places.ts'
import styles from './tabs.module.css'

export type TabItem = { id: string; label: ReactNode; /** A count beside the label. */ count?: ReactNode }

/** Keeps the open tab in `?tab=`; the first is the default. Returns the bar and the current id: `const [tab, bar] = useTabs([...])`. */
export function useTabs(items: TabItem[], parameter = 'tab'): [string, ReactNode] {
  const fallback = items[0]?.id ?? ''
  const [wanted, choose] = useQueryState(parameter, fallback)
  const current = items.some((item) => item.id === wanted) ? wanted : fallback
  return [current, <Tabs key="tabs" items={items} current={current} onChoose={choose} />]
}

export function Tabs({ items, current, onChoose }: { items: TabItem[]; current: string; onChoose: (id: string) => void }) {
  const bar = useRef<HTMLElement>(null)
  const counted = items.filter((item) => item.count !== undefined).length
  // On a phone the bar is wider than the page: the open tab is scrolled into it, and the page itself stays where it is.
  useEffect(() => {
    const open = bar.current?.querySelector<HTMLElement>('[aria-current]')
    if (bar.current && open) bar.current.scrollLeft = open.offsetLeft - bar.current.offsetLeft - (bar.current.clientWidth - open.offsetWidth) / 2
  }, [current, counted])
  return (
    <nav ref={bar} className={styles.tabs} aria-label="Parts of this page">
      {items.map((item) => (
        <button key={item.id} type="button" aria-current={item.id === current ? 'page' : undefined} onClick={() => onChoose(item.id)}>
          {item.label}{item.count !== undefined && <em>{item.count}</em>}
        </button>
      ))}
    </nav>
  )
}

export type ViewItem = { id: string; label: string; icon?: Icon }

/** One query, several views: list, grid, graph. */
export function Views({ items, current, onChoose, label = 'View' }: { items: ViewItem[]; current: string; onChoose: (id: string) => void; label?: string }) {
  return (
    <div className={styles.views} role="group" aria-label={label}>
      {items.map(({ id, label: text, icon: Mark }) => (
        <button key={id} type="button" aria-pressed={id === current} onClick={() => onChoose(id)}>
          {Mark !== undefined && <Mark size={14} stroke={1.75} />}{text}
        </button>
      ))}
    </div>
  )
}
