// Intervals that hold at every look at once, where the final size is not known.

/** Half width of the asymptotic confidence sequence with a normal mixture, tuned for `tunedFor` units in all
 * (I. Waudby-Smith et al., arXiv:2103.06476v7, equations 9 and 161; as gbstats). `n` counts both arms. */
export function computeConfidenceSequence(estimate: number, se: number, n: number, alpha: number, tunedFor: number): { ciLower: number; ciUpper: number; p: number } {
  const rhoSquared = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tunedFor
  const growth = n * rhoSquared + 1
  const half = se * Math.sqrt((2 * growth * Math.log(Math.sqrt(growth) / alpha)) / (n * rhoSquared))
  const p = Math.min(1, Math.sqrt(growth) * Math.exp((-0.5 * (estimate / se) ** 2 * (growth - 1)) / growth))
  return { ciLower: estimate - half, ciUpper: estimate + half, p }
}
