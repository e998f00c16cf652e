// What spoke for a recommendation, as shares: of one track, and of a whole list.
import { formatShare } from '@rondo/ui/format'
import type { Recommended } from '../src/contract.ts'

export type Sources = Recommended['sources']
export type SourceName = keyof Sources

/** In the order in which they are drawn, with the colour of each. */
export const sourceParts: { name: SourceName; label: string; colour: string; means: string }[] = [
  { name: 'people', label: 'People', colour: 'var(--c1)', means: 'listeners with a taste like this one play it' },
  { name: 'popularity', label: 'Popularity', colour: 'var(--c2)', means: 'many listeners play it' },
  { name: 'freshness', label: 'Freshness', colour: 'var(--c3)', means: 'it came out lately' },
]

/** Mean of the tracks' shares; adds up to 1, all zero for an empty list. */
export function averageSources(tracks: readonly { sources: Sources }[]): Sources {
  const mean = (name: SourceName): number => tracks.reduce((sum, track) => sum + track.sources[name], 0) / Math.max(1, tracks.length)
  return { people: mean('people'), popularity: mean('popularity'), freshness: mean('freshness') }
}

/** "mostly people"; "people, popularity" when the first two are nearly even. */
export function nameLoudest(sources: Sources): string {
  const [first, second] = sourceParts.toSorted((a, b) => sources[b.name] - sources[a.name])
  if (first === undefined || second === undefined || sources[first.name] === 0) return 'nothing yet'
  const isEven = sources[second.name] > 0 && sources[first.name] - sources[second.name] < 0.1
  return isEven ? `${first.label.toLowerCase()}, ${second.label.toLowerCase()}` : `mostly ${first.label.toLowerCase()}`
}

/** "People 95 %, Popularity 5 %": only what spoke at all. */
export function describeSources(sources: Sources): string {
  return sourceParts.filter(({ name }) => sources[name] > 0).map(({ name, label }) => `${label} ${formatShare(sources[name], 0)}`).join(', ')
}
