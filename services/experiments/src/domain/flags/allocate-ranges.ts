// Which buckets belong to which variant: half-open ranges that move as few units as the new shares allow.

export const BUCKETS = 1_000_000

export type Share = { variant: string; share: number }
/** Buckets [from, to). */
export type Range = { from: number; to: number; variant: string }

/**
 * Ranges in bucket order. A variant that grows keeps every bucket it had and takes free ones; one that shrinks gives up its last
 * ones; so a unit that was in stays in. Shares must be at least 0 and sum to at most 1; buckets nobody takes fall through.
 */
export function allocateRanges(shares: readonly Share[], previous: readonly Range[] = []): Range[] {
  const targets = toCounts(shares)
  const kept: Range[] = []
  for (const [variant, target] of targets) {
    let left = target
    for (const range of previous) {
      if (range.variant !== variant || left === 0) continue
      const length = Math.min(left, range.to - range.from)
      kept.push({ variant, from: range.from, to: range.from + length })
      left -= length
    }
    targets.set(variant, left)
  }
  const free = findFree(kept)
  for (const [variant, target] of targets) {
    let left = target
    while (left > 0) {
      const gap = free[0]
      if (gap === undefined) break
      const length = Math.min(left, gap.to - gap.from)
      kept.push({ variant, from: gap.from, to: gap.from + length })
      gap.from += length
      left -= length
      if (gap.from === gap.to) free.shift()
    }
  }
  return join(kept)
}

/** Buckets per variant by the largest remainder, so that shares that sum to 1 leave none over. */
function toCounts(shares: readonly Share[]): Map<string, number> {
  const total = Math.round(shares.reduce((sum, { share }) => sum + share, 0) * BUCKETS)
  const counts = shares.map(({ variant, share }) => ({ variant, count: Math.floor(share * BUCKETS + 1e-6), rest: (share * BUCKETS + 1e-6) % 1 }))
  let missing = Math.min(total, BUCKETS) - counts.reduce((sum, { count }) => sum + count, 0)
  for (const entry of counts.toSorted((a, b) => b.rest - a.rest)) {
    if (missing <= 0) break
    entry.count += 1
    missing -= 1
  }
  return new Map(counts.map(({ variant, count }) => [variant, count]))
}

function findFree(taken: readonly Range[]): { from: number; to: number }[] {
  const free: { from: number; to: number }[] = []
  let at = 0
  for (const range of taken.toSorted((a, b) => a.from - b.from)) {
    if (range.from > at) free.push({ from: at, to: range.from })
    at = range.to
  }
  if (at < BUCKETS) free.push({ from: at, to: BUCKETS })
  return free
}

function join(ranges: Range[]): Range[] {
  const joined: Range[] = []
  for (const range of ranges.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last !== undefined && last.variant === range.variant && last.to === range.from) last.to = range.to
    else joined.push({ ...range })
  }
  return joined
}
