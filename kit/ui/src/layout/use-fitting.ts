// Which columns fit: tables never scroll sideways, the least needed columns give way first.
import { useSyncExternalStore } from 'react'

/** Below it, px, the sidebar goes to the bottom and tables have two lines a row. */
const PHONE = 760

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

/** Leaves out columns whose least window width, px, is not reached. On a phone the table itself chooses. */
export function useFitting<C extends { id: string }>(columns: readonly C[], leastWidth: Record<string, number>): C[] {
  const width = useSyncExternalStore(subscribe, () => window.innerWidth)
  return columns.filter((column) => width <= PHONE || width >= (leastWidth[column.id] ?? 0))
}

/** Below the width at which the sidebar goes to the bottom. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.innerWidth <= PHONE)
}
