// What fits: tables never scroll sideways, the least needed columns give way first.
import { useSyncExternalStore } from 'react'

/** Up to it, px, tables have two lines a row. */
const PHONE = 760
/** Up to it, px, the sidebar is a bar at the bottom, as in `shell.module.css`; a page then has the sidebar's width as well. */
const TABLET = 980
const SIDEBAR = 212

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

/** Leaves out columns whose least width, px, of a window with a sidebar is not reached. On a phone the table itself chooses. */
export function useFitting<C extends { id: string }>(columns: readonly C[], leastWidth: Record<string, number>): C[] {
  const width = useSyncExternalStore(subscribe, () => window.innerWidth)
  const room = width <= TABLET ? width + SIDEBAR : width
  return columns.filter((column) => width <= PHONE || room >= (leastWidth[column.id] ?? 0))
}

/** On a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.innerWidth <= PHONE)
}
