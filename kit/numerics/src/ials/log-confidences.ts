// From counts of plays to confidences: a hundred plays say more than one, but not a hundred times more.
import { type CsrMatrix, mapValues } from '../matrix/csr-matrix.ts'

/** sign(r) log(1 + |r|), divided by its mean magnitude over all entries, so that `alpha0` means the same whatever the unit of r. */
export function computeLogConfidences(interactions: CsrMatrix): CsrMatrix {
  const { values } = interactions
  const sum = values.reduce((total, value) => total + Math.log1p(Math.abs(value)), 0)
  const mean = sum > 0 ? sum / values.length : 1
  return mapValues(interactions, (value) => (Math.sign(value) * Math.log1p(Math.abs(value))) / mean)
}
