// Which columns fit: tables never scroll sideways, the least needed columns give way first.
import { useSyncExternalStore } from 'react'

const PHONE = 760

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

function useWindowWidth(): number {
  return useSyncExternalStore(subscribe, () => window.innerWidth)
}

/** Leaves out columns whose least window width, px, is not reached. On a phone the table itself chooses. */
export function useFitting<C extends { id: string }>(columns: readonly C[], leastWidth: Record<string, number>): C[] {
  const width = useWindowWidth()
  return columns.filter((column) => width <= PHONE || width >= (leastWidth[column.id] ?? 0))
}
