// Which columns fit: tables never scroll sideways, the least needed columns give way first.
import { useMediaQuery } from '@mantine/hooks'

/** Below the width at which the sidebar goes to the bottom. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false })
}

/** Leaves out columns whose least window width, px, is not reached. */
export function useFitting<C extends { id: string }>(columns: readonly C[], leastWidth: Record<string, number>): C[] {
  const steps = [...new Set(Object.values(leastWidth))].toSorted((a, b) => a - b)
  const [low = 0, high = low] = steps
  const isLow = useMediaQuery(`(min-width: ${low}px)`, true, { getInitialValueInEffect: false })
  const isHigh = useMediaQuery(`(min-width: ${high}px)`, true, { getInitialValueInEffect: false })
  const reached = isHigh ? high : isLow ? low : 0
  return columns.filter((column) => (leastWidth[column.id] ?? 0) <= reached || window.innerWidth <= 760)
}
