// Which node of a lineage graph the arrow keys lead to: up and down in its column, left and right to the nearest of the next.
import type { Placed } from './lineage-layout.ts'

const steps: Record<string, { along: 'column' | 'row'; by: 1 | -1 }> = {
  ArrowRight: { along: 'column', by: 1 },
  ArrowLeft: { along: 'column', by: -1 },
  ArrowDown: { along: 'row', by: 1 },
  ArrowUp: { along: 'row', by: -1 },
}

/** Undefined for other keys, and at the edge. Empty columns are passed over. */
export function nextNode(places: ReadonlyMap<string, Placed>, from: string, key: string): string | undefined {
  const step = steps[key]
  const here = places.get(from)
  if (step === undefined || here === undefined) return undefined
  const all = [...places]
  if (step.along === 'row') return all.find(([, place]) => place.column === here.column && place.row === here.row + step.by)?.[0]
  const ahead = all.filter(([, place]) => (place.column - here.column) * step.by > 0)
  const distance = ([, place]: [string, Placed]): number => Math.abs(place.column - here.column) * 1e6 + Math.abs(place.y - here.y)
  return ahead.toSorted((a, b) => distance(a) - distance(b))[0]?.[0]
}
