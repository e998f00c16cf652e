// What counts as a habit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS } from '@rondo/time'
import { toUsualGap } from './find-habits.ts'

test('EV16 a type that has only begun has no habit, and one that comes in bursts is quiet between them', () => {
  assert.equal(toUsualGap({ hours: 11, firstMs: 0, lastMs: 55 * HOUR_MS, longestGapMs: 24 * HOUR_MS }), undefined)
  assert.equal(toUsualGap({ hours: 11, firstMs: 0, lastMs: 7 * DAY_MS + HOUR_MS, longestGapMs: 7 * DAY_MS - 8 * HOUR_MS }), 7 * DAY_MS - 8 * HOUR_MS)
  assert.equal(toUsualGap({ hours: 150, firstMs: 0, lastMs: 149 * HOUR_MS, longestGapMs: HOUR_MS }), HOUR_MS)
  assert.equal(toUsualGap({ hours: 6, firstMs: 0, lastMs: 7 * DAY_MS, longestGapMs: 2 * DAY_MS }), undefined)
})
