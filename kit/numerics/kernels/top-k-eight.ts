// Top-k of eight queries in one pass over the factor matrix: four rows by eight queries in registers, 32 products a loaded row value.
import { push } from './heap'
import { multiplyAdd } from './vectors'

/**
 * `queries` is dimensions x 8 (query q in column q). Puts the rows begin..end into eight heaps: q's is at scores + q * capacity and
 * rows + q * capacity, counts[q] long; counts are 0 before the first call, later calls go on with later rows. Rows are read in
 * fours: the matrix must have room for reading up to 3 rows past `end`. Scratch: 32 + 8 floats.
 */
export function findTopKOfEight(
  begin: i32, end: i32, scratch: usize, factors: usize, dimensions: i32, queries: usize, capacity: i32,
  scores: usize, rows: usize, counts: usize,
): void {
  const sizeBytes = usize(dimensions) << 2
  const worst = scratch + 128
  for (let q: usize = 0; q < 8; q++) {
    const full = i32.load(counts + (q << 2)) == capacity
    f32.store(worst + (q << 2), full ? f32.load(scores + ((q * usize(capacity)) << 2)) : -Infinity)
  }
  for (let row = begin; row < end; row += 4) {
    scoreFourByEight(factors + usize(row) * sizeBytes, dimensions, queries, scratch)
    const last = min(4, end - row)
    for (let r = 0; r < last; r++) {
      const line = scratch + (usize(r) << 5)
      const left = f32x4.ge(v128.load(line), v128.load(worst))
      const right = f32x4.ge(v128.load(line, 16), v128.load(worst, 16))
      if (!v128.any_true(v128.or(left, right))) continue
      for (let q: usize = 0; q < 8; q++) {
        offer(scores, rows, counts, worst, q, capacity, f32.load(line + (q << 2)), row + r)
      }
    }
  }
}

function offer(scores: usize, rows: usize, counts: usize, worst: usize, q: usize, capacity: i32, score: f32, row: i32): void {
  const count = i32.load(counts + (q << 2))
  if (count == capacity && !(score > f32.load(worst + (q << 2)))) return
  const heapAt = (q * usize(capacity)) << 2
  const next = push(scores + heapAt, rows + heapAt, count, capacity, score, row)
  i32.store(counts + (q << 2), next)
  if (next == capacity) f32.store(worst + (q << 2), f32.load(scores + heapAt))
}

function scoreFourByEight(factors: usize, dimensions: i32, queries: usize, target: usize): void {
  const sizeBytes = usize(dimensions) << 2
  const row1 = factors + sizeBytes
  const row2 = row1 + sizeBytes
  const row3 = row2 + sizeBytes
  let c00 = f32x4.splat(0)
  let c01 = f32x4.splat(0)
  let c10 = f32x4.splat(0)
  let c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0)
  let c21 = f32x4.splat(0)
  let c30 = f32x4.splat(0)
  let c31 = f32x4.splat(0)
  let query = queries
  for (let at: usize = 0; at < sizeBytes; at += 4) {
    const b0 = v128.load(query)
    const b1 = v128.load(query, 16)
    let a = v128.load32_splat(factors + at)
    c00 = multiplyAdd(a, b0, c00)
    c01 = multiplyAdd(a, b1, c01)
    a = v128.load32_splat(row1 + at)
    c10 = multiplyAdd(a, b0, c10)
    c11 = multiplyAdd(a, b1, c11)
    a = v128.load32_splat(row2 + at)
    c20 = multiplyAdd(a, b0, c20)
    c21 = multiplyAdd(a, b1, c21)
    a = v128.load32_splat(row3 + at)
    c30 = multiplyAdd(a, b0, c30)
    c31 = multiplyAdd(a, b1, c31)
    query += 32
  }
  v128.store(target, c00)
  v128.store(target, c01, 16)
  v128.store(target, c10, 32)
  v128.store(target, c11, 48)
  v128.store(target, c20, 64)
  v128.store(target, c21, 80)
  v128.store(target, c30, 96)
  v128.store(target, c31, 112)
}
