// Student's t: tail and quantile, for Welch's intervals.
import { computeLogGamma } from './incomplete-gamma.ts'
import { computeNormalTailQuantile } from './normal.ts'

/** P(T > t) with `df` degrees of freedom (may be fractional). */
export function computeStudentTail(t: number, df: number): number {
  const half = 0.5 * computeBeta(df / 2, 0.5, df / (df + t * t))
  return t >= 0 ? half : 1 - half
}

/** t with P(T > t) = p, by safeguarded Newton steps from the normal quantile. */
export function computeStudentTailQuantile(p: number, df: number): number {
  if (p > 0.5) return -computeStudentTailQuantile(1 - p, df)
  let low = 0
  let high = 1
  while (computeStudentTail(high, df) > p && high < 1e12) high *= 2
  let t = Math.min(high, computeNormalTailQuantile(p))
  const logDensity = computeLogGamma((df + 1) / 2) - computeLogGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  for (let i = 0; i < 100; i += 1) {
    const excess = computeStudentTail(t, df) - p
    if (excess > 0) low = t
    else high = t
    const density = Math.exp(logDensity - ((df + 1) / 2) * Math.log1p((t * t) / df))
    let next = t + excess / density
    if (!(next > low && next < high)) next = (low + high) / 2
    if (Math.abs(next - t) <= 1e-15 * Math.abs(t)) return next
    t = next
  }
  return t
}

/** Regularised incomplete beta I_x(a, b) by Lentz's continued fraction (Numerical Recipes 6.4). */
function computeBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - computeBeta(b, a, 1 - x)
  const factor = Math.exp(computeLogGamma(a + b) - computeLogGamma(a) - computeLogGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || 1e-300)
  let h = d
  for (let m = 1; m < 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || 1e-300)
    c = 1 + even / c || 1e-300
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || 1e-300)
    c = 1 + odd / c || 1e-300
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return (factor * h) / a
}
