// Group sequential bounds by recursive integration of the statistic's density over the looks before
// (P. Armitage, C. K. McPherson, B. C. Rowe, J. R. Statist. Soc. A 132, 1969), for a given spending of the error.
import { computeNormalDensity, computeNormalTail, computeNormalTailQuantile } from './normal.ts'
import { computeSpent, type Spending } from './spending.ts'

export type BoundsQuestion = { informationFractions: readonly number[]; alpha: number; sides: 1 | 2; spending: Spending }
export type Bounds = { upperZ: number[]; /** Over both sides. */ cumulativeAlpha: number[]; /** Of one look on its own. */ nominalP: number[] }

type Density = { z: Float64Array; mass: Float64Array }

/** A statistic beyond this happens with probability below 1e-308: such a look can stop nothing. */
const NEVER = 37.5
/** Lower end where nothing stops below. */
const OPEN_SIDE = -9
const NODES = makeLegendreNodes(10)

/** Two sides are symmetric, each with half of alpha. Fractions must grow and lie in (0, 1]; throws RangeError. */
export function computeSequentialBounds({ informationFractions: t, alpha, sides, spending }: BoundsQuestion): Bounds {
  const sideAlpha = alpha / sides
  const bounds: Bounds = { upperZ: [], cumulativeAlpha: [], nominalP: [] }
  let density: Density | undefined
  let spent = 0
  for (const [k, fraction] of t.entries()) {
    const before = t[k - 1] ?? 0
    if (!(fraction > before && fraction <= 1 + 1e-12)) throw new RangeError(`informationFractions/${k}: "${fraction}" does not grow within (0, 1].`)
    const total = computeSpent(spending, fraction, sideAlpha)
    const upper = density === undefined ? Math.min(NEVER, computeNormalTailQuantile(total)) : findBound(density, before, fraction, total - spent)
    spent = total
    const lower = sides === 2 ? -upper : OPEN_SIDE
    if (k < t.length - 1) {
      const next = t[k + 1] ?? 1
      density = propagate(density, before, fraction, Math.max(lower, OPEN_SIDE), Math.min(upper, -OPEN_SIDE), Math.sqrt((next - fraction) / next))
    }
    bounds.upperZ.push(upper)
    bounds.cumulativeAlpha.push(total * sides)
    bounds.nominalP.push(Math.min(1, sides * computeNormalTail(upper)))
  }
  return bounds
}

/** Density of the statistic where the experiment goes on, as masses at Gauss-Legendre nodes; cells no wider than the next step's kernel. */
function propagate(density: Density | undefined, before: number, now: number, lower: number, upper: number, kernel: number): Density {
  const cells = Math.max(4, Math.ceil((upper - lower) / Math.max(0.02, 3 * kernel)))
  const width = (upper - lower) / cells
  const z = new Float64Array(cells * NODES.x.length)
  const mass = new Float64Array(z.length)
  const scale = Math.sqrt(now / (now - before))
  const carry = Math.sqrt(before / (now - before))
  let at = 0
  for (let cell = 0; cell < cells; cell += 1) {
    for (let i = 0; i < NODES.x.length; i += 1, at += 1) {
      const point = lower + width * (cell + 0.5 + 0.5 * (NODES.x[i] as number))
      let value = 0
      if (density === undefined) value = computeNormalDensity(point)
      else {
        for (let j = 0; j < density.z.length; j += 1) value += (density.mass[j] as number) * computeNormalDensity(point * scale - (density.z[j] as number) * carry)
        value *= scale
      }
      z[at] = point
      mass[at] = value * 0.5 * width * (NODES.w[i] as number)
    }
  }
  return { z, mass }
}

/** The bound that is crossed now, and not before, with probability `alpha`: Newton steps inside a bracket. */
function findBound(density: Density, before: number, now: number, alpha: number): number {
  if (alpha <= 0) return NEVER
  const scale = Math.sqrt(now / (now - before))
  const carry = Math.sqrt(before / (now - before))
  let low = -NEVER
  let high = NEVER
  let bound = Math.min(NEVER, computeNormalTailQuantile(Math.min(0.5, alpha)))
  for (let i = 0; i < 200; i += 1) {
    let crossed = 0
    let slope = 0
    for (let j = 0; j < density.z.length; j += 1) {
      const x = bound * scale - (density.z[j] as number) * carry
      crossed += (density.mass[j] as number) * computeNormalTail(x)
      slope += (density.mass[j] as number) * computeNormalDensity(x)
    }
    if (crossed > alpha) low = bound
    else high = bound
    // Newton on the logarithm: far out in the tail it is nearly straight.
    let next = crossed > 0 && slope > 0 ? bound + (Math.log(crossed / alpha) * crossed) / (slope * scale) : (low + high) / 2
    if (!(next > low && next < high)) next = (low + high) / 2
    if (Math.abs(next - bound) < 1e-12 * Math.max(1, Math.abs(bound))) return next
    bound = next
  }
  return bound
}

/** Nodes and weights on [−1, 1], by Newton steps on the Legendre polynomial. */
function makeLegendreNodes(n: number): { x: Float64Array; w: Float64Array } {
  const x = new Float64Array(n)
  const w = new Float64Array(n)
  for (let i = 0; i < n; i += 1) {
    let node = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let derivative = 1
    for (let step = 0; step < 100; step += 1) {
      let previous = 1
      let value = node
      for (let k = 2; k <= n; k += 1) [previous, value] = [value, ((2 * k - 1) * node * value - (k - 1) * previous) / k]
      derivative = (n * (node * value - previous)) / (node * node - 1)
      const move = value / derivative
      node -= move
      if (Math.abs(move) < 1e-16) break
    }
    x[i] = node
    w[i] = 2 / ((1 - node * node) * derivative * derivative)
  }
  return { x, w }
}
