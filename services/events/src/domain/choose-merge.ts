// Which neighbouring segments of ids become one: few of them, so that a look is quick, and each so short in time that it goes soon after its ids.

export type MergeCandidate = { fromMs: number; toMs: number; count: number }

/** A merge makes of four or more at least twice what its largest was: an id is written again for every doubling at most. */
const FEWEST = 4
const GROWTH = 2
/** What one merge holds up and reads at most. */
const MAX_IDS = 32_000_000
/** Of the window: so much longer than their window ids are held at most, on average half of it. */
const SPAN_SHARE = 1 / 8

/** [start, end) of `segments`, which are in order of time; undefined when they are well as they are. */
export function chooseMerge(segments: readonly MergeCandidate[], windowMs: number, nowMs: number): [start: number, end: number] | undefined {
  const maxSpanMs = windowMs * SPAN_SHARE
  let best: [number, number] | undefined
  let bestCount = Infinity
  for (let start = 0; start < segments.length; start += 1) {
    let end = start
    let count = 0
    let largest = 0
    let toMs = -Infinity
    for (; end < segments.length; end += 1) {
      const next = segments[end] as MergeCandidate
      if (Math.max(toMs, next.toMs) - (segments[start] as MergeCandidate).fromMs > maxSpanMs || count + next.count > MAX_IDS) break
      toMs = Math.max(toMs, next.toMs)
      count += next.count
      largest = Math.max(largest, next.count)
    }
    // Nothing will come into this span any more: once, whatever it is worth.
    const isClosed = end < segments.length && toMs < nowMs - maxSpanMs && end - start > 1 && !reachesBack(segments, start, maxSpanMs)
    const isWorth = end - start >= FEWEST && count >= largest * GROWTH
    if ((isClosed || isWorth) && count < bestCount) {
      best = [start, end]
      bestCount = count
    }
  }
  return best
}

/** The one before would fit with it: then that one begins the run. */
function reachesBack(segments: readonly MergeCandidate[], start: number, maxSpanMs: number): boolean {
  const [before, first] = [segments[start - 1], segments[start] as MergeCandidate]
  return before !== undefined && first.toMs - before.fromMs <= maxSpanMs && before.count + first.count <= MAX_IDS
}
