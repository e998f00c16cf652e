// The k best (score, row) pairs seen so far, as a heap with the worst on top. Of equal scores the lower row is better.
//
// A heap is two arrays of k: scores (f32) and rows (i32). Rows must be offered in rising order, which makes the test against the
// worst a plain `score > worst`: a later row of equal score never gets in.

/** Puts a pair in: `count` is how many the heap holds; a full heap loses its worst. Returns the new count. */
export function push(scores: usize, rows: usize, count: i32, capacity: i32, score: f32, row: i32): i32 {
  if (count < capacity) {
    siftUp(scores, rows, count, score, row)
    return count + 1
  }
  siftDown(scores, rows, count, score, row)
  return count
}

function isWorse(score: f32, row: i32, otherScore: f32, otherRow: i32): bool {
  return score < otherScore || (score == otherScore && row > otherRow)
}

function siftUp(scores: usize, rows: usize, start: i32, score: f32, row: i32): void {
  let at = start
  while (at > 0) {
    const parent = (at - 1) >> 1
    const parentScore = f32.load(scores + (usize(parent) << 2))
    const parentRow = i32.load(rows + (usize(parent) << 2))
    if (!isWorse(score, row, parentScore, parentRow)) break
    place(scores, rows, at, parentScore, parentRow)
    at = parent
  }
  place(scores, rows, at, score, row)
}

function siftDown(scores: usize, rows: usize, count: i32, score: f32, row: i32): void {
  let at = 0
  while (true) {
    let child = 2 * at + 1
    if (child >= count) break
    let childScore = f32.load(scores + (usize(child) << 2))
    let childRow = i32.load(rows + (usize(child) << 2))
    if (child + 1 < count) {
      const nextScore = f32.load(scores + (usize(child) << 2), 4)
      const nextRow = i32.load(rows + (usize(child) << 2), 4)
      if (isWorse(nextScore, nextRow, childScore, childRow)) {
        child += 1
        childScore = nextScore
        childRow = nextRow
      }
    }
    if (!isWorse(childScore, childRow, score, row)) break
    place(scores, rows, at, childScore, childRow)
    at = child
  }
  place(scores, rows, at, score, row)
}

function place(scores: usize, rows: usize, at: i32, score: f32, row: i32): void {
  f32.store(scores + (usize(at) << 2), score)
  i32.store(rows + (usize(at) << 2), row)
}
