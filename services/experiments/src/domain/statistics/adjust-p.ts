// p values corrected for having asked several questions.

export type AdjustMethod = 'bonferroni' | 'sidak' | 'holm' | 'hochberg' | 'benjamini-hochberg' | 'benjamini-yekutieli'

/** In the order of `p`; each at most 1. Holm (1979), Hochberg (1988), Benjamini and Hochberg (1995), Benjamini and Yekutieli (2001). */
export function adjustP(p: readonly number[], method: AdjustMethod): number[] {
  const m = p.length
  if (method === 'bonferroni') return p.map((value) => Math.min(1, value * m))
  if (method === 'sidak') return p.map((value) => -Math.expm1(m * Math.log1p(-value)))
  const order = p.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value)
  const adjusted = new Array<number>(m).fill(1)
  if (method === 'holm') {
    let worst = 0
    for (const [rank, { value, i }] of order.entries()) adjusted[i] = worst = Math.max(worst, Math.min(1, value * (m - rank)))
    return adjusted
  }
  const harmonic = method === 'benjamini-yekutieli' ? p.reduce((sum, _, i) => sum + 1 / (i + 1), 0) : 1
  let best = 1
  for (let rank = m - 1; rank >= 0; rank -= 1) {
    const { value, i } = order[rank] as { value: number; i: number }
    const factor = method === 'hochberg' ? m - rank : (m * harmonic) / (rank + 1)
    adjusted[i] = best = Math.min(best, value * factor)
  }
  return adjusted
}
