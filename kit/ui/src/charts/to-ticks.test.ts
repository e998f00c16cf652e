/// <reference types="node" />
// Labels of an axis of time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toTicks } from './to-ticks.ts'

test('UI39 an axis of time is labelled at instants that were measured, each once', () => {
  assert.deepEqual(toTicks([0, 1, 2, 3, 4, 5, 6, 7], 4), [0, 2, 3, 5, 7])
  assert.deepEqual(toTicks([0, 100], 4), [0, 100])
  assert.deepEqual(toTicks([7], 2), [7])
  assert.deepEqual(toTicks([], 4), [])
})
