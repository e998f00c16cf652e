// Instants as text, beside what Date makes of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toIso } from './index.ts'

test('TIME1 an instant is written as Date writes it: every day of a thousand years, and far off', () => {
  for (let day = -200_000; day < 200_000; day += 1) {
    const epochMs = day * 86_400_000 + ((day * 7_919_777) % 86_400_000)
    assert.equal(toIso(epochMs), new Date(epochMs).toISOString())
  }
  for (const epochMs of [-62_135_596_800_000, -62_135_596_800_001, 253_402_300_799_999, 253_402_300_800_000, 8.64e15, -8.64e15, -1, 0, -0, 0.5, -1.5]) assert.equal(toIso(epochMs), new Date(epochMs).toISOString())
})

test('TIME2 what is no instant is refused', () => {
  for (const epochMs of [Number.NaN, Infinity, 8.64e15 + 1]) assert.throws(() => toIso(epochMs), RangeError)
})
