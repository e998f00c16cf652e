// The planted difference, without a platform: a list that fits earns more than what is popular, and nothing in an A/A world.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { createCatalogue, type Track } from '../src/catalogue/catalogue.ts'
import { GENRES } from '../src/catalogue/genres.ts'
import { computeFinishChance, computeFit, computeSaveChance, createResponseModel, type ResponseModel } from '../src/listening/response.ts'
import { createTraits, type Traits } from '../src/listening/traits.ts'
import { START_MS } from './worlds.ts'

const SEED = 7
const catalogue = createCatalogue({ seed: SEED, artists: 160, tracks: 800, releasesAWeek: 8, startMs: START_MS })
const listeners = Array.from({ length: 200 }, (_, i) => createTraits(SEED, i, catalogue.genreVectors))

/** Expected saves of a list heard whole: Σ P(heard to the end) · P(saved | heard to the end). */
function computeExpectedSaves(traits: Traits, list: Track[], response: ResponseModel): number {
  return list.reduce((sum, track) => {
    const [fit, quality] = [response.fit(traits, track), response.quality(track)]
    return sum + computeFinishChance('popularity', fit, quality) * computeSaveChance(fit, quality)
  }, 0)
}

function listPopular(): Track[] {
  const random = createRandom('plays')
  const plays = new Map<number, number>()
  for (let i = 0; i < 100_000; i += 1) {
    const track = catalogue.draw(i % GENRES.length, random)
    plays.set(track, (plays.get(track) ?? 0) + 1)
  }
  return [...plays].sort((a, b) => b[1] - a[1]).slice(0, 30).map(([track]) => catalogue.tracks[track] as Track)
}

const listFitting = (traits: Traits): Track[] => catalogue.tracks.toSorted((a, b) => computeFit(traits, b) - computeFit(traits, a)).slice(0, 30)

function compare(tasteBlind: boolean): { fitting: number; popular: number } {
  const response = createResponseModel({ seed: SEED, tasteBlind })
  const popular = listPopular()
  const mean = (listOf: (traits: Traits) => Track[]): number => listeners.reduce((sum, traits) => sum + computeExpectedSaves(traits, listOf(traits), response), 0) / listeners.length
  return { fitting: mean(listFitting), popular: mean(() => popular) }
}

test('LI8 a list ranked by fit earns more than twice the saves of a popular one', () => {
  const { fitting, popular } = compare(false)
  assert.ok(fitting > 2 * popular, `${fitting} saves of a fitting list, ${popular} of a popular one`)
})

test('LI9 in a taste-blind world both earn the same', () => {
  const { fitting, popular } = compare(true)
  assert.ok(Math.abs(fitting / popular - 1) < 0.03, `${fitting} and ${popular}`)
})

test('LI10 chances rise with fit and quality, and known tracks are heard out more than offered ones', () => {
  assert.ok(computeFinishChance('radio', 1, 0) > computeFinishChance('radio', 0, 0))
  assert.ok(computeFinishChance('radio', 0, 1) > computeFinishChance('radio', 0, 0))
  assert.ok(computeFinishChance('library', 0, 0) > computeFinishChance('discover-weekly', 0, 0))
  assert.equal(computeFinishChance('discover-weekly', 1, 1), computeFinishChance('popularity', 1, 1))
  assert.ok(computeSaveChance(2, 0) > computeSaveChance(0, 0))
})

test('LI11 popularity has a long tail: a tenth of the tracks takes more than a third of the draws and less than nine tenths', () => {
  const random = createRandom('tail')
  const plays = new Map<number, number>()
  for (let i = 0; i < 50_000; i += 1) {
    const track = catalogue.draw(i % GENRES.length, random)
    plays.set(track, (plays.get(track) ?? 0) + 1)
  }
  const top = [...plays.values()].sort((a, b) => b - a).slice(0, 80).reduce((sum, count) => sum + count, 0) / 50_000
  assert.ok(top > 0.33 && top < 0.9, `${top}`)
})

test('LI12 names, ids and lengths are plausible, and artists are called differently', () => {
  assert.deepEqual(catalogue.tracks.slice(0, 2).map(({ trackId }) => trackId), ['track-00001', 'track-00002'])
  const artists = new Map(catalogue.tracks.map(({ artistId, artistName }) => [artistId, artistName]))
  assert.equal(new Set(artists.values()).size, artists.size)
  assert.equal(artists.size, 160)
  assert.ok(catalogue.tracks.every(({ title, trackMs, artistId }) => title.length > 2 && trackMs >= 100_000 && trackMs <= 480_000 && /^artist-\d{4}$/.test(artistId)))
  assert.equal(catalogue.findTrack('track-00007')?.index, 6)
  assert.equal(catalogue.findTrack('movie-7'), undefined)
})
