// The names that a slip of the hand may have meant.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { listClosest, sortByCloseness } from './list-closest.ts'

const DATASETS = ['taste-weekly', 'track-played', 'track-saved', 'track-skipped', 'user-metrics-daily']

it('finds a slip, another notation and a part of a name, and nothing for what is far from all', () => {
  assert.deepEqual(listClosest('track_playd', DATASETS), ['track-played'])
  assert.deepEqual(listClosest('user', DATASETS), ['user-metrics-daily'])
  assert.deepEqual(listClosest('upp', ['up', 'serve', 'sql']), ['up'])
  assert.deepEqual(listClosest('nothere', DATASETS), [])
  assert.deepEqual(listClosest('track-sved', DATASETS), ['track-saved'])
})

it('orders all names by how few letters differ', () => {
  assert.deepEqual(sortByCloseness('track_savd', DATASETS).slice(0, 2), ['track-saved', 'track-played'])
  assert.equal(sortByCloseness('', DATASETS).length, DATASETS.length)
})
