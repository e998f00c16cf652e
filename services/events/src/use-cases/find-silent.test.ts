// What counts as a habit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS } from '@rondo/time'
import { computeUsualGaps } from './find-silent.ts'

const hoursAt = (...starts: number[]) => starts.map((hour) => ({ type: 'flag-exposed', startMs: hour * HOUR_MS, delivered: 1, duplicates: 0, dead: 0, lagMs: null }))

test('EV16 a type that has only begun has no habit, and one that comes in bursts is quiet between them', () => {
  const burst = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  assert.equal(computeUsualGaps(hoursAt(...burst, 31, 55)).get('flag-exposed'), undefined)
  assert.equal(computeUsualGaps(hoursAt(...burst, 7 * 24, 7 * 24 + 1)).get('flag-exposed'), 7 * DAY_MS - 8 * HOUR_MS)
  assert.equal(computeUsualGaps(hoursAt(...Array.from({ length: 150 }, (_, hour) => hour))).get('flag-exposed'), HOUR_MS)
})
