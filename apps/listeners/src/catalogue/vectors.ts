// Directions in the latent space that tastes and tracks share.
import type { Random } from '@rondo/random'

export const DIMENSIONS = 16

export type Vector = Float64Array

/** Uniform on the unit sphere: normals, scaled to length 1. */
export function drawDirection(random: Random): Vector {
  return normalize(Float64Array.from({ length: DIMENSIONS }, () => random.normal()))
}

/** Σ weightᵢ·vectorᵢ, scaled to length 1. */
export function mix(...parts: [weight: number, vector: Vector][]): Vector {
  const sum = new Float64Array(DIMENSIONS)
  for (const [weight, vector] of parts) for (let i = 0; i < DIMENSIONS; i += 1) sum[i] = (sum[i] as number) + weight * (vector[i] as number)
  return normalize(sum)
}

export function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (let i = 0; i < DIMENSIONS; i += 1) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function normalize(vector: Vector): Vector {
  const norm = Math.sqrt(dot(vector, vector))
  return vector.map((value) => value / norm)
}
