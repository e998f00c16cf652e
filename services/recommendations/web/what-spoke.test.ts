// Shares of what spoke for tracks, and the words for them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { averageSources, describeSources, nameLoudest } from './what-spoke.ts'

test('RCW1 the shares of a list are the means of its tracks’ and add up to 1', () => {
  const mean = averageSources([{ sources: { people: 1, popularity: 0, freshness: 0 } }, { sources: { people: 0.5, popularity: 0.25, freshness: 0.25 } }])
  assert.deepEqual(mean, { people: 0.75, popularity: 0.125, freshness: 0.125 })
  assert.deepEqual(averageSources([]), { people: 0, popularity: 0, freshness: 0 })
})

test('RCW2 the loudest voice is named; two that are nearly even are both named', () => {
  assert.equal(nameLoudest({ people: 0.8, popularity: 0.2, freshness: 0 }), 'mostly people')
  assert.equal(nameLoudest({ people: 0.47, popularity: 0.5, freshness: 0.03 }), 'popularity, people')
  assert.equal(nameLoudest({ people: 0, popularity: 1, freshness: 0 }), 'mostly popularity')
  assert.equal(nameLoudest({ people: 0, popularity: 0, freshness: 0 }), 'nothing yet')
})

test('RCW3 only what spoke is described', () => {
  assert.equal(describeSources({ people: 0.949, popularity: 0.051, freshness: 0 }), 'People 95\u202f%, Popularity 5\u202f%')
})
