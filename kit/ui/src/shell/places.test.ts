// Which place of the navigation is lit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf, places } from './places.ts'

test('EV140 a page belongs to the place that begins its path, and that of a person to Events', () => {
  const lit = ['/', '/events', '/events/track-played/dead', '/erasure', '/erasures', '/data/x'].map((path) => placeOf(path, places)?.label)
  assert.deepEqual(lit, ['Loop', 'Events', 'Events', 'Events', undefined, 'Data'])
})
