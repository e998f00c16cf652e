/// <reference types="node" />
// Notes on a staff.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUnusual, staffPosition } from './staff-position.ts'

test('UI9 the middle line is the usual, the outer lines are two spreads away', () => {
  assert.equal(staffPosition({ value: 100, usual: 100, spread: 10 }), 0)
  assert.equal(staffPosition({ value: 120, usual: 100, spread: 10 }), 1)
  assert.equal(staffPosition({ value: 80, usual: 100, spread: 10 }), -1)
  assert.equal(isUnusual({ value: 120, usual: 100, spread: 10 }), false)
  assert.equal(isUnusual({ value: 121, usual: 100, spread: 10 }), true)
})

test('UI25 what never varies stands on the middle line, and is unusual only for a change worth seeing', () => {
  for (const spread of [0, null, 1]) {
    assert.equal(staffPosition({ value: 3_599_000, usual: 3_599_000, spread }), 0)
    assert.equal(isUnusual({ value: 3_600_000, usual: 3_599_000, spread }), false)
    assert.equal(isUnusual({ value: 3_600_000 * 1.09, usual: 3_600_000, spread }), false)
    assert.equal(isUnusual({ value: 3_600_000 * 1.11, usual: 3_600_000, spread }), true)
  }
  assert.equal(staffPosition({ value: 0, usual: 0, spread: 0 }), 0)
  assert.equal(isUnusual({ value: 5, usual: 0, spread: 0 }), true)
})

test('UI10 without a usual there is no note, and far values stay beside the staff', () => {
  assert.equal(staffPosition({ value: 5, usual: null, spread: null }), null)
  assert.equal(staffPosition({ value: 1e9, usual: 100, spread: 10 }), 1.35)
  assert.equal(staffPosition({ value: 3, usual: 3, spread: 0 }), 0)
  assert.equal(staffPosition({ value: 2, usual: 3, spread: 0 }), -1.35)
})
