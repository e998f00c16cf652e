// The few vector operations all kernels are made of, each in the best instruction of the build.

/** a * b + c in each lane: one rounding in the relaxed build where the machine has FMA, two in the plain build. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** c - a * b in each lane. */
export function multiplySubtract(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c)
  return f32x4.sub(c, f32x4.mul(a, b))
}

/** The sum of the four lanes. */
export function sumLanes(a: v128): f32 {
  const pairs = f32x4.add(a, i8x16.shuffle(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

/** [sum of a, sum of b, sum of c, sum of d], by transposing while adding. */
export function sumLanesOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
    i8x16.shuffle(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31),
  )
  const cd = f32x4.add(
    i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
    i8x16.shuffle(c, d, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31),
  )
  return f32x4.add(
    i8x16.shuffle(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(ab, cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  )
}

/** The dot product of two vectors of `sizeBytes` (a multiple of 16). */
export function dot(a: usize, b: usize, sizeBytes: usize): f32 {
  let sum = f32x4.splat(0)
  for (let at: usize = 0; at < sizeBytes; at += 16) sum = multiplyAdd(v128.load(a + at), v128.load(b + at), sum)
  return sumLanes(sum)
}

/** target += factor * source, over `sizeBytes` (a multiple of 16). */
export function addScaled(factor: v128, source: usize, target: usize, sizeBytes: usize): void {
  for (let at: usize = 0; at < sizeBytes; at += 16) {
    v128.store(target + at, multiplyAdd(factor, v128.load(source + at), v128.load(target + at)))
  }
}
