// Ranges of offsets of one topic: what of it is covered, and what is not.

/** Offsets [from, to) of a type's topic. */
export type OffsetRange = { from: number; to: number }

/** Behind the last one mostly, and then they become one. */
export function addRange(ranges: Map<string, OffsetRange[]>, type: string, from: number, to: number): void {
  const list = ranges.get(type)
  const last = list?.at(-1)
  if (last !== undefined && last.to === from) last.to = to
  else if (list !== undefined) list.push({ from, to })
  else ranges.set(type, [{ from, to }])
}

/** In order, each as long as it can be. */
export function joinRanges(ranges: readonly OffsetRange[]): OffsetRange[] {
  const joined: OffsetRange[] = []
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else joined.push({ from, to })
  }
  return joined
}

/** Offsets of [from, to) that are in none of the ranges, in order. */
export function listGaps(from: number, to: number, ranges: readonly OffsetRange[]): OffsetRange[] {
  const gaps: OffsetRange[] = []
  let at = from
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    if (range.from >= to) break
    if (range.from > at) gaps.push({ from: at, to: range.from })
    at = Math.max(at, range.to)
    if (at >= to) return gaps
  }
  if (at < to) gaps.push({ from: at, to })
  return gaps
}
