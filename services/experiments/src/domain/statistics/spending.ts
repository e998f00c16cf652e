// How much of the error may be spent by each share of the information (K. K. G. Lan and D. L. DeMets, Biometrika 70, 1983).
import { computeNormalTail, computeNormalTailQuantile } from './normal.ts'

export type Spending = { kind: 'obf' } | { kind: 'pocock' } | { kind: 'power'; phi: number } | { kind: 'hwang-shih-decani'; phi: number }

/** Error of one side spent by information fraction `t` (0–1), of `alpha` in all. */
export function computeSpent(spending: Spending, t: number, alpha: number): number {
  if (t <= 0) return 0
  const fraction = Math.min(1, t)
  if (spending.kind === 'obf') return 2 * computeNormalTail(computeNormalTailQuantile(alpha / 2) / Math.sqrt(fraction))
  if (spending.kind === 'pocock') return alpha * Math.log1p((Math.E - 1) * fraction)
  if (spending.kind === 'power') return alpha * fraction ** spending.phi
  if (spending.phi === 0) return alpha * fraction
  return (alpha * -Math.expm1(-spending.phi * fraction)) / -Math.expm1(-spending.phi)
}
