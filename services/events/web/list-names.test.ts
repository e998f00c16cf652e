// Names of dead letters of no known type.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listNames } from './list-names.ts'

test('EVW10 the commonest names that a type could have lead on; the others are counted or left in the list of all', () => {
  const types = [{ type: 'search', count: 2 }, { type: 'unknown', count: 9 }, { type: 'Song Played!', count: 8 }, { type: 'play.started', count: 5 }, { type: 'x', count: 1 }]
  assert.deepEqual(listNames(types, 2), { named: [{ type: 'play.started', count: 5 }, { type: 'search', count: 2 }], more: 1 })
  assert.deepEqual(listNames([], 2), { named: [], more: 0 })
})
