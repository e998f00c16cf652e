// The k rows of a factor matrix with the largest dot product with one query: reads the matrix once, at memory speed.
import { push } from './heap'
import { dot, multiplyAdd, sumLanesOfFour } from './vectors'

/** Dot products of the rows begin..end with `query` go to scores[0..]; dimensions a multiple of 8. Scratch is not used. */
export function scoreRows(begin: i32, end: i32, scratch: usize, factors: usize, dimensions: i32, query: usize, scores: usize): void {
  const sizeBytes = usize(dimensions) << 2
  let row = begin
  let target = scores
  for (; row + 4 <= end; row += 4) {
    v128.store(target, scoreFour(factors + usize(row) * sizeBytes, query, sizeBytes))
    target += 16
  }
  for (; row < end; row++) {
    f32.store(target, dot(factors + usize(row) * sizeBytes, query, sizeBytes))
    target += 4
  }
}

/** Heap of the best of begin..end (see heap.ts), unsorted. Returns how many it holds. Scratch is not used. */
export function findTopK(
  begin: i32, end: i32, scratch: usize, factors: usize, dimensions: i32, query: usize, capacity: i32, scores: usize, rows: usize,
): i32 {
  const sizeBytes = usize(dimensions) << 2
  let count = 0
  let row = begin
  let worst = f32x4.splat(-Infinity)
  for (; row + 4 <= end; row += 4) {
    const four = scoreFour(factors + usize(row) * sizeBytes, query, sizeBytes)
    if (count == capacity && !v128.any_true(f32x4.gt(four, worst))) continue
    count = offer(scores, rows, count, capacity, f32x4.extract_lane(four, 0), row)
    count = offer(scores, rows, count, capacity, f32x4.extract_lane(four, 1), row + 1)
    count = offer(scores, rows, count, capacity, f32x4.extract_lane(four, 2), row + 2)
    count = offer(scores, rows, count, capacity, f32x4.extract_lane(four, 3), row + 3)
    worst = v128.load32_splat(scores)
  }
  for (; row < end; row++) {
    count = offer(scores, rows, count, capacity, dot(factors + usize(row) * sizeBytes, query, sizeBytes), row)
  }
  return count
}

function offer(scores: usize, rows: usize, count: i32, capacity: i32, score: f32, row: i32): i32 {
  if (count == capacity && !(score > f32.load(scores))) return count
  return push(scores, rows, count, capacity, score, row)
}

function scoreFour(first: usize, query: usize, sizeBytes: usize): v128 {
  const second = first + sizeBytes
  const third = second + sizeBytes
  const fourth = third + sizeBytes
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  for (let at: usize = 0; at < sizeBytes; at += 16) {
    const v = v128.load(query + at)
    s0 = multiplyAdd(v, v128.load(first + at), s0)
    s1 = multiplyAdd(v, v128.load(second + at), s1)
    s2 = multiplyAdd(v, v128.load(third + at), s2)
    s3 = multiplyAdd(v, v128.load(fourth + at), s3)
  }
  return sumLanesOfFour(s0, s1, s2, s3)
}
