// The definition of the model against what the room reads.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACT_KINDS } from './act.ts'
import { discoverWeekly, TASTE } from './model-definition.ts'

test('RE34 the definition names every act that is followed, the items, and the dataset that is learned from', () => {
  assert.deepEqual(discoverWeekly.learnsFrom, [TASTE])
  assert.deepEqual(new Set(discoverWeekly.follows), new Set(['track-released', ...ACT_KINDS.keys()]))
})
