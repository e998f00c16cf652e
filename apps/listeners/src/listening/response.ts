// How a listener answers to a track: logistic in how well it fits, how good it is, and where it came from.
//
//   fit z = taste · track / 0.25      (0.25 = standard deviation of the dot of two random unit vectors in 16 dimensions)
//   P(heard to the end) = σ(b + 0.5 z + 0.25 q),  P(saved | heard to the end) = σ(s + 0.6 z + 0.25 q)
import { createRandom } from '@rondo/random'
import { dot } from '../catalogue/vectors.ts'
import type { Track } from '../catalogue/catalogue.ts'
import type { Traits } from './traits.ts'

export type Source = 'discover-weekly' | 'popularity' | 'search' | 'library' | 'radio'

/** In a taste-blind world listeners answer to chance of the same spread, so that no list can be better than another. */
export type ResponseModel = { fit(traits: Traits, track: Track): number; quality(track: Track): number }

export function createResponseModel(options: { seed: number; tasteBlind: boolean }): ResponseModel {
  if (!options.tasteBlind) return { fit: computeFit, quality: (track) => track.quality }
  return {
    fit: (traits, track) => createRandom(`${options.seed}/blind/${traits.userId}/${track.trackId}`).normal(),
    quality: () => 0,
  }
}

/** In standard deviations of chance. */
export function computeFit(traits: Traits, track: Track): number {
  return dot(traits.taste, track.vector) * 4
}

/** Known tracks are heard out, foreign lists are tried. */
const FINISH_BASE: Record<Source, number> = { library: 0.4, search: 0.2, radio: -0.4, 'discover-weekly': -0.6, popularity: -0.6 }
const SAVE_BASE = -4.2
const ADD_BASE = -4.6

export function computeFinishChance(source: Source, fit: number, quality: number): number {
  return sigmoid(FINISH_BASE[source] + 0.5 * fit + 0.25 * quality)
}

export function computeSaveChance(fit: number, quality: number): number {
  return sigmoid(SAVE_BASE + 0.6 * fit + 0.25 * quality)
}

export function computeAddChance(fit: number, quality: number): number {
  return sigmoid(ADD_BASE + 0.6 * fit + 0.25 * quality)
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
