// Gamma functions: tails of chi-square, and what Student's t needs.

// C. Lanczos, SIAM J. Numer. Anal. 1 (1964), with g = 7 and 9 terms (P. Godfrey).
const LANCZOS = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7]

/** ln Γ(x), x > 0. */
export function computeLogGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - computeLogGamma(1 - x)
  const z = x - 1
  const sum = LANCZOS.reduce((total, coefficient, i) => (i === 0 ? coefficient : total + coefficient / (z + i)), 0)
  const t = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

/** Q(a, x) = Γ(a, x) / Γ(a): by series below a + 1, by Lentz's continued fraction above (Numerical Recipes 6.2). */
export function computeUpperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  const factor = Math.exp(a * Math.log(x) - x - computeLogGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 10_000 && Math.abs(term) > Math.abs(sum) * 1e-17; n += 1) {
      term *= x / (a + n)
      sum += term
    }
    return 1 - sum * factor
  }
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < 10_000; i += 1) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (an * d + b || 1e-300)
    c = b + an / c || 1e-300
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return h * factor
}

/** P(X > x) of chi-square with `df` degrees of freedom. */
export const computeChiSquareTail = (x: number, df: number): number => computeUpperGamma(df / 2, x / 2)
