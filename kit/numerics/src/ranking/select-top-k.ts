// The k best of a list of scores, where the caller has the scores already.
import { checkInteger } from '../checks.ts'

export type Ranked = { index: number; score: number }

/** Best first; of equal scores the lower index. NaN scores and `excluded` indices never come out; fewer than k when there are fewer. */
export function selectTopK(scores: ArrayLike<number>, k: number, excluded?: ReadonlySet<number>): Ranked[] {
  checkInteger('k', k, 1)
  const heap: Ranked[] = [] // worst on top
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] as number
    const full = heap.length === k
    if (Number.isNaN(score) || (full && score <= (heap[0] as Ranked).score) || excluded?.has(index)) continue
    if (full) siftDown(heap, { index, score })
    else siftUp(heap, { index, score })
  }
  return heap.sort(compareRanked)
}

/** Negative when `a` ranks before `b`. */
export function compareRanked(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) return a.score > b.score ? -1 : 1
  return a.index - b.index
}

function siftUp(heap: Ranked[], added: Ranked): void {
  let at = heap.length
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (compareRanked(added, heap[parent] as Ranked) <= 0) break
    heap[at] = heap[parent] as Ranked
    at = parent
  }
  heap[at] = added
}

function siftDown(heap: Ranked[], added: Ranked): void {
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && compareRanked(heap[child + 1] as Ranked, heap[child] as Ranked) > 0) child += 1
    if (compareRanked(heap[child] as Ranked, added) <= 0) break
    heap[at] = heap[child] as Ranked
    at = child
  }
  heap[at] = added
}
